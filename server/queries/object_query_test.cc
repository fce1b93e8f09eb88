#include "server/queries/object_query.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Optional;

v1::QueryObjectsInput Input(const std::string& text,
                            const std::string& sphere = "INSTANCE") {
  v1::QueryObjectsInput input;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &input));
  input.set_sphere(sphere);
  return input;
}

// One selector, such as `@status`, `EQ`, {`FINISHED`}.
v1::QueryObjectsInput Select(const std::string& field, const std::string& type,
                             const std::vector<std::string>& values,
                             const std::string& sphere = "INSTANCE") {
  v1::QueryObjectsInput input =
      Input("query { selectors { operator { type: " + type + " } } }", sphere);
  v1::Selector* selector = input.mutable_query()->mutable_selectors(0);
  selector->set_field_name(field);
  for (const std::string& value : values) {
    selector->mutable_operator_()->add_values(value);
  }
  return input;
}

ObjectQuery Read(const v1::QueryObjectsInput& input) {
  const auto query = ObjectQuery::Read(input);
  EXPECT_TRUE(query.ok()) << query.status();
  return query.ok() ? *query : ObjectQuery();
}

std::string ErrorOf(const v1::QueryObjectsInput& input) {
  const auto query = ObjectQuery::Read(input);
  EXPECT_TRUE(absl::IsInvalidArgument(query.status())) << query.status();
  return std::string(query.status().message());
}

PipelineObject Hello() {
  return {"@Hello_2012-12-12T01:00:00",
          "@Hello_2012-12-12T01:00:00",
          {{"@componentParent", "Hello", true},
           {"@scheduledStartTime", "2012-12-12T01:00:00"},
           {"@scheduledEndTime", "2012-12-12T02:00:00"},
           {"@actualStartTime", "2012-12-13T00:00:05"},
           {"@status", "WAITING_FOR_RUNNER"},
           {"@sphere", "INSTANCE"},
           {"parent", "Hello", true}}};
}

TEST(ObjectQuery, WithoutConditionsEverythingMatches) {
  EXPECT_TRUE(Read(Input("")).Matches(Hello()));
  EXPECT_TRUE(Read(Input("query {}")).Matches(Hello()));
  EXPECT_TRUE(Read(Input("query {}", "component")).Matches({}));
}

TEST(ObjectQuery, EqualsAnyOfItsValues) {
  EXPECT_TRUE(Read(Select("@status", "EQ", {"RUNNING", "WAITING_FOR_RUNNER"}))
                  .Matches(Hello()));
  EXPECT_FALSE(
      Read(Select("@status", "EQ", {"RUNNING", "FINISHED"})).Matches(Hello()));
  EXPECT_FALSE(
      Read(Select("@status", "EQ", {"waiting_for_runner"})).Matches(Hello()));
}

TEST(ObjectQuery, KnowsTheWordsOfTheCliForStatuses) {
  EXPECT_TRUE(Read(Select("@status", "EQ", {"WAITING"})).Matches(Hello()));
  PipelineObject object = Hello();
  object.fields[4].value = "WAITING_ON_DEPENDENCIES";
  EXPECT_TRUE(Read(Select("@status", "EQ", {"WAITING"})).Matches(object));
  object.fields[4].value = "CANCELED";
  EXPECT_FALSE(Read(Select("@status", "EQ", {"WAITING"})).Matches(object));
  EXPECT_TRUE(Read(Select("@status", "EQ", {"CANCELLED"})).Matches(object));
}

TEST(ObjectQuery, EqualsIsTheDefaultComparison) {
  EXPECT_TRUE(Read(Input(R"pb(query {
                                selectors {
                                  field_name: "@sphere"
                                  operator { values: "INSTANCE" }
                                }
                              })pb"))
                  .Matches(Hello()));
}

TEST(ObjectQuery, ReferencesAreComparedByEitherEquality) {
  for (const char* field : {"@componentParent", "parent"}) {
    EXPECT_TRUE(
        Read(Select(field, "REF_EQ", {"Other", "Hello"})).Matches(Hello()));
    EXPECT_TRUE(Read(Select(field, "EQ", {"Hello"})).Matches(Hello()));
    EXPECT_FALSE(Read(Select(field, "REF_EQ", {"hello"})).Matches(Hello()));
  }
}

TEST(ObjectQuery, TheNameIsThatOfTheObject) {
  EXPECT_TRUE(Read(Select("name", "EQ", {Hello().name})).Matches(Hello()));
  EXPECT_FALSE(Read(Select("name", "EQ", {"Hello"})).Matches(Hello()));
}

TEST(ObjectQuery, ComparesTimesAsInstants) {
  const auto matches = [](const std::string& type,
                          const std::vector<std::string>& values) {
    return Read(Select("@scheduledStartTime", type, values)).Matches(Hello());
  };
  EXPECT_TRUE(matches("LE", {"2012-12-12T01:00:00"}));
  EXPECT_FALSE(matches("LE", {"2012-12-12T00:59:59"}));
  EXPECT_TRUE(matches("GE", {"2012-12-12T01:00:00"}));
  EXPECT_FALSE(matches("GE", {"2012-12-12T01:00:01"}));
  EXPECT_TRUE(matches("EQ", {"2011-01-01T00:00:00", "2012-12-12T01:00:00"}));
  EXPECT_FALSE(matches("EQ", {"2012-12-12T01:00:01"}));
}

TEST(ObjectQuery, BetweenIncludesBothEnds) {
  const auto matches = [](const std::string& from, const std::string& to) {
    return Read(Select("@actualStartTime", "BETWEEN", {from, to}))
        .Matches(Hello());
  };
  EXPECT_TRUE(matches("2012-12-13T00:00:05", "2012-12-13T00:00:06"));
  EXPECT_TRUE(matches("2012-12-13T00:00:04", "2012-12-13T00:00:05"));
  EXPECT_FALSE(matches("2012-12-13T00:00:06", "2012-12-13T00:00:07"));
  EXPECT_FALSE(matches("2012-12-13T00:00:07", "2012-12-13T00:00:03"));
}

TEST(ObjectQuery, ADateIsItsMidnight) {
  const auto matches = [](const std::string& from, const std::string& to) {
    return Read(Select("@actualStartTime", "BETWEEN", {from, to}))
        .Matches(Hello());
  };
  EXPECT_TRUE(matches("2012-12-13", "2012-12-14"));
  EXPECT_FALSE(matches("2012-12-12", "2012-12-13"));
}

TEST(ObjectQuery, AFieldThatIsAbsentSatisfiesNothing) {
  EXPECT_FALSE(
      Read(Select("@actualEndTime", "GE", {"2000-01-01"})).Matches(Hello()));
  EXPECT_FALSE(
      Read(Select("@instanceParent", "EQ", {"Hello"})).Matches(Hello()));
}

TEST(ObjectQuery, AllConditionsMustHold) {
  v1::QueryObjectsInput input = Select("@status", "EQ", {"WAITING"});
  *input.mutable_query()->add_selectors() =
      Select("parent", "EQ", {"Hello"}).query().selectors(0);
  EXPECT_TRUE(Read(input).Matches(Hello()));
  *input.mutable_query()->add_selectors() =
      Select("name", "EQ", {"Other"}).query().selectors(0);
  EXPECT_FALSE(Read(input).Matches(Hello()));
}

TEST(ObjectQuery, RefusesWhatDoesNotFitByItsPlace) {
  EXPECT_THAT(ErrorOf(Input("", "PIPELINE")), HasSubstr("'sphere'"));
  EXPECT_THAT(ErrorOf(Select("myField", "EQ", {"x"})),
              HasSubstr("'query.selectors[0].fieldName'"));
  EXPECT_THAT(ErrorOf(Select("@status", "REF_EQ", {"x"})),
              HasSubstr("'query.selectors[0].operator.type'"));
  EXPECT_THAT(ErrorOf(Select("@status", "LE", {"x"})),
              HasSubstr("'query.selectors[0].operator.type'"));
  EXPECT_THAT(ErrorOf(Select("@status", "EQ", {})),
              HasSubstr("greater than or equal to 1"));
  EXPECT_THAT(
      ErrorOf(Select("@actualEndTime", "GE", {"2012-12-12", "2012-12-12"})),
      HasSubstr("less than or equal to 1"));
  EXPECT_THAT(ErrorOf(Select("@actualEndTime", "BETWEEN", {"2012-12-12"})),
              HasSubstr("greater than or equal to 2"));
  EXPECT_THAT(ErrorOf(Select("@actualEndTime", "EQ", {"2012-12-12", "soon"})),
              HasSubstr("'query.selectors[0].operator.values[1]'"));
}

std::vector<ComponentRecord> TwoComponents() {
  std::vector<ComponentRecord> components(2);
  components[0].number = ComponentNumber{1};
  components[0].id = "Hello";
  components[1].number = ComponentNumber{2};
  components[1].id = "Other";
  return components;
}

RunFilter FilterOf(const v1::QueryObjectsInput& input) {
  return Read(input).Filter(PipelineNumber{7}, TwoComponents());
}

TEST(ObjectQueryFilter, NarrowsTimesByWholeSeconds) {
  const absl::Time time = *ParseFieldTime("2012-12-12T01:00:00");
  const absl::Time last = time + absl::Microseconds(999999);
  const std::string text = "2012-12-12T01:00:00";
  RunFilter filter = FilterOf(Select("@scheduledStartTime", "LE", {text}));
  EXPECT_EQ(filter.pipeline, PipelineNumber{7});
  EXPECT_EQ(filter.start.from, absl::InfinitePast());
  EXPECT_EQ(filter.start.to, last);
  filter = FilterOf(Select("@scheduledEndTime", "GE", {text}));
  EXPECT_EQ(filter.end.from, time);
  EXPECT_EQ(filter.end.to, absl::InfiniteFuture());
  filter = FilterOf(Select("@actualStartTime", "BETWEEN", {text, text}));
  EXPECT_EQ(filter.created.from, time);
  EXPECT_EQ(filter.created.to, last);
  filter = FilterOf(Select("@actualEndTime", "EQ", {"2012-12-14", text}));
  EXPECT_EQ(filter.ended.from, time);
  EXPECT_EQ(filter.ended.to, *ParseFieldTime("2012-12-14T00:00:00") +
                                 absl::Microseconds(999999));
}

TEST(ObjectQueryFilter, NarrowsStatusesAndComponents) {
  EXPECT_THAT(
      FilterOf(Select("@status", "EQ", {"CANCELLED", "WAITING", "?"})).statuses,
      Optional(ElementsAre(RunStatus::kWaitingOnDependencies,
                           RunStatus::kWaitingForRunner,
                           RunStatus::kCanceled)));
  for (const char* field : {"@componentParent", "parent"}) {
    EXPECT_THAT(FilterOf(Select(field, "REF_EQ", {"Other"})).components,
                Optional(ElementsAre(ComponentNumber{2})));
  }
}

TEST(ObjectQueryFilter, NarrowsIdsToTheirTimes) {
  const absl::Time time = *ParseFieldTime("2012-12-12T01:00:00");
  const std::string instance = "@Hello_2012-12-12T01:00:00";
  const std::string attempt = instance + "_Attempt=2";
  for (const RunFilter& filter :
       {FilterOf(Select("name", "EQ", {instance, "x"})),
        FilterOf(Select("name", "EQ", {attempt}, "ATTEMPT")),
        FilterOf(Select("@instanceParent", "REF_EQ", {instance}, "ATTEMPT"))}) {
    EXPECT_FALSE(IsEmpty(filter));
    EXPECT_EQ(filter.start.from, time);
  }
}

TEST(ObjectQueryFilter, IsEmptyIfNothingCanMatch) {
  const std::string instance = "@Hello_2012-12-12T01:00:00";
  for (const v1::QueryObjectsInput& input :
       {Select("name", "EQ", {"x"}),
        Select("name", "EQ", {instance}, "ATTEMPT"),
        Select("@instanceParent", "EQ", {instance}),
        Select("@sphere", "EQ", {"ATTEMPT"}), Select("@status", "EQ", {"?"}),
        Select("parent", "EQ", {"Third"}),
        Select("@actualEndTime", "BETWEEN", {"2012-12-13", "2012-12-12"})}) {
    EXPECT_TRUE(IsEmpty(FilterOf(input))) << input.DebugString();
  }
  EXPECT_FALSE(IsEmpty(FilterOf(Select("@sphere", "EQ", {"INSTANCE"}))));
}

}  // namespace
}  // namespace holdline
