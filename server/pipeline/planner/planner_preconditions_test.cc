// How preconditions are checked (DATAPIPELINE sections 2.7 and 7).

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
using testing::HasSubstr;

constexpr char kNight[] = "2012-12-12T00:00:00";
constexpr char kServiceGroup[] = "holdline.preconditions";

std::string At(const std::string& component) {
  return absl::StrCat("@", component, "_", kNight);
}

// Work, guarded by Gate, which runners check; Then depends on it.
Definition Gated(const std::vector<SampleField>& more = {}) {
  Definition definition = Make({
      {"Default",
       {{"workerGroup", "wg"},
        {"scheduleType", "cron"},
        {"schedule", Ref("Once")}}},
      {"Once",
       {{"type", "Schedule"},
        {"period", "1 day"},
        {"startDateTime", kNight},
        {"occurrences", "1"}}},
      {"Work",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"precondition", Ref("Gate")}}},
      {"Then",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"dependsOn", Ref("Work")}}},
      {"Gate",
       {{"type", "ShellCommandPrecondition"},
        {"command", "test -e #{node.name}"}}},
  });
  for (const SampleField& field : more) Add(definition, "Gate", field);
  return definition;
}

TEST(PlannerPreconditions, AreCheckedWhenNothingElseIsLacking) {
  PlannerHarness p(kNight);
  Definition definition = Gated();
  Add(definition, "Then", {"precondition", Ref("Gate")});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.StatusAt(id, "@Gate_Work_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.disk.instances.size(), 3);
  p.End(p.Take());
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Gate_Then_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
}

TEST(PlannerPreconditions, ARunnerIsToldWhatIsGuarded) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated());
  const Task check = p.Take();
  EXPECT_EQ(p.Told(check).front().id, At("Gate") + "_Attempt=1");
  EXPECT_EQ(p.ToldText(check, "node"), At("Work"));
  EXPECT_EQ(p.ToldText(check, "command"), "test -e " + At("Work"));
  ASSERT_EQ(p.Told(check).size(), 2);
  EXPECT_EQ(p.Told(check)[1].id, At("Work"));
  EXPECT_EQ(check.spec.kind, TaskKind::kPrecondition);
  EXPECT_THAT(p.At(id, At("Work")).waiting_on,
              ElementsAre(p.At(id, At("Gate")).key));
}

// Section 15, row 19.
TEST(PlannerPreconditions, FalseIsCheckedAgainWithoutUsingATry) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated({{"retryDelay", "5 minutes"}}));
  for (int check = 1; check <= 10; ++check) {
    p.End(p.Take(), AttemptEnd::kFalse);
    const Instance gate = p.At(id, At("Gate"));
    EXPECT_EQ(gate.status, RunStatus::kWaitingForRunner);
    EXPECT_EQ(gate.retries_left, 2);
    EXPECT_EQ(gate.rechecks, check);
    EXPECT_EQ(gate.rechecked_at, p.now);
    EXPECT_FALSE(p.TryTake().has_value());
    p.Pass(absl::Minutes(5));
  }
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
}

TEST(PlannerPreconditions, FalseForTooLongFailsWhatIsGuarded) {
  PlannerHarness p(kNight);
  Definition definition = Gated({{"preconditionTimeout", "12 minutes"}});
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  const std::string id = p.Start(definition);
  p.Pass(absl::Hours(1));  // nobody has looked yet
  p.End(p.Take(), AttemptEnd::kFalse);
  p.Pass(absl::Minutes(10));
  p.End(p.Take(), AttemptEnd::kFalse);
  p.Pass(absl::Minutes(2) - absl::Seconds(1));
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "WAITING_FOR_RUNNER");
  p.Pass(absl::Seconds(1));
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "FAILED");
  EXPECT_EQ(p.At(id, At("Gate")).failure.id, "Service_PreconditionTimeout");
  EXPECT_EQ(p.StatusAt(id, At("Work")), "FAILED");
  EXPECT_EQ(p.At(id, At("Work")).failure.id, "Service_PreconditionTimeout");
  EXPECT_EQ(p.ComponentOf(id, "Work").health, Health::kError);
  EXPECT_EQ(p.StatusAt(id, At("Then")), "CASCADE_FAILED");
  EXPECT_FALSE(p.TryTake().has_value());
}

TEST(PlannerPreconditions, ACheckThatGoesOnWhenTheTimeIsOverStillCounts) {
  PlannerHarness p(kNight);
  const std::string id =
      p.Start(Gated({{"preconditionTimeout", "15 minutes"}}));
  p.End(p.Take(), AttemptEnd::kFalse);
  p.Pass(absl::Minutes(10));
  const Task check = p.Take();
  p.Report(check);
  p.Pass(absl::Minutes(10));
  p.End(check);
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
}

TEST(PlannerPreconditions, ACheckThatEndsAfterTheTimeInFalseIsTheLast) {
  PlannerHarness p(kNight);
  const std::string id =
      p.Start(Gated({{"preconditionTimeout", "15 minutes"}}));
  p.End(p.Take(), AttemptEnd::kFalse);
  p.Pass(absl::Minutes(10));
  const Task check = p.Take();
  p.Report(check);
  p.Pass(absl::Minutes(10));
  p.End(check, AttemptEnd::kFalse);
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "FAILED");
}

TEST(PlannerPreconditions, WhatCannotBeCheckedIsTriedAsAnActivityIs) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated());
  p.FailAttempts(2);
  EXPECT_EQ(p.At(id, At("Gate")).retries_left, 0);
  p.End(p.Take(), AttemptEnd::kFailed, {"E", "no such host", ""});
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "FAILED");
  EXPECT_EQ(p.StatusAt(id, At("Work")), "FAILED");
  EXPECT_EQ(p.At(id, At("Work")).failure.message, "no such host");
  EXPECT_EQ(p.At(id, At("Work")).attempts, 0);
  EXPECT_EQ(p.StatusAt(id, At("Then")), "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerPreconditions, AllOfThemMustHold) {
  PlannerHarness p(kNight);
  Definition definition = Gated();
  definition.objects.push_back(
      {"Key",
       "Key",
       {{"type", "S3KeyExists"}, {"role", "r"}, {"s3Key", "s3://b/k"}}});
  Add(definition, "Work", {"precondition", Ref("Key")});
  const std::string id = p.Start(definition);
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take(kServiceGroup));
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
}

// One that fails takes the others with it.
TEST(PlannerPreconditions, AreCancelledWithWhatTheyGuard) {
  for (const ObjectChange change :
       {ObjectChange::kTryCancel, ObjectChange::kMarkFinished}) {
    PlannerHarness p(kNight);
    const std::string id = p.Start(Gated());
    const Task check = p.Take();
    ASSERT_TRUE(p.Change(id, change, {At("Work")}).ok());
    EXPECT_EQ(p.StatusAt(id, At("Gate")), "CANCELED");
    EXPECT_TRUE(p.IsCanceled(check));
  }
}

TEST(PlannerPreconditions, OnACancelledOneItsOwnerWaitsOrFailsByItsMode) {
  for (const char* mode : {"none", "cascade"}) {
    PlannerHarness p(kNight);
    Definition definition = Gated();
    Set(definition, "Default", {"failureAndRerunMode", mode});
    const std::string id = p.Start(definition);
    ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("Gate")}).ok());
    if (std::string(mode) == "cascade") {
      EXPECT_EQ(p.StatusAt(id, At("Work")), "CASCADE_FAILED");
      continue;
    }
    EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_ON_DEPENDENCIES");
    ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("Gate")}).ok());
    p.End(p.Take());
    EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
  }
}

TEST(PlannerPreconditions, ThoseThatHeldAreNotCheckedForARerun) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated());
  p.End(p.Take());
  p.FailAttempts(3);
  EXPECT_EQ(p.StatusAt(id, At("Work")), "FAILED");
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("Work")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
}

TEST(PlannerPreconditions, ThoseThatFailedAreCheckedForARerunWithAllTries) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated());
  p.FailAttempts(3);
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("Work")}).ok());
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.At(id, At("Gate")).retries_left, 2);
  EXPECT_EQ(p.Told(p.Take()).front().id, At("Gate") + "_Attempt=4");
}

// Section 4.4.
TEST(PlannerPreconditions, TakeTheRouteOfWhatTheyGuard) {
  PlannerHarness p(kNight);
  Definition definition = Gated();
  Add(definition, "Work", {"workerGroup", "special"});
  p.Start(definition);
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_EQ(p.Told(p.Take("special")).front().id, At("Gate") + "_Attempt=1");
}

TEST(PlannerPreconditions, OfANodeTakeThatOfWhoUsesIt) {
  PlannerHarness p(kNight);
  Definition definition = Gated();
  Remove(definition, "Default", "workerGroup");
  Remove(definition, "Work", "precondition");
  Add(definition, "Work", {"workerGroup", "readers"});
  Add(definition, "Work", {"input", Ref("Node")});
  Add(definition, "Then", {"workerGroup", "wg"});
  definition.objects.push_back({"Node",
                                "Node",
                                {{"type", "S3DataNode"},
                                 {"filePath", "s3://b/f"},
                                 {"precondition", "Gate", true}}});
  const std::string id = p.Start(definition);
  p.End(p.Take("readers"));
  EXPECT_EQ(p.StatusAt(id, At("Node")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Work")), "WAITING_FOR_RUNNER");
}

TEST(PlannerPreconditions, WithoutARouteFailAndSayWhy) {
  PlannerHarness p(kNight);
  Definition definition = Gated();
  Remove(definition, "Default", "workerGroup");
  Remove(definition, "Work", "precondition");
  Add(definition, "Work", {"workerGroup", "wg"});
  Add(definition, "Then", {"workerGroup", "wg"});
  definition.objects.push_back({"Lonely",
                                "Lonely",
                                {{"type", "S3DataNode"},
                                 {"filePath", "s3://b/f"},
                                 {"precondition", "Gate", true}}});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.StatusAt(id, At("Gate")), "FAILED");
  EXPECT_EQ(p.At(id, At("Gate")).failure.id, "Service_NoWorkerGroup");
  EXPECT_THAT(p.At(id, At("Lonely")).failure.message,
              HasSubstr("No worker group"));
}

// The resource that wrote a node is kept for whoever checks it.
TEST(PlannerPreconditions, OnAResourceKeepItUp) {
  PlannerHarness p(kNight);
  Definition definition = ResourcePipeline();
  Add(definition, "OnResource", {"output", Ref("Node")});
  definition.objects.push_back({"Node",
                                "Node",
                                {{"type", "S3DataNode"},
                                 {"filePath", "s3://b/f"},
                                 {"precondition", "Gate", true}}});
  definition.objects.push_back(
      {"Gate",
       "Gate",
       {{"type", "ShellCommandPrecondition"}, {"command", "true"}}});
  const std::string id = p.Start(definition);
  const std::string group = id + "_" + At("Resource");
  p.End(p.Take(group));
  EXPECT_EQ(p.StatusAt(id, At("Resource")), "RUNNING");
  p.End(p.Take(group));
  EXPECT_EQ(p.StatusAt(id, At("Node")), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, At("Resource")), "FINISHED");
}

TEST(PlannerPreconditions, ArePausedWithWhatTheyGuard) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Gated());
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"Work"}).ok());
  EXPECT_FALSE(p.TryTake().has_value());
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, {"Work"}).ok());
  EXPECT_TRUE(p.TryTake().has_value());
}

}  // namespace
}  // namespace holdline
