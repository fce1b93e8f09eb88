// What follows from a failure (DATAPIPELINE sections 2.8 and 6.8).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kNight[] = "2012-12-12T00:00:00";

std::string At(const std::string& component) {
  return "@" + component + "_" + kNight;
}

// Fetch writes Raw, which Count and Sort read; Sort writes Sorted, which Gate
// guards; Report depends on both. Aside has nothing to do with them.
Definition Graph(const std::string& mode) {
  Definition definition = WideCascade(0);
  Set(definition, "Default", {"failureAndRerunMode", mode});
  Set(definition, "Default", {"maximumRetries", "0"});
  const auto add = [&](const std::string& id, std::vector<Field> fields) {
    definition.objects.push_back({id, id, std::move(fields)});
  };
  const Field shell = {"type", "ShellCommandActivity"};
  const Field command = {"command", "true"};
  definition.objects.pop_back();  // Root
  add("Fetch", {shell, command, {"output", "Raw", true}});
  add("Raw", {{"type", "S3DataNode"}, {"filePath", "s3://b/raw"}});
  add("Count", {shell, command, {"input", "Raw", true}});
  add("Sort",
      {shell, command, {"input", "Raw", true}, {"output", "Sorted", true}});
  add("Sorted", {{"type", "S3DataNode"},
                 {"filePath", "s3://b/sorted"},
                 {"precondition", "Gate", true}});
  add("Gate", {{"type", "ShellCommandPrecondition"}, {"command", "true"}});
  add("Report", {shell,
                 command,
                 {"input", "Sorted", true},
                 {"dependsOn", "Count", true}});
  add("Aside", {shell, command});
  return definition;
}

TEST(PlannerFailure, InModeNoneDependentsWait) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Graph("none"));
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, At("Fetch")), "FAILED");
  for (const char* waiting : {"Raw", "Count", "Sort", "Sorted", "Report"}) {
    EXPECT_EQ(p.StatusAt(id, At(waiting)), "WAITING_ON_DEPENDENCIES")
        << waiting;
  }
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  p.Pass(absl::Hours(1000));
  EXPECT_EQ(p.StatusAt(id, At("Raw")), "WAITING_ON_DEPENDENCIES");
}

// Points 1 and 7 of section 6.8.
TEST(PlannerFailure, InModeCascadeAllThatFollowsFailsWithIt) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Graph("cascade"));
  p.End(p.Take(), AttemptEnd::kFailed);
  for (const char* failed : {"Raw", "Count", "Sort", "Sorted", "Report"}) {
    const Instance instance = p.At(id, At(failed));
    EXPECT_EQ(instance.status, RunStatus::kCascadeFailed) << failed;
    EXPECT_EQ(instance.ended_at, p.now);
    EXPECT_THAT(instance.waiting_on, IsEmpty());
    EXPECT_EQ(instance.attempts, 0);
  }
  EXPECT_EQ(p.StatusAt(id, At("Aside")), "WAITING_FOR_RUNNER");
  EXPECT_THAT(p.At(id, At("Raw")).cascade_failed_on,
              ElementsAre(p.At(id, At("Fetch")).key));
  // The chain, down to what failed by itself.
  EXPECT_THAT(p.At(id, At("Count")).cascade_failed_on,
              ElementsAre(p.At(id, At("Raw")).key, p.At(id, At("Fetch")).key));
  EXPECT_EQ(p.ComponentOf(id, "Report").health, Health::kError);
}

// Points 3 and 4.
TEST(PlannerFailure, NothingReachesUpstreamOrWhatHasEnded) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Graph("cascade"));
  p.End(p.Take());                       // Fetch
  p.End(p.Take());                       // Aside
  p.End(p.Take());                       // Count
  p.End(p.Take(), AttemptEnd::kFailed);  // Sort
  EXPECT_EQ(p.StatusAt(id, At("Sort")), "FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Fetch")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Raw")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Count")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Sorted")), "CASCADE_FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Report")), "CASCADE_FAILED");
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

TEST(PlannerFailure, WhatWasCancelledCascadesToo) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Graph("cascade"));
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kTryCancel, {At("Count"), At("Sort")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("Count")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, At("Report")), "CASCADE_FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Fetch")), "WAITING_FOR_RUNNER");
}

// Point 2.
TEST(PlannerFailure, PreconditionsOfWhatFailsAreCancelled) {
  PlannerHarness p(kNight);
  Definition definition = Graph("cascade");
  Add(definition, "Count", {"precondition", Ref("Gate")});
  const std::string id = p.Start(definition);
  p.End(p.Take());
  p.End(p.Take());  // Aside
  const std::string gate = "@Gate_Count_2012-12-12T00:00:00";
  EXPECT_EQ(p.StatusAt(id, gate), "WAITING_FOR_RUNNER");
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("Count")}).ok());
  EXPECT_EQ(p.StatusAt(id, gate), "CANCELED");
}

// Point 6; the others are in planner_resources_test.cc.
TEST(PlannerFailure, AFailedResourceCancelsWhatRunsOnIt) {
  PlannerHarness p(kNight);
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  Set(definition, "Default", {"maximumRetries", "0"});
  const std::string id = p.Start(definition);
  p.End(p.Take("holdline.resources"), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, At("Resource")), "FAILED");
  EXPECT_EQ(p.StatusAt(id, At("OnResource")), "CANCELED");
  EXPECT_EQ(p.At(id, At("OnResource")).cancellation_reason,
            "The resource that it runs on has failed.");
  EXPECT_EQ(p.StatusAt(id, At("OnCluster")), "CASCADE_FAILED");
  // Point 8: it never had to start.
  EXPECT_EQ(p.StatusAt(id, At("Cluster")), "FINISHED");
  EXPECT_EQ(p.At(id, At("Cluster")).attempts, 0);
}

// The consumer's mode decides.
TEST(PlannerFailure, EachDependentHasAModeOfItsOwn) {
  PlannerHarness p(kNight);
  Definition definition = Graph("none");
  Add(definition, "Raw", {"failureAndRerunMode", "cascade"});
  Add(definition, "Count", {"failureAndRerunMode", "CASCADE"});
  const std::string id = p.Start(definition);
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, At("Raw")), "CASCADE_FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Count")), "CASCADE_FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Sort")), "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerFailure, WhatIsMadeAfterItsDependencyFailedFailsAtOnce) {
  PlannerHarness p(kNight);
  Definition definition = NestedSchedules();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  Set(definition, "Default", {"maximumRetries", "0"});
  const std::string id = p.Start(definition);
  p.Pass(absl::Hours(1));
  p.End(p.Take(), AttemptEnd::kFailed);
  p.Pass(absl::Hours(23));
  EXPECT_EQ(p.StatusAt(id, "@Summarize_2012-12-12T00:00:00"), "CASCADE_FAILED");
  EXPECT_THAT(p.At(id, "@Summarize_2012-12-12T00:00:00").cascade_failed_on,
              SizeIs(2));
}

TEST(PlannerFailure, ALongChainIsToldWithItsCause) {
  CoreOptions options;
  options.planner.limits.objects_max = 200;
  PlannerHarness p(kNight, options);
  Definition definition = OnDemandPipeline();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  Set(definition, "Default", {"maximumRetries", "0"});
  std::string before = "Second";
  for (int i = 0; i < 150; ++i) {
    const std::string name = absl::StrCat("Link", i);
    definition.objects.push_back({name,
                                  name,
                                  {{"type", "ShellCommandActivity"},
                                   {"command", "true"},
                                   {"dependsOn", before, true}}});
    before = name;
  }
  const std::string id = p.Start(definition);
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, At("Link149")), "CASCADE_FAILED");
  const std::vector<InstanceKey> chain =
      p.At(id, At("Link149")).cascade_failed_on;
  ASSERT_THAT(chain, SizeIs(100));
  EXPECT_EQ(chain.front(), p.At(id, At("Link148")).key);
  EXPECT_EQ(chain.back(), p.At(id, At("First")).key);
}

// Section 2.8.
TEST(PlannerFailure, HealthIsThatOfWhatEndedLast) {
  PlannerHarness p("2012-12-12T03:00:00");
  Definition definition = HelloPipeline();
  Set(definition, "Default", {"maximumRetries", "0"});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health, Health::kUnknown);
  EXPECT_EQ(p.Record(id).health, Health::kUnknown);
  const Task first = p.Take();
  const Task second = p.Take();
  p.Pass(absl::Minutes(1));
  p.End(second);
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health, Health::kHealthy);
  EXPECT_EQ(p.Record(id).health, Health::kHealthy);
  p.End(first, AttemptEnd::kFailed);
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health, Health::kError);
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health_at, p.now);
  EXPECT_EQ(p.Record(id).health, Health::kError);
  ASSERT_TRUE(p.Change(id, ObjectChange::kMarkFinished,
                       {"@SayHello_2012-12-12T00:00:00"})
                  .ok());
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health, Health::kHealthy);
  EXPECT_EQ(p.Record(id).health, Health::kHealthy);
}

}  // namespace
}  // namespace holdline
