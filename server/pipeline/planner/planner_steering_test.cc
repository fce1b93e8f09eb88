// What SetStatus does (DATAPIPELINE sections 2.3, 3.13 and 5.6).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr char kNight[] = "2012-12-12T00:00:00";

std::string At(const std::string& component) {
  return absl::StrCat("@", component, "_", kNight);
}

// A, B which depends on it, and C which depends on B, each day without end.
Definition Chain(const std::string& mode) {
  Definition definition = Make({
      {"Default",
       {{"workerGroup", "wg"},
        {"scheduleType", "cron"},
        {"schedule", Ref("Daily")},
        {"failureAndRerunMode", mode},
        {"maximumRetries", "0"}}},
      {"Daily",
       {{"type", "Schedule"}, {"period", "1 day"}, {"startDateTime", kNight}}},
      {"A", {{"type", "ShellCommandActivity"}, {"command", "true"}}},
      {"B",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"dependsOn", Ref("A")}}},
      {"C",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"dependsOn", Ref("B")}}},
  });
  return definition;
}

TEST(PlannerSteering, WhatItDoesNotKnowIsRefusedAndNothingChanged) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  const auto expect_refused = [&](ObjectChange change,
                                  const std::vector<std::string>& objects) {
    EXPECT_EQ(p.Change(id, change, objects).code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(p.StatusAt(id, At("A")), "WAITING_FOR_RUNNER");
    EXPECT_EQ(p.ComponentOf(id, "A").status, ComponentStatus::kScheduled);
  };
  expect_refused(ObjectChange::kTryCancel, {At("A"), "@X_2012-12-12T00:00:00"});
  expect_refused(ObjectChange::kTryCancel, {At("A"), "A"});
  expect_refused(ObjectChange::kTryCancel, {At("A") + "_Attempt=1"});
  expect_refused(ObjectChange::kTryCancel, {"@A_2013-12-12T00:00:00"});
  expect_refused(ObjectChange::kPause, {"A", At("A")});
  expect_refused(ObjectChange::kPause, {"A", "Nobody"});
}

// Section 15, row 11.
TEST(PlannerSteering, AFinishedPipelineIsNotSteered) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  p.End(p.Take());
  for (const ObjectChange change :
       {ObjectChange::kRerun, ObjectChange::kTryCancel,
        ObjectChange::kMarkFinished}) {
    EXPECT_EQ(p.Change(id, change, {At("Root")}).code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_EQ(p.Change(id, ObjectChange::kPause, {"Root"}).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PlannerSteering, CancellingWhatHasEndedChangesNothing) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  p.End(p.Take());
  const auto before = p.disk.instances;
  EXPECT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("A")}).ok());
  EXPECT_TRUE(p.disk.instances == before);
}

// Row A9.
TEST(PlannerSteering, WhatWaitsIsCancelledAsWell) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("B"), At("A")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, At("B")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, At("C")), "WAITING_ON_DEPENDENCIES");
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_EQ(p.ComponentOf(id, "B").health, Health::kError);
}

// Row A13.
TEST(PlannerSteering, WhatIsMarkedAsFinishedReleasesWhoWaits) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  // What waits, what is with a runner, and what has failed.
  ASSERT_TRUE(p.Change(id, ObjectChange::kMarkFinished, {At("B")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("C")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.At(id, At("B")).attempts, 0);
  p.End(p.Take(), AttemptEnd::kFailed);
  const Task c = p.Take();
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kMarkFinished, {At("A"), At("C")}).ok());
  EXPECT_TRUE(p.IsCanceled(c));
  EXPECT_EQ(p.StatusAt(id, At("A")), "FINISHED");
  EXPECT_EQ(p.At(id, At("A")).failure, Failure());
  EXPECT_EQ(p.ComponentOf(id, "A").health, Health::kHealthy);
  const auto before = p.disk.instances;
  EXPECT_TRUE(p.Change(id, ObjectChange::kMarkFinished, {At("A")}).ok());
  EXPECT_TRUE(p.disk.instances == before);
}

// Row A12, section 5.6.
TEST(PlannerSteering, ARerunBeginsAnewAndCountsOn) {
  PlannerHarness p(kNight);
  Definition definition = Chain("none");
  Set(definition, "Default", {"maximumRetries", "1"});
  const std::string id = p.Start(definition);
  p.FailAttempts(2);
  EXPECT_EQ(p.StatusAt(id, At("A")), "FAILED");
  p.Pass(absl::Hours(1));
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  const Instance again = p.At(id, At("A"));
  EXPECT_EQ(again.status, RunStatus::kWaitingForRunner);
  EXPECT_EQ(again.created_at, p.now);
  EXPECT_EQ(again.ended_at, absl::InfiniteFuture());
  EXPECT_EQ(again.started_at, absl::InfiniteFuture());
  EXPECT_EQ(again.failure, Failure());
  EXPECT_EQ(again.attempts, 3);
  EXPECT_EQ(again.retries_left, 1);
  EXPECT_EQ(p.AttemptAt(id, At("A"), 2).status, RunStatus::kFailed);
  p.FailAttempts(1);
  EXPECT_EQ(p.Told(p.Take()).front().id, At("A") + "_Attempt=4");
}

TEST(PlannerSteering, ARerunOfWhatIsUnderWayIsIgnored) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  const Task task = p.Take();
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A"), At("B")}).ok());
  EXPECT_FALSE(p.IsCanceled(task));
  EXPECT_EQ(p.At(id, At("A")).attempts, 1);
}

TEST(PlannerSteering, ARerunIsOfTheNamedAloneInModeNone) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  for (int i = 0; i < 3; ++i) p.End(p.Take());
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, At("B")), "FINISHED");
}

TEST(PlannerSteering, ARerunSpreadsToWhatCascadedAndToNothingElse) {
  PlannerHarness p(kNight);
  Definition definition = Chain("cascade");
  // D depends on A too, and was cancelled by hand.
  definition.objects.push_back({"D",
                                "D",
                                {{"type", "ShellCommandActivity"},
                                 {"command", "true"},
                                 {"dependsOn", "A", true}}});
  const std::string id = p.Start(definition);
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("D")}).ok());
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, At("C")), "CASCADE_FAILED");
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("B")), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(id, At("C")), "WAITING_ON_DEPENDENCIES");
  EXPECT_THAT(p.At(id, At("C")).cascade_failed_on, IsEmpty());
  EXPECT_EQ(p.StatusAt(id, At("D")), "CANCELED");
  for (int i = 0; i < 3; ++i) p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, At("C")), "FINISHED");
}

TEST(PlannerSteering, WhatIsNamedTogetherChangesBeforeAnythingFollows) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("cascade"));
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("A"), At("B")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, At("B")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, At("C")), "CASCADE_FAILED");
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A"), At("C")}).ok());
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kMarkFinished, {At("A"), At("B")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("B")), "FINISHED");
  EXPECT_EQ(p.At(id, At("B")).attempts, 0);
}

TEST(PlannerSteering, NamesWithUnderscoresAreToldApart) {
  PlannerHarness p(kNight);
  Definition definition = SharedPreconditions();
  definition.objects.push_back(Object(definition, "Left"));
  definition.objects.back().id = definition.objects.back().name = "Left_Gate";
  const std::string id = p.Start(definition);
  for (const char* name : {"Left", "Left_Gate", "Gate_Left"}) {
    EXPECT_EQ(p.Change(id, ObjectChange::kTryCancel, {At(name)}),
              absl::OkStatus());
    EXPECT_EQ(p.StatusAt(id, At(name)), "CANCELED");
  }
  EXPECT_EQ(p.StatusAt(id, At("Gate_Right")), "WAITING_FOR_RUNNER");
  EXPECT_FALSE(p.Change(id, ObjectChange::kTryCancel, {At("Gate")}).ok());
}

// Row A15.
TEST(PlannerSteering, WhatCascadedAndWhoseDependenciesAreBadFailsAgain) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("cascade"));
  p.End(p.Take(), AttemptEnd::kFailed);
  p.Pass(absl::Hours(1));
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("B")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("B")), "CASCADE_FAILED");
  EXPECT_EQ(p.At(id, At("B")).ended_at, p.now);
  // It does not spread from there.
  EXPECT_EQ(p.At(id, At("C")).ended_at, p.now - absl::Hours(1));
}

TEST(PlannerSteering, WhenNamedTogetherTheOrderDoesNotMatter) {
  for (const bool backwards : {false, true}) {
    PlannerHarness p(kNight);
    const std::string id = p.Start(Chain("cascade"));
    p.End(p.Take(), AttemptEnd::kFailed);
    std::vector<std::string> both = {At("A"), At("B")};
    if (backwards) std::swap(both[0], both[1]);
    ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, both).ok());
    for (int i = 0; i < 3; ++i) p.End(p.Take());
    EXPECT_EQ(p.StatusAt(id, At("C")), "FINISHED");
  }
}

TEST(PlannerSteering, WhoWaitsForOtherThingsWaitsForARerunAsWell) {
  PlannerHarness p(kNight);
  Definition definition = Chain("none");
  Add(definition, "C", {"dependsOn", Ref("A")});
  const std::string id = p.Start(definition);
  p.End(p.Take());
  EXPECT_THAT(p.At(id, At("C")).waiting_on, SizeIs(1));
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  EXPECT_THAT(p.At(id, At("C")).waiting_on, SizeIs(2));
  p.End(p.Take());  // B, which had begun
  EXPECT_EQ(p.StatusAt(id, At("C")), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, At("C")), "WAITING_FOR_RUNNER");
}

TEST(PlannerSteering, ARerunOfANodeLooksAtItsWritersAnew) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(ShellPipeline());
  p.End(p.Take("holdline.preconditions"));
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, At("Compressed")), "FINISHED");
  p.Pass(absl::Minutes(1));
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("Compressed")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("Compressed")), "FINISHED");
  EXPECT_EQ(p.At(id, At("Compressed")).ended_at, p.now);
}

TEST(PlannerSteering, WhatWasSkippedCanBeRunByHand) {
  PlannerHarness p("2012-12-13T00:00:00");
  const std::string id = p.Create();
  p.Put(id, Chain("none"));
  ASSERT_TRUE(p.Activate(id, {}, p.now).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "SKIPPED");
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "WAITING_FOR_RUNNER");
}

// Section 2.3.
TEST(PlannerSteering, APausedComponentMakesInstancesAndStartsNone) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  const Task running = p.Take();
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"A", "B"}).ok());
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"A"}).ok());
  EXPECT_EQ(p.ComponentOf(id, "A").status, ComponentStatus::kPaused);
  EXPECT_EQ(p.ComponentOf(id, "C").status, ComponentStatus::kScheduled);
  // What was handed out goes on, and what follows waits.
  EXPECT_FALSE(p.IsCanceled(running));
  p.End(running);
  EXPECT_EQ(p.StatusAt(id, At("A")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("B")), "WAITING_ON_DEPENDENCIES");
  EXPECT_THAT(p.At(id, At("B")).waiting_on, IsEmpty());
  p.Pass(absl::Hours(24));
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-13T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
  p.Restart();
  EXPECT_FALSE(p.TryTake().has_value());
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, {"A", "B"}).ok());
  EXPECT_EQ(p.StatusAt(id, At("B")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-13T00:00:00"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.ComponentOf(id, "A").status, ComponentStatus::kScheduled);
}

TEST(PlannerSteering, AnInactivePipelineIsSteeredAndRunsItLater) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Chain("none"));
  p.End(p.Take());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("A")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "WAITING_ON_DEPENDENCIES");
  EXPECT_FALSE(p.TryTake().has_value());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, At("A")), "WAITING_FOR_RUNNER");
}

}  // namespace
}  // namespace holdline
