// Pipelines as their users see them: what runs when, and what follows from how
// it ends.

#include "server/pipeline/planner/planner.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/error_reason.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Text(const PipelineObject& object, const std::string& key) {
  for (const Field& field : object.fields) {
    if (field.key == key) return field.value;
  }
  return "";
}

// DATAPIPELINE appendix A, step by step.
TEST(Planner, RunsTheWorkedExample) {
  PlannerHarness p;
  const std::string id = p.Create();
  EXPECT_EQ(p.StateOf(id), "PENDING");
  EXPECT_THAT(p.Put(id, HelloPipeline()).report.errors, IsEmpty());
  EXPECT_EQ(p.Record(id).saved_version, 1);
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");

  const std::string first = "@SayHello_2012-12-12T00:00:00";
  EXPECT_EQ(p.StatusAt(id, first), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T04:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T05:00:00"),
            "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.disk.instances.size(), 25);

  const Task task = p.Take();
  EXPECT_EQ(p.StatusAt(id, first), "RUNNING");
  const PipelineObject& told = p.Told(task).front();
  EXPECT_EQ(told.id, first + "_Attempt=1");
  EXPECT_EQ(Text(told, "command"), "echo hello 2012-12-12T00:00:00");
  EXPECT_EQ(Text(told, "@status"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(Text(told, "workerGroup"), "wg");
  EXPECT_EQ(Text(told, "@scheduledEndTime"), "2012-12-12T01:00:00");

  p.Report(task);
  p.End(task, AttemptEnd::kFailed, {"E1", "boom", ""});
  EXPECT_EQ(p.At(id, first).retries_left, 1);
  EXPECT_EQ(p.At(id, first).attempts, 2);
  // The others are ready; the second try waits for ten minutes.
  EXPECT_EQ(p.Told(p.Take()).front().id,
            "@SayHello_2012-12-12T01:00:00_Attempt=1");
  p.Pass(absl::Minutes(10));
  std::string next;
  Task second;
  while (next != first + "_Attempt=2") {
    second = p.Take();
    next = p.Told(second).front().id;
  }
  p.End(second);
  EXPECT_EQ(p.StatusAt(id, first), "FINISHED");
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health, Health::kHealthy);
  EXPECT_EQ(p.ComponentOf(id, "SayHello").health_from, p.At(id, first).key);
}

TEST(Planner, StartsACronIntervalAtItsBeginningAndATimeSeriesAtItsEnd) {
  PlannerHarness p("2012-12-11T23:00:00");
  Definition cron = HelloPipeline();
  Set(cron, "Default", {"scheduleType", "cron"});
  const std::string by_cron = p.Start(cron);
  const std::string by_series = p.Start(HelloPipeline());
  p.Pass(absl::Hours(1));
  EXPECT_EQ(p.StatusAt(by_cron, "@SayHello_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.disk.instances.size(), 1);
  p.Pass(absl::Hours(1));
  EXPECT_EQ(p.StatusAt(by_series, "@SayHello_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
}

TEST(Planner, AnActivityWaitsForItsInputsAndItsOutputsForIt) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ShellPipeline());
  const std::string at = "_2012-12-12T00:00:00";
  EXPECT_EQ(p.StatusAt(id, "@Raw" + at), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(id, "@RawIsThere" + at), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Compress" + at), "WAITING_ON_DEPENDENCIES");

  const Task check = p.Take("holdline.preconditions");
  EXPECT_EQ(Text(p.Told(check).front(), "s3Key"),
            "s3://raw/2012-12-12-00/_SUCCESS");
  p.End(check, AttemptEnd::kFalse);
  EXPECT_EQ(p.At(id, "@RawIsThere" + at).retries_left, 2);
  p.Pass(absl::Minutes(5));
  p.End(p.Take("holdline.preconditions"));
  EXPECT_EQ(p.StatusAt(id, "@Raw" + at), "FINISHED");

  const Task work = p.Take();
  EXPECT_EQ(Text(p.Told(work).front(), "input"), "@Raw" + at);
  EXPECT_EQ(p.Told(work).at(1).id, "@Raw" + at);
  EXPECT_EQ(Text(p.Told(work).at(1), "directoryPath"),
            "s3://raw/2012-12-12-00");
  p.End(work);
  EXPECT_EQ(p.StatusAt(id, "@Compressed" + at), "FINISHED");
}

TEST(Planner, APreconditionThatStaysFalseFailsWhatItGuardsAndCascades) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ShellPipeline());
  const std::string at = "_2012-12-12T00:00:00";
  for (int i = 0; i <= 72; ++i) {
    while (const auto check = p.TryTake("holdline.preconditions")) {
      p.End(*check, AttemptEnd::kFalse);
    }
    p.Pass(absl::Minutes(5));
  }
  EXPECT_EQ(p.StatusAt(id, "@RawIsThere" + at), "FAILED");
  EXPECT_EQ(p.StatusAt(id, "@Raw" + at), "FAILED");
  EXPECT_EQ(p.StatusAt(id, "@Compress" + at), "CASCADE_FAILED");
  EXPECT_EQ(p.StatusAt(id, "@Compressed" + at), "CASCADE_FAILED");
  EXPECT_THAT(p.At(id, "@Compress" + at).cascade_failed_on,
              ElementsAre(p.At(id, "@Raw" + at).key));
}

TEST(Planner, CascadesOnlyWithTheModeAndRerunsWhatCascaded) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(WideCascade(3));
  const std::string at = "_2012-12-12T00:00:00";
  for (int i = 0; i < 3; ++i) {
    p.End(p.Take(), AttemptEnd::kFailed, {"E", "boom", ""});
    p.Pass(absl::Minutes(10));
  }
  EXPECT_EQ(p.StatusAt(id, "@Root" + at), "FAILED");
  EXPECT_EQ(p.At(id, "@Root" + at).failure.message, "boom");
  EXPECT_EQ(p.StatusAt(id, "@Leaf2" + at), "CASCADE_FAILED");
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

TEST(Planner, WithoutCascadeDependentsWaitAndARerunReleasesThem) {
  PlannerHarness p("2012-12-12T00:00:00");
  Definition definition = WideCascade(2);
  Set(definition, "Default", {"failureAndRerunMode", "none"});
  const std::string id = p.Start(definition);
  const std::string root = "@Root_2012-12-12T00:00:00";
  const std::string leaf = "@Leaf1_2012-12-12T00:00:00";
  for (int i = 0; i < 3; ++i) {
    p.End(p.Take(), AttemptEnd::kFailed);
    p.Pass(absl::Minutes(10));
  }
  EXPECT_EQ(p.StatusAt(id, root), "FAILED");
  EXPECT_EQ(p.StatusAt(id, leaf), "WAITING_ON_DEPENDENCIES");
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {root}).ok());
  EXPECT_EQ(p.StatusAt(id, root), "WAITING_FOR_RUNNER");
  const Task again = p.Take();
  EXPECT_EQ(p.Told(again).front().id, root + "_Attempt=4");
  p.End(again);
  EXPECT_EQ(p.StatusAt(id, leaf), "WAITING_FOR_RUNNER");
}

TEST(Planner, MarkingAsFinishedReleasesDependents) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(WideCascade(1));
  const Task root = p.Take();
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kMarkFinished, {"@Root_2012-12-12T00:00:00"})
          .ok());
  EXPECT_TRUE(p.IsCanceled(root));
  EXPECT_EQ(p.StatusAt(id, "@Leaf0_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
}

TEST(Planner, CancellingIsToldToTheRunnerAndCascades) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(WideCascade(1));
  const Task root = p.Take();
  p.Report(root);
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kTryCancel, {"@Root_2012-12-12T00:00:00"})
          .ok());
  EXPECT_TRUE(p.IsCanceled(root));
  EXPECT_EQ(p.StatusAt(id, "@Root_2012-12-12T00:00:00"), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, "@Leaf0_2012-12-12T00:00:00"), "CASCADE_FAILED");
}

TEST(Planner, ADayWaitsForItsHours) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(NestedSchedules());
  p.Pass(absl::Hours(24));
  const std::string day = "@Summarize_2012-12-12T00:00:00";
  EXPECT_EQ(p.At(id, day).waiting_on.size(), 24);
  for (int hour = 0; hour < 24; ++hour) p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, day), "WAITING_FOR_RUNNER");
}

TEST(Planner, ASharedPreconditionIsCheckedForEachThatItGuards) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(SharedPreconditions());
  EXPECT_EQ(p.StatusAt(id, "@Gate_Left_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  const Task check = p.Take();
  EXPECT_EQ(p.Told(check).front().id,
            "@Gate_Left_2012-12-12T00:00:00_Attempt=1");
  p.End(check);
  EXPECT_EQ(p.StatusAt(id, "@Left_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Right_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

TEST(Planner, EachActivationOnDemandIsARun) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(OnDemandPipeline());
  p.End(p.Take());
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  EXPECT_EQ(p.StatusAt(id, "@First_2012-12-12T00:00:01"), "WAITING_FOR_RUNNER");
}

TEST(Planner, ActivatingOnDemandBeyondTheLimitCancelsWhatRuns) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string one = p.Start(OnDemandPipeline());
  const Task task = p.Take();
  ASSERT_TRUE(p.Activate(one).ok());
  EXPECT_TRUE(p.IsCanceled(task));

  const std::string five = p.Start(OnDemandPipeline(5));
  for (int run = 1; run < 5; ++run) ASSERT_TRUE(p.Activate(five).ok());
  EXPECT_EQ(p.StatusAt(five, "@First_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(five, "@First_2012-12-12T00:00:04"),
            "WAITING_FOR_RUNNER");
}

TEST(Planner, AStartTimestampSkipsWhatIsBeforeIt) {
  PlannerHarness p("2012-12-12T10:00:00");
  const std::string id = p.Create();
  p.Put(id, HelloPipeline());
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T08:30:00")).ok());
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T08:00:00"), "SKIPPED");
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T09:00:00"),
            "WAITING_FOR_RUNNER");
}

// DATAPIPELINE section 15, row 9.
TEST(Planner, AStartTimestampGetsPastTheGuardAgainstBackfill) {
  CoreOptions options;
  options.planner.limits.backfill_max = absl::Hours(24);
  PlannerHarness p("2012-12-15T00:00:00", options);
  const std::string id = p.Create();
  p.Put(id, HelloPipeline());
  EXPECT_THAT(std::string(p.Activate(id).message()),
              testing::HasSubstr("more than 24h ago"));
  EXPECT_EQ(p.StateOf(id), "PENDING");
  EXPECT_TRUE(p.Activate(id, {}, p.now - absl::Hours(2)).ok());
}

TEST(Planner, DeactivationCancelsAndActivationGoesOnAfterIt) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task task = p.Take();
  ASSERT_TRUE(p.Deactivate(id).ok());
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T00:00:00"), "CANCELED");
  EXPECT_TRUE(p.IsCanceled(task));
  p.Pass(absl::Hours(3));
  EXPECT_EQ(p.disk.instances.size(), 2);
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.disk.instances.size(), 5);
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T02:00:00"),
            "WAITING_FOR_RUNNER");
}

TEST(Planner, DeactivationWithoutCancellingLetsFinishAndFreezesTheRest) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task task = p.Take();
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  EXPECT_EQ(p.StateOf(id), "DEACTIVATING");
  EXPECT_FALSE(p.TryTake().has_value());
  p.End(task);
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T00:00:00"), "FINISHED");
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Told(p.Take()).front().id,
            "@SayHello_2012-12-12T01:00:00_Attempt=1");
}

TEST(Planner, APausedComponentStartsNothingUntilItIsResumed) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"SayHello"}).ok());
  EXPECT_FALSE(p.TryTake().has_value());
  p.Pass(absl::Hours(1));
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T02:00:00"),
            "WAITING_ON_DEPENDENCIES");
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, {"SayHello"}).ok());
  EXPECT_TRUE(p.TryTake().has_value());
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T02:00:00"),
            "WAITING_FOR_RUNNER");
}

TEST(Planner, WhatIsGivenBackGoesOnWithWhoWaitsEvenWhilePaused) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task task = p.Take();
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"SayHello"}).ok());
  const std::optional<Task> again = p.PassOn(task);
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(p.IsCanceled(*again));
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T00:00:00"), "RUNNING");
  p.End(*again);
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T00:00:00"), "FINISHED");
}

TEST(Planner, WhatIsLateIsStillNextInTurnForAPlace) {
  PlannerHarness p("2012-12-12T02:00:00");
  Definition definition = HelloPipeline();
  Add(definition, "SayHello", {"maxActiveInstances", "1"});
  Add(definition, "SayHello", {"lateAfterTimeout", "30 minutes"});
  const std::string id = p.Start(definition);
  const Task first = p.Take();
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_TRUE(p.At(id, "@SayHello_2012-12-12T01:00:00").late);
  p.End(first);
  EXPECT_EQ(p.Told(p.Take()).front().id,
            "@SayHello_2012-12-12T01:00:00_Attempt=1");
}

TEST(Planner, APausedComponentStaysSoWhileItsPipelineIsInactive) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"SayHello"}).ok());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.ComponentOf(id, "SayHello").status, ComponentStatus::kPaused);
}

TEST(Planner, AnActivationWithNothingLeftToRunFinishes) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(WideCascade(1));
  const Task root = p.Take();
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  p.End(root);
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kTryCancel, {"@Leaf0_2012-12-12T00:00:00"})
          .ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  EXPECT_EQ(p.ComponentOf(id, "Root").status, ComponentStatus::kFinished);
}

TEST(Planner, DeletingAPipelineCancelsItsTasksAndIsRemembered) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task task = p.Take();
  EXPECT_TRUE(p.StatusOf(p.Say(DeletePipeline{p.account, id})).ok());
  EXPECT_TRUE(p.IsCanceled(task));
  EXPECT_THAT(p.disk.instances, IsEmpty());
  const absl::Status again = p.StatusOf(p.Say(DeletePipeline{p.account, id}));
  EXPECT_EQ(NamedReason(again), "PipelineNotFoundException");
  const absl::Status later = p.Activate(id);
  EXPECT_EQ(NamedReason(later), "PipelineDeletedException");
}

TEST(Planner, AnAlarmSaysWhatHappenedWhere) {
  PlannerHarness p("2012-12-12T00:00:00");
  p.Start(ShellPipeline());
  p.End(p.Take("holdline.preconditions"));
  for (int i = 0; i < 4; ++i) {
    p.End(p.Take(), AttemptEnd::kFailed, {"E", "disk full", ""});
    p.Pass(absl::Minutes(2));
  }
  ASSERT_EQ(p.disk.notifications.size(), 1);
  const Notification& alarm = p.disk.notifications.begin()->second;
  EXPECT_EQ(alarm.subject,
            "@Compress_2012-12-12T00:00:00 at 2012-12-12T00:00:00");
  EXPECT_EQ(alarm.message, "disk full");
}

TEST(Planner, AResourceIsStartedWhenNeededAndShutDownAfterUse) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ResourcePipeline());
  const std::string resource = "@Resource_2012-12-12T00:00:00";
  EXPECT_EQ(p.StatusAt(id, resource), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@Cluster_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
  const Task launch = p.Take("holdline.resources");
  EXPECT_EQ(Text(p.Told(launch).front(), "workerGroup"), id + "_" + resource);
  const Task work = p.Take(id + "_" + resource);
  EXPECT_EQ(p.StatusAt(id, resource), "RUNNING");
  p.Report(launch);
  p.End(work);
  EXPECT_EQ(p.StatusAt(id, resource), "FINISHED");
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_EQ(p.StatusAt(id, "@Cluster_2012-12-12T00:00:00"), "CREATING");
}

TEST(Planner, AResourceThatLivesTooLongTimesOut) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ResourcePipeline());
  p.Pass(absl::Hours(2));
  EXPECT_EQ(p.StatusAt(id, "@Resource_2012-12-12T00:00:00"), "TIMEDOUT");
  EXPECT_EQ(p.StatusAt(id, "@OnResource_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

TEST(Planner, ARestartChangesNothing) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ShellPipeline());
  p.End(p.Take("holdline.preconditions"));
  const auto before = p.disk.instances;
  p.Restart();
  EXPECT_EQ(p.disk.instances, before);
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Compress_2012-12-12T00:00:00"), "FINISHED");
}

TEST(Planner, WhatComesDueDuringARestartRunsAfterIt) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(HelloPipeline());
  p.now += absl::Hours(3);
  p.Restart();
  EXPECT_EQ(p.StatusAt(id, "@SayHello_2012-12-12T02:00:00"),
            "WAITING_FOR_RUNNER");
}

}  // namespace
}  // namespace holdline
