// Pipelines as such: made, tagged, deleted (DATAPIPELINE sections 3.1, 3.7,
// 3.18 and 3.19).

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/error_reason.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Created(const ReplyBody& reply) {
  const auto* created = std::get_if<PipelineCreated>(&reply);
  return created == nullptr ? "refused" : created->id;
}

TEST(PlannerPipelines, ARepeatedCreationReturnsTheEarlierPipeline) {
  PlannerHarness p;
  CreatePipeline create{p.account, "creator", "df-1", "name", "unique", "", {}};
  EXPECT_EQ(Created(p.Say(create)), "df-1");
  create.new_id = "df-2";
  create.description = "differs, and is ignored";
  EXPECT_EQ(Created(p.Say(create)), "df-1");
  EXPECT_EQ(p.disk.pipelines.size(), 1);
  EXPECT_EQ(p.Record("df-1").description, "");
  p.Restart();
  EXPECT_EQ(Created(p.Say(create)), "df-1");
}

TEST(PlannerPipelines, AnotherNameUniqueIdOrAccountIsAnotherPipeline) {
  PlannerHarness p;
  CreatePipeline create{p.account, "creator", "df-1", "name", "unique", "", {}};
  p.Say(create);
  create.new_id = "df-2";
  create.name = "other name";
  EXPECT_EQ(Created(p.Say(create)), "df-2");
  create.new_id = "df-3";
  create.unique_id = "other";
  EXPECT_EQ(Created(p.Say(create)), "df-3");
  create.new_id = "df-4";
  create.account = AccountId("others");
  EXPECT_EQ(Created(p.Say(create)), "df-4");
}

// Section 15, row 24.
TEST(PlannerPipelines, TheUniqueIdOfADeletedPipelineIsFree) {
  PlannerHarness p;
  CreatePipeline create{p.account, "creator", "df-1", "name", "unique", "", {}};
  p.Say(create);
  p.Say(DeletePipeline{p.account, "df-1"});
  create.new_id = "df-2";
  EXPECT_EQ(Created(p.Say(create)), "df-2");
}

TEST(PlannerPipelines, AnAccountHasALimitOfPipelines) {
  CoreOptions options;
  options.planner.pipelines_max = 2;
  PlannerHarness p("2012-12-12T00:00:00", options);
  p.Create();
  const std::string second = p.Create();
  EXPECT_THAT(
      std::string(
          p.StatusOf(p.Say(CreatePipeline{
                         p.account, "creator", "df-9", "n", "u", "", {}}))
              .message()),
      HasSubstr("limit of 2 pipelines"));
  p.Say(DeletePipeline{p.account, second});
  p.Create();
  EXPECT_EQ(p.disk.pipelines.size(), 2);
}

TEST(PlannerPipelines, TagsAreKeptAddedReplacedAndRemoved) {
  PlannerHarness p;
  p.Say(CreatePipeline{
      p.account, "creator", "df-1", "name", "unique", "", {{"team", "a"}}});
  EXPECT_THAT(p.Record("df-1").tags, ElementsAre(Tag{"team", "a"}));
  p.Say(ChangeTags{p.account, "df-1", {{"team", "b"}, {"cost", "1"}}, {}});
  EXPECT_THAT(p.Record("df-1").tags,
              ElementsAre(Tag{"team", "b"}, Tag{"cost", "1"}));
  p.Say(ChangeTags{p.account, "df-1", {}, {"team", "unknown"}});
  EXPECT_THAT(p.Record("df-1").tags, ElementsAre(Tag{"cost", "1"}));
}

TEST(PlannerPipelines, AnEleventhTagIsRefusedAndNothingChanged) {
  PlannerHarness p;
  const std::string id = p.Create();
  ChangeTags change{p.account, id, {}, {}};
  for (int i = 0; i < 10; ++i) {
    change.added.push_back({absl::StrCat("key", i), ""});
  }
  EXPECT_TRUE(p.StatusOf(p.Say(change)).ok());
  const absl::Status refused =
      p.StatusOf(p.Say(ChangeTags{p.account, id, {{"one more", ""}}, {}}));
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(p.Record(id).tags.size(), 10);
  // One that is replaced is not one more.
  EXPECT_TRUE(
      p.StatusOf(p.Say(ChangeTags{p.account, id, {{"key3", "new"}}, {}})).ok());
}

std::vector<PipelineCommand> EveryCommand(const AccountId& account,
                                          const std::string& id) {
  return {PutDefinition{account, id, HelloPipeline()},
          ActivatePipeline{account, id, {}, {}},
          DeactivatePipeline{account, id, true},
          ChangeObjects{account, id, {"SayHello"}, ObjectChange::kPause},
          ChangeTags{account, id, {{"key", "value"}}, {}}};
}

TEST(PlannerPipelines, WhatWasDeletedIsToldFromWhatNeverWas) {
  PlannerHarness p;
  const std::string id = p.Start(HelloPipeline());
  EXPECT_TRUE(p.StatusOf(p.Say(DeletePipeline{p.account, id})).ok());
  EXPECT_THAT(p.disk.pipelines, IsEmpty());
  EXPECT_THAT(p.disk.components, IsEmpty());
  EXPECT_THAT(p.disk.definitions, IsEmpty());
  for (const PipelineCommand& command : EveryCommand(p.account, id)) {
    EXPECT_EQ(NamedReason(p.StatusOf(p.Say(command))),
              "PipelineDeletedException");
  }
  for (const PipelineCommand& command : EveryCommand(p.account, "df-77")) {
    EXPECT_EQ(NamedReason(p.StatusOf(p.Say(command))),
              "PipelineNotFoundException");
  }
  EXPECT_EQ(NamedReason(p.StatusOf(p.Say(DeletePipeline{p.account, id}))),
            "PipelineNotFoundException");
}

TEST(PlannerPipelines, OthersDoNotFindAPipeline) {
  PlannerHarness p;
  const std::string id = p.Start(HelloPipeline());
  for (const PipelineCommand& command : EveryCommand(AccountId("others"), id)) {
    EXPECT_EQ(NamedReason(p.StatusOf(p.Say(command))),
              "PipelineNotFoundException");
  }
  EXPECT_EQ(
      NamedReason(p.StatusOf(p.Say(DeletePipeline{AccountId("others"), id}))),
      "PipelineNotFoundException");
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
}

TEST(PlannerPipelines, NothingIsDueInADeletedPipeline) {
  PlannerHarness p("2012-12-12T00:00:00");
  Definition definition = ShellPipeline();
  p.Say(DeletePipeline{p.account, p.Start(definition)});
  p.Pass(absl::Hours(30));
  EXPECT_THAT(p.disk.instances, IsEmpty());
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_FALSE(p.TryTake("holdline.preconditions").has_value());
}

}  // namespace
}  // namespace holdline
