// What runners are given, and what follows from what they do (DATAPIPELINE
// sections 2.4, 4 and 5.1 to 5.5).

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr char kNight[] = "2012-12-12T00:00:00";
constexpr char kRoot[] = "@Root_2012-12-12T00:00:00";

// Row A3 of section 2.4, and section 4.3.
TEST(PlannerRunner, IsToldOfTheAttemptAndNothingElse) {
  PlannerHarness p("2012-12-13T01:40:50");
  const std::string id = p.Start(HelloPipeline());
  const Task task = p.Take();
  ASSERT_EQ(p.Told(task).size(), 1);
  const PipelineObject& told = p.Told(task).front();
  const std::string instance = "@SayHello_2012-12-12T00:00:00";
  EXPECT_EQ(told.id, instance + "_Attempt=1");
  EXPECT_EQ(told.name, told.id);
  EXPECT_THAT(
      told.fields,
      UnorderedElementsAre(
          Field{"@componentParent", "SayHello", true},
          Field{"@scheduledStartTime", "2012-12-12T00:00:00"},
          Field{"parent", "SayHello", true}, Field{"@sphere", "ATTEMPT"},
          Field{"workerGroup", "wg"}, Field{"@instanceParent", instance, true},
          Field{"type", "ShellCommandActivity"},
          Field{"@status", "WAITING_FOR_RUNNER"}, Field{"@version", "1"},
          Field{"schedule", "Schedule", true},
          Field{"scheduleType", "timeseries"},
          Field{"@actualStartTime", "2012-12-13T01:40:50"},
          Field{"command", "echo hello 2012-12-12T00:00:00"},
          Field{"@scheduledEndTime", "2012-12-12T01:00:00"},
          Field{"@activeInstances", instance, true}, Field{"@pipelineId", id}));
  EXPECT_EQ(p.StatusAt(id, instance), "RUNNING");
  EXPECT_EQ(p.AttemptAt(id, instance, 1).hostname, "host");
  EXPECT_EQ(p.AttemptAt(id, instance, 1).instance_arn, "arn:host");
  EXPECT_EQ(task.spec.kind, TaskKind::kActivity);
  EXPECT_EQ(task.spec.type, "ShellCommandActivity");
}

TEST(PlannerRunner, IsToldOfNodesWithoutHowFarTheyHaveCome) {
  PlannerHarness p(kNight);
  p.Start(ShellPipeline());
  p.End(p.Take("holdline.preconditions"));
  const Task task = p.Take();
  ASSERT_EQ(p.Told(task).size(), 3);
  const PipelineObject& raw = p.Told(task)[1];
  EXPECT_EQ(raw.id, "@Raw_2012-12-12T00:00:00");
  EXPECT_THAT(raw.fields, testing::Contains(Field{"directoryPath",
                                                  "s3://raw/2012-12-12-00"}));
  for (const Field& field : raw.fields) {
    EXPECT_NE(field.key, "@status");
    EXPECT_NE(field.key, "@actualStartTime");
    // Who else reads it is nothing that its reader has to know.
    EXPECT_NE(field.key, "output");
  }
  EXPECT_EQ(p.Told(task)[2].id, "@Compressed_2012-12-12T00:00:00");
  EXPECT_THAT(p.ToldText(task, "output"), "@Compressed_2012-12-12T00:00:00");
}

// Section 8.1.
TEST(PlannerRunner, IsToldReferencesIdsAndTypesAsTheyAreWritten) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  definition.objects.push_back(
      {"Note#{1 + 1}",
       "Name#{1 + 1}",
       {{"type", "Property"}, {"key", "k"}, {"value", "#{1 + 1}"}}});
  Add(definition, "Root", {"my_note", Ref("Note#{1 + 1}")});
  p.Start(definition);
  const Task task = p.Take();
  EXPECT_EQ(p.ToldText(task, "my_note"), "Note#{1 + 1}");
  ASSERT_EQ(p.Told(task).size(), 2);
  const PipelineObject& note = p.Told(task)[1];
  EXPECT_EQ(note.id, "Note#{1 + 1}");
  EXPECT_EQ(note.name, "Name#{1 + 1}");
  EXPECT_THAT(note.fields, testing::Contains(Field{"value", "2"}));
}

TEST(PlannerRunner, OfAnotherGroupCaseOrAccountGetsNothing) {
  PlannerHarness p(kNight);
  p.Start(WideCascade(0));
  EXPECT_FALSE(p.TryTake("WG").has_value());
  EXPECT_FALSE(p.TryTake("wg ").has_value());
  const AccountId mine = std::exchange(p.account, AccountId("others"));
  EXPECT_FALSE(p.TryTake("wg").has_value());
  p.account = mine;
  EXPECT_TRUE(p.TryTake("wg").has_value());
  EXPECT_FALSE(p.TryTake("wg").has_value());
}

// Row A4, section 5.3.
TEST(PlannerRunner, WhoDoesNotAcknowledgeLosesTheSameAttempt) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  const Task lost = p.Take();
  p.Pass(absl::Minutes(2));
  EXPECT_EQ(p.StatusAt(id, kRoot), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).status, RunStatus::kWaitingForRunner);
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).hostname, "");
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).instance_arn, "");
  const Task again = p.Take();
  EXPECT_EQ(again.id, lost.id);
  EXPECT_NE(again.state.lease.id, lost.state.lease.id);
  EXPECT_EQ(p.At(id, kRoot).attempts, 1);
  EXPECT_EQ(p.At(id, kRoot).retries_left, 2);
  EXPECT_TRUE(p.IsCanceled(lost));
  EXPECT_FALSE(p.IsCanceled(again));
}

// Section 5.4.
TEST(PlannerRunner, WhoIsSilentForTooLongHasFailedATry) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  const Task task = p.Take();
  p.Report(task);
  p.Pass(absl::Minutes(14));
  p.Report(task);
  p.Pass(absl::Minutes(15));
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).status, RunStatus::kFailed);
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).failure.id, "Service_ProgressTimeout");
  EXPECT_EQ(p.At(id, kRoot).retries_left, 1);
  EXPECT_TRUE(p.IsCanceled(task));
}

TEST(PlannerRunner, TheObjectMaySayHowLongARunnerMayBeSilent) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"reportProgressTimeout", "5 minutes"});
  const std::string id = p.Start(definition);
  p.Report(p.Take());
  p.Pass(absl::Minutes(5));
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).failure.id, "Service_ProgressTimeout");
}

// Section 5.5.
TEST(PlannerRunner, AnAttemptTakesTooLongFromItsHandOutOn) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"attemptTimeout", "20 minutes"});
  const std::string id = p.Start(definition);
  p.Pass(absl::Hours(3));
  const Task task = p.Take();
  p.Report(task);
  p.Pass(absl::Minutes(10));
  p.Report(task);
  EXPECT_EQ(p.StatusAt(id, kRoot), "RUNNING");
  p.Pass(absl::Minutes(10));
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).failure.id, "Service_AttemptTimeout");
  EXPECT_TRUE(p.IsCanceled(task));
}

// Rows A6 and A7, section 5.2; section 15, rows 20 and 30.
TEST(PlannerRunner, AFailedTryIsFollowedByTheNextAfterTheDelay) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"retryDelay", "1 minute"});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.At(id, kRoot).attempts, 1);
  EXPECT_EQ(p.At(id, kRoot).retries_left, 2);
  const Failure failure{"Service_Mine", "boom", "at line 1"};
  p.End(p.Take(), AttemptEnd::kFailed, failure);
  const Attempt failed = p.AttemptAt(id, kRoot, 1);
  EXPECT_EQ(failed.status, RunStatus::kFailed);
  EXPECT_EQ(failed.failure, failure);
  EXPECT_EQ(failed.ended_at, p.now);
  EXPECT_EQ(p.StatusAt(id, kRoot), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.At(id, kRoot).failure, Failure());
  p.Pass(absl::Seconds(59));
  EXPECT_FALSE(p.TryTake().has_value());
  p.Pass(absl::Seconds(1));
  EXPECT_EQ(p.Told(p.Take()).front().id, std::string(kRoot) + "_Attempt=2");
  EXPECT_EQ(p.At(id, kRoot).retries_left, 1);
}

TEST(PlannerRunner, AnOperatorMayEndTheDelay) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"retryDelay", "1 hour"});
  const std::string id = p.Start(definition);
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_FALSE(p.TryTake().has_value());
  p.Pass(absl::Minutes(1));
  p.RunTaskNow(p.AttemptAt(id, kRoot, 2).task);
  EXPECT_EQ(p.AttemptAt(id, kRoot, 2).ready_at, p.now);
  EXPECT_EQ(p.Told(p.Take()).front().id, std::string(kRoot) + "_Attempt=2");
  EXPECT_EQ(p.At(id, kRoot).retries_left, 1);
}

// Row A8.
TEST(PlannerRunner, WithNoTriesLeftTheInstanceHasFailed) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"maximumRetries", "1"});
  const std::string id = p.Start(definition);
  p.FailAttempts(1);
  p.End(p.Take(), AttemptEnd::kFailed, {"E2", "still", ""});
  const Instance failed = p.At(id, kRoot);
  EXPECT_EQ(failed.status, RunStatus::kFailed);
  EXPECT_EQ(failed.failure, (Failure{"E2", "still", ""}));
  EXPECT_EQ(failed.ended_at, p.now);
  EXPECT_EQ(failed.attempts, 2);
  EXPECT_EQ(p.ComponentOf(id, "Root").health, Health::kError);
  EXPECT_EQ(p.ComponentOf(id, "Root").health_from, failed.key);
  EXPECT_EQ(p.Record(id).health, Health::kError);
  p.Pass(absl::Hours(1));
  EXPECT_FALSE(p.TryTake().has_value());
}

TEST(PlannerRunner, WithoutRetriesTheFirstFailureIsTheLast) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  Add(definition, "Root", {"maximumRetries", "0"});
  const std::string id = p.Start(definition);
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, kRoot), "FAILED");
}

TEST(PlannerRunner, AFailureForGoodUsesUpAllTries) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  const Failure failure{"UnsupportedTask", "nobody can do this", ""};
  p.End(p.Take(), AttemptEnd::kFailedForGood, failure);
  const Instance failed = p.At(id, kRoot);
  EXPECT_EQ(failed.status, RunStatus::kFailed);
  EXPECT_EQ(failed.failure, failure);
  EXPECT_EQ(failed.attempts, 1);
  EXPECT_EQ(failed.retries_left, 0);
  p.Pass(absl::Hours(24));
  EXPECT_FALSE(p.TryTake().has_value());
}

// Row A5.
TEST(PlannerRunner, WhatItFinishesHasFinished) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  p.Pass(absl::Minutes(5));
  const Task task = p.Take();
  p.Report(task);
  p.Pass(absl::Minutes(5));
  p.End(task);
  EXPECT_EQ(p.StatusAt(id, kRoot), "FINISHED");
  EXPECT_EQ(p.At(id, kRoot).ended_at, p.now);
  EXPECT_EQ(p.At(id, kRoot).started_at, p.now - absl::Minutes(5));
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).status, RunStatus::kFinished);
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).reported_at, p.now - absl::Minutes(5));
  EXPECT_EQ(p.ComponentOf(id, "Root").health, Health::kHealthy);
  EXPECT_EQ(p.Record(id).health, Health::kHealthy);
  EXPECT_EQ(p.Record(id).health_at, p.now);
}

TEST(PlannerRunner, WhatItSaysOfACancelledTaskHasNoEffect) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  const Task task = p.Take();
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {kRoot}).ok());
  p.End(task);
  EXPECT_EQ(p.StatusAt(id, kRoot), "CANCELED");
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).status, RunStatus::kCanceled);
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).cancellation_reason,
            "It was cancelled with SetStatus.");
}

TEST(PlannerRunner, AnOperatorMayCancelTheTask) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(1));
  const Task task = p.Take();
  p.CancelTask(task);
  EXPECT_EQ(p.StatusAt(id, kRoot), "CANCELED");
  EXPECT_EQ(p.At(id, kRoot).cancellation_reason, "by the operator");
  EXPECT_EQ(p.StatusAt(id, "@Leaf0_2012-12-12T00:00:00"), "CASCADE_FAILED");
}

// Section 8.3, at its end.
TEST(PlannerRunner, WhatCannotBeEvaluatedIsNotGivenToAny) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(1);
  Set(definition, "Root", {"command", "echo #{nothing.to.see}"});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.StatusAt(id, kRoot), "FAILED");
  EXPECT_EQ(p.At(id, kRoot).failure.id, "Service_ExpressionError");
  EXPECT_THAT(p.At(id, kRoot).failure.message, HasSubstr("command"));
  EXPECT_EQ(p.AttemptAt(id, kRoot, 1).status, RunStatus::kFailed);
  EXPECT_EQ(p.StatusAt(id, "@Leaf0_2012-12-12T00:00:00"), "CASCADE_FAILED");
  EXPECT_FALSE(p.TryTake().has_value());
}

// Each that fails as it starts makes room for the next: no stack is so deep.
TEST(PlannerRunner, ManyThatCannotBeEvaluatedFailOneAfterAnother) {
  PlannerHarness p("2013-12-12T00:00:00");
  Definition definition = YearOfQuarterHours();
  Set(definition, "Quarters", {"startDateTime", "2012-12-31T23:45:00"});
  Set(definition, "Quarters", {"endDateTime", "2013-02-15T00:00:00"});
  Add(definition, "Tick", {"maxActiveInstances", "1"});
  // Only the first is of that year.
  Set(definition, "Tick",
      {"command", "echo #{1 / (2013 - year(@scheduledStartTime))}"});
  const std::string id = p.Start(definition);
  EXPECT_GT(p.disk.instances.size(), 4000);
  EXPECT_EQ(p.StatusAt(id, "@Tick_2013-01-01T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Tick_2013-02-14T23:45:00"), "FAILED");
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

}  // namespace
}  // namespace holdline
