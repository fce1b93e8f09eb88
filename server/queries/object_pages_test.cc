#include "server/queries/object_pages.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/queries/stored_pipeline_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

v1::QueryObjectsInput Input(const std::string& sphere) {
  v1::QueryObjectsInput input;
  input.set_sphere(sphere);
  return input;
}

v1::QueryObjectsInput WithStatus(const std::string& sphere,
                                 const std::string& status) {
  v1::QueryObjectsInput input = Input(sphere);
  v1::Selector* selector = input.mutable_query()->add_selectors();
  selector->set_field_name("@status");
  selector->mutable_operator_()->add_values(status);
  return input;
}

// Activities that have nothing to do with each other, the second of which comes
// first by id.
Definition Activities() {
  return Make({{"Default", {{"schedule", Ref("Hourly")}, {"workerGroup", "g"}}},
               {"Hourly",
                {{"type", "Schedule"},
                 {"period", "1 hour"},
                 {"startDateTime", "2012-12-12T00:00:00"}}},
               {"B", {{"type", "ShellCommandActivity"}, {"command", "b"}}},
               {"A", {{"type", "ShellCommandActivity"}, {"command", "a"}}}});
}

class ObjectPages : public testing::Test {
 protected:
  ObjectPages() { stored_.Save(Activities()); }

  ObjectIdPage Read(const v1::QueryObjectsInput& input,
                    const std::string& marker, int limit) {
    auto pipeline = PipelineReader::Find(
        &stored_.archive(), StoredPipeline::account(), "df-1", Reach());
    EXPECT_TRUE(pipeline.ok()) << pipeline.status();
    const auto page =
        ReadObjectIds(&*pipeline, *ObjectQuery::Read(input), marker, limit);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.ok() ? *page : ObjectIdPage();
  }

  // All pages, one after the other; no marker may come twice.
  std::vector<std::string> ReadAll(const v1::QueryObjectsInput& input,
                                   int limit) {
    std::vector<std::string> ids;
    std::vector<std::string> markers = {""};
    while (true) {
      const ObjectIdPage page = Read(input, markers.back(), limit);
      EXPECT_LE(page.ids.size(), static_cast<size_t>(limit));
      ids.insert(ids.end(), page.ids.begin(), page.ids.end());
      if (page.marker.empty()) return ids;
      EXPECT_THAT(markers, testing::Not(testing::Contains(page.marker)));
      markers.push_back(page.marker);
      if (markers.size() > 1000) break;
    }
    ADD_FAILURE() << "there is no last page";
    return ids;
  }

  StoredPipeline stored_;
};

TEST_F(ObjectPages, OfAPipelineWithoutObjectsAreEmpty) {
  StoredPipeline empty;
  auto pipeline = PipelineReader::Find(
      &empty.archive(), StoredPipeline::account(), "df-1", Reach());
  for (const char* sphere : {"COMPONENT", "INSTANCE", "ATTEMPT"}) {
    const auto page =
        ReadObjectIds(&*pipeline, *ObjectQuery::Read(Input(sphere)), "", 100);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_THAT(page->ids, IsEmpty());
    EXPECT_EQ(page->marker, "");
  }
}

TEST_F(ObjectPages, ComponentsAreInTheOrderOfTheDefinition) {
  for (const int limit : {1, 2, 3, 4, 100}) {
    EXPECT_THAT(ReadAll(Input("COMPONENT"), limit),
                ElementsAre("Default", "Hourly", "B", "A"));
  }
}

TEST_F(ObjectPages, ComponentsGoOnInTheDefinitionOfTheFirstPage) {
  const ObjectIdPage first = Read(Input("COMPONENT"), "", 2);
  Definition other = Activities();
  other.objects.insert(other.objects.begin(), {"New", "New", {}});
  stored_.Save(other, false);
  EXPECT_THAT(Read(Input("COMPONENT"), first.marker, 2).ids,
              ElementsAre("B", "A"));
  EXPECT_THAT(Read(Input("COMPONENT"), "", 1).ids, ElementsAre("New"));
}

TEST_F(ObjectPages, InstancesRiseByStartAndId) {
  for (const char* start : {"2012-12-12T01:00:00", "2012-12-12T00:00:00"}) {
    stored_.Put(stored_.NewInstance(start, 1));
    stored_.Put(stored_.NewInstance(start, 2));
  }
  for (const int limit : {1, 2, 3, 4, 100}) {
    EXPECT_THAT(ReadAll(Input("INSTANCE"), limit),
                ElementsAre("@A_2012-12-12T00:00:00", "@B_2012-12-12T00:00:00",
                            "@A_2012-12-12T01:00:00", "@B_2012-12-12T01:00:00"))
        << limit;
  }
}

TEST_F(ObjectPages, WhatIsNewMeanwhileMovesNothing) {
  stored_.Put(stored_.NewInstance("2012-12-12T01:00:00", 1));
  stored_.Put(stored_.NewInstance("2012-12-12T02:00:00", 1));
  const ObjectIdPage first = Read(Input("INSTANCE"), "", 1);
  EXPECT_THAT(first.ids, ElementsAre("@B_2012-12-12T01:00:00"));
  stored_.Put(stored_.NewInstance("2012-12-12T00:00:00", 1));
  stored_.Put(stored_.NewInstance("2012-12-12T01:00:00", 2));
  EXPECT_THAT(Read(Input("INSTANCE"), first.marker, 1).ids,
              ElementsAre("@B_2012-12-12T02:00:00"));
}

TEST_F(ObjectPages, AttemptsRiseByInstanceAndNumber) {
  for (const uint32_t component : {1, 2}) {
    Instance instance = stored_.NewInstance("2012-12-12T00:00:00", component);
    instance.attempts = 11;
    stored_.Put(instance);
    for (const int number : {2, 10}) {
      Attempt attempt;
      attempt.key = {instance.key, number};
      attempt.ready_at = instance.created_at;
      stored_.Put(attempt);
    }
  }
  for (const int limit : {1, 2, 3, 100}) {
    EXPECT_THAT(ReadAll(Input("ATTEMPT"), limit),
                ElementsAre("@A_2012-12-12T00:00:00_Attempt=2",
                            "@A_2012-12-12T00:00:00_Attempt=10",
                            "@B_2012-12-12T00:00:00_Attempt=2",
                            "@B_2012-12-12T00:00:00_Attempt=10"))
        << limit;
  }
}

TEST_F(ObjectPages, FewAmongManyAreFound) {
  const absl::Time start = At("2012-12-12T00:00:00");
  for (int hour = 0; hour < 6000; ++hour) {
    Instance instance =
        stored_.NewInstance(FieldTime(start + absl::Hours(hour)), 1);
    const bool failed = hour == 17 || hour == 5999;
    instance.status = failed ? RunStatus::kFailed : RunStatus::kFinished;
    instance.ended_at = instance.created_at;
    stored_.Put(instance);
  }
  EXPECT_THAT(
      ReadAll(WithStatus("INSTANCE", "FAILED"), 100),
      ElementsAre(absl::StrCat("@B_", FieldTime(start + absl::Hours(17))),
                  absl::StrCat("@B_", FieldTime(start + absl::Hours(5999)))));
  EXPECT_THAT(ReadAll(WithStatus("INSTANCE", "FINISHED"), 100), SizeIs(5998));
}

TEST_F(ObjectPages, ManyAttemptsThatDoNotMatchTakeSeveralPages) {
  // What the filter of the store lets through, and the conditions do not.
  Instance instance = stored_.NewInstance("2012-12-12T00:00:00", 1);
  instance.attempts = 3000;
  stored_.Put(instance);
  for (int number = 1; number <= 3000; ++number) {
    Attempt attempt;
    attempt.key = {instance.key, number};
    attempt.ready_at = instance.created_at;
    stored_.Put(attempt);
  }
  v1::QueryObjectsInput input = Input("ATTEMPT");
  v1::Selector* selector = input.mutable_query()->add_selectors();
  selector->set_field_name("name");
  selector->mutable_operator_()->add_values(
      "@B_2012-12-12T00:00:00_Attempt=3000");
  EXPECT_THAT(ReadAll(input, 1),
              ElementsAre("@B_2012-12-12T00:00:00_Attempt=3000"));
}

TEST_F(ObjectPages, AMarkerOfAnotherSphereIsRefused) {
  const ObjectIdPage page = Read(Input("COMPONENT"), "", 1);
  auto pipeline = PipelineReader::Find(
      &stored_.archive(), StoredPipeline::account(), "df-1", Reach());
  for (const char* sphere : {"INSTANCE", "ATTEMPT"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ReadObjectIds(&*pipeline, *ObjectQuery::Read(Input(sphere)),
                      page.marker, 1)
            .status()));
  }
}

}  // namespace
}  // namespace holdline
