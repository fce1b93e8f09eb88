// Alarms and terminations (DATAPIPELINE section 6.9).

#include <map>
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
  return absl::StrCat("@", component, "_", kNight);
}

SampleObject Alarm(const std::string& id, const std::string& message) {
  return {id,
          {{"type", "SnsAlarm"},
           {"topicArn", "arn:aws:sns:us-east-1:1:alarms"},
           {"subject", id},
           {"message", message},
           {"role", "role"}}};
}

// Root, which Leaf depends on, and alarms for everything, on an hourly
// schedule of two.
Definition Alarmed() {
  Definition definition = Make({
      {"Default",
       {{"workerGroup", "wg"},
        {"scheduleType", "cron"},
        {"schedule", Ref("Hourly")},
        {"failureAndRerunMode", "cascade"},
        {"maximumRetries", "1"}}},
      {"Hourly",
       {{"type", "Schedule"},
        {"period", "1 hour"},
        {"startDateTime", kNight},
        {"occurrences", "1"}}},
      Alarm("Well", "#{node.name} is #{node.@status}"),
      Alarm("Ill", "#{node.errorMessage}"),
      Alarm("Late", "since #{node.@scheduledStartTime}"),
      {"Stop", {{"type", "Terminate"}}},
      {"Root",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"onSuccess", Ref("Well")},
        {"onFail", Ref("Ill")}}},
      {"Leaf",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"dependsOn", Ref("Root")},
        {"onSuccess", Ref("Well")},
        {"onFail", Ref("Ill")}}},
  });
  return definition;
}

// What was said, as `subject: message`.
std::vector<std::string> Said(const PlannerHarness& p) {
  std::vector<std::string> said;
  for (const auto& [number, notification] : p.disk.notifications) {
    said.push_back(
        absl::StrCat(notification.subject, ": ", notification.message));
  }
  return said;
}

TEST(PlannerActions, SuccessIsToldOnce) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Alarmed());
  p.End(p.Take());
  EXPECT_THAT(Said(p), ElementsAre("Well: " + At("Root") + " is FINISHED"));
  const Notification& alarm = p.disk.notifications.begin()->second;
  EXPECT_EQ(alarm.pipeline_id, id);
  EXPECT_EQ(alarm.object_id, At("Root"));
  EXPECT_EQ(alarm.action_id, "Well");
  EXPECT_EQ(alarm.topic, "arn:aws:sns:us-east-1:1:alarms");
  EXPECT_EQ(alarm.account, p.account);
  EXPECT_EQ(alarm.due_at, p.now);
}

TEST(PlannerActions, FailureIsToldWhenNoTriesAreLeftAndOfWhatCascades) {
  PlannerHarness p(kNight);
  p.Start(Alarmed());
  p.FailAttempts(1);
  EXPECT_THAT(Said(p), IsEmpty());
  p.End(p.Take(), AttemptEnd::kFailed, {"E", "disk full", ""});
  EXPECT_THAT(Said(p),
              ElementsAre("Ill: disk full", "Ill: #{node.errorMessage}"))
      << "what cannot be evaluated is said as it stands";
}

TEST(PlannerActions, CancellingTellsNobodyButThoseWhoCascade) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Alarmed());
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {At("Root")}).ok());
  ASSERT_THAT(p.disk.notifications, SizeIs(1));
  EXPECT_EQ(p.disk.notifications.begin()->second.object_id, At("Leaf"));
}

TEST(PlannerActions, OfAResourceThatTimesOutAreFired) {
  PlannerHarness p(kNight);
  Definition definition = ResourcePipeline();
  Add(definition, "Resource", {"onFail", Ref("Ill")});
  definition.objects.push_back({"Ill",
                                "Ill",
                                {{"type", "SnsAlarm"},
                                 {"topicArn", "t"},
                                 {"subject", "s"},
                                 {"message", "#{node.@status}"},
                                 {"role", "role"}}});
  p.Start(definition);
  p.Pass(absl::Hours(2));
  EXPECT_THAT(Said(p), ElementsAre("s: TIMEDOUT"));
}

TEST(PlannerActions, SeveralMayBeNamed) {
  PlannerHarness p(kNight);
  Definition definition = Alarmed();
  Add(definition, "Root", {"onSuccess", Ref("Late")});
  p.Start(definition);
  p.End(p.Take());
  EXPECT_THAT(Said(p), ElementsAre("Well: " + At("Root") + " is FINISHED",
                                   "Late: since 2012-12-12T00:00:00"));
}

TEST(PlannerActions, WhatIsDoneByHandIsToldAsWell) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Alarmed());
  ASSERT_TRUE(p.Change(id, ObjectChange::kMarkFinished, {At("Root")}).ok());
  EXPECT_THAT(Said(p), SizeIs(1));
}

Definition WithLateAction(const std::string& action) {
  Definition definition = Alarmed();
  Add(definition, "Root", {"lateAfterTimeout", "30 minutes"});
  Add(definition, "Root", {"onLateAction", Ref(action)});
  return definition;
}

// Section 15, row 26.
TEST(PlannerActions, LatenessIsToldOnceOfWhatHasNotBegun) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WithLateAction("Late"));
  p.Pass(absl::Minutes(30) - absl::Seconds(1));
  EXPECT_THAT(Said(p), IsEmpty());
  p.Pass(absl::Seconds(1));
  EXPECT_THAT(Said(p), ElementsAre("Late: since 2012-12-12T00:00:00"));
  EXPECT_EQ(p.StatusAt(id, At("Root")), "WAITING_FOR_RUNNER");
  p.Restart();
  p.Pass(absl::Hours(5));
  EXPECT_THAT(Said(p), SizeIs(1));
}

TEST(PlannerActions, WhatHasBegunIsNotLate) {
  PlannerHarness p(kNight);
  p.Start(WithLateAction("Late"));
  const Task task = p.Take();
  for (int i = 0; i < 5; ++i) {
    p.Report(task);
    p.Pass(absl::Minutes(10));
  }
  EXPECT_THAT(Said(p), IsEmpty());
  // Nor is it when it waits for another try.
  p.End(task, AttemptEnd::kFailed);
  p.Pass(absl::Hours(1));
  EXPECT_THAT(Said(p), IsEmpty());
}

TEST(PlannerActions, WhatIsRunAgainIsNotLate) {
  PlannerHarness p(kNight);
  Definition definition = WithLateAction("Late");
  Remove(definition, "Leaf", "dependsOn");
  const std::string id = p.Start(definition);
  p.End(p.Take());
  p.disk.notifications.clear();
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {At("Root")}).ok());
  p.Restart();
  p.Pass(absl::Hours(2));
  EXPECT_THAT(Said(p), IsEmpty());
}

TEST(PlannerActions, TerminateCancelsWhatIsLate) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WithLateAction("Stop"));
  p.Pass(absl::Minutes(30));
  EXPECT_EQ(p.StatusAt(id, At("Root")), "CANCELED");
  EXPECT_EQ(p.At(id, At("Root")).cancellation_reason, "Terminated by Stop.");
  EXPECT_EQ(p.StatusAt(id, At("Leaf")), "CASCADE_FAILED");
  EXPECT_FALSE(p.TryTake().has_value());
}

TEST(PlannerActions, TerminateOfWhatHasFailedChangesNothing) {
  PlannerHarness p(kNight);
  Definition definition = Alarmed();
  Set(definition, "Root", {"onFail", Ref("Stop")});
  const std::string id = p.Start(definition);
  p.FailAttempts(2);
  EXPECT_EQ(p.StatusAt(id, At("Root")), "FAILED");
}

TEST(PlannerActions, OnDemandNothingIsLate) {
  PlannerHarness p(kNight);
  Definition definition = OnDemandPipeline();
  Add(definition, "First", {"lateAfterTimeout", "30 minutes"});
  Add(definition, "First", {"onLateAction", Ref("Stop")});
  definition.objects.push_back({"Stop", "Stop", {{"type", "Terminate"}}});
  const std::string id = p.Start(definition);
  p.Restart();
  p.Pass(absl::Hours(5));
  EXPECT_EQ(p.StatusAt(id, At("First")), "WAITING_FOR_RUNNER");
}

TEST(PlannerActions, AnAlarmIsKeptUntilItIsDeliveredOrGivenUp) {
  PlannerHarness p(kNight);
  p.Start(Alarmed());
  p.End(p.Take());
  p.End(p.Take());
  ASSERT_THAT(p.disk.notifications, SizeIs(2));
  const NotificationNumber first = p.disk.notifications.begin()->first;
  p.Say(DeliveryEnded{first, false, p.now + absl::Minutes(1)});
  EXPECT_EQ(p.disk.notifications.at(first).failures, 1);
  EXPECT_EQ(p.disk.notifications.at(first).due_at, p.now + absl::Minutes(1));
  p.Restart();
  p.Say(DeliveryEnded{first, true, {}});
  EXPECT_THAT(p.disk.notifications, SizeIs(1));
  p.Say(DeliveryEnded{p.disk.notifications.begin()->first, false,
                      absl::InfiniteFuture()});
  EXPECT_THAT(p.disk.notifications, IsEmpty());
  EXPECT_TRUE(p.StatusOf(p.Say(DeliveryEnded{first, true, {}})).ok());
}

}  // namespace
}  // namespace holdline
