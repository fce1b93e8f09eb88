// How pipelines are stopped, and how they go on (DATAPIPELINE sections 3.6 and
// 6.10).

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::IsEmpty;

constexpr char kNight[] = "2012-12-12T00:00:00";

// HelloPipeline, one instance at a time.
Definition OneAtATime() {
  Definition definition = HelloPipeline();
  Add(definition, "SayHello", {"maxActiveInstances", "1"});
  return definition;
}

std::string Hello(const std::string& time) {
  return "@SayHello_2012-12-12T" + time + ":00";
}

// Row P13 of section 2.2.
TEST(PlannerDeactivation, WhatIsNotActiveIsNotStopped) {
  PlannerHarness p(kNight);
  const std::string pending = p.Create();
  EXPECT_EQ(p.Deactivate(pending).code(), absl::StatusCode::kInvalidArgument);
  const std::string finished = p.Start(WideCascade(0));
  p.End(p.Take());
  EXPECT_EQ(p.Deactivate(finished).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(p.StateOf(finished), "FINISHED");

  const std::string draining = p.Start(WideCascade(0));
  const Task task = p.Take();
  ASSERT_TRUE(p.Deactivate(draining, false).ok());
  ASSERT_TRUE(p.Deactivate(draining, true).ok());
  EXPECT_EQ(p.StateOf(draining), "DEACTIVATING");
  EXPECT_FALSE(p.IsCanceled(task));
  p.End(task);
  EXPECT_EQ(p.StateOf(draining), "INACTIVE");
  EXPECT_TRUE(p.Deactivate(draining).ok());
  EXPECT_EQ(p.StateOf(draining), "INACTIVE");
}

TEST(PlannerDeactivation, CancelsWhateverIsLiveAndNothingFollows) {
  PlannerHarness p(kNight);
  Definition definition = ShellPipeline();
  const std::string id = p.Start(definition);
  const Task check = p.Take("holdline.preconditions");
  ASSERT_TRUE(p.Deactivate(id).ok());
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_TRUE(p.IsCanceled(check));
  for (const auto& [key, instance] : p.disk.instances) {
    EXPECT_EQ(instance.status, RunStatus::kCanceled);
    EXPECT_EQ(instance.cancellation_reason, "The pipeline was deactivated.");
  }
  EXPECT_EQ(p.disk.instances.size(), 4);
  EXPECT_THAT(p.disk.notifications, IsEmpty());
  EXPECT_EQ(p.ComponentOf(id, "Compress").status, ComponentStatus::kInactive);
  EXPECT_EQ(p.ComponentOf(id, "Compress").deactivated_at, p.now);
  EXPECT_EQ(p.ComponentOf(id, "Compress").health, Health::kError);
  EXPECT_EQ(p.Record(id).health, Health::kError);
  p.Pass(absl::Hours(2));
  EXPECT_EQ(p.disk.instances.size(), 4);
}

// "Resumes from the last completed execution" (section 3.5).
TEST(PlannerDeactivation, WhatItCancelledIsRunWhenThePipelineGoesOn) {
  PlannerHarness p("2012-12-12T04:00:00");
  const std::string id = p.Start(OneAtATime());
  p.End(p.Take());
  const Task task = p.Take();
  ASSERT_TRUE(p.Deactivate(id).ok());
  EXPECT_TRUE(p.IsCanceled(task));
  p.Pass(absl::Hours(1));
  p.Restart();
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "FINISHED");
  EXPECT_EQ(p.At(id, Hello("01:00")).failure, Failure());
  EXPECT_EQ(p.At(id, Hello("01:00")).cancellation_reason, "");
  // In turn, each with its next attempt.
  for (const char* attempt : {"@SayHello_2012-12-12T01:00:00_Attempt=2",
                              "@SayHello_2012-12-12T02:00:00_Attempt=1",
                              "@SayHello_2012-12-12T03:00:00_Attempt=1",
                              "@SayHello_2012-12-12T04:00:00_Attempt=1"}) {
    const Task next = p.Take();
    EXPECT_EQ(p.Told(next).front().id, attempt);
    EXPECT_FALSE(p.TryTake().has_value());
    p.End(next);
  }
}

TEST(PlannerDeactivation, WhatWasCancelledByHandStaysSo) {
  PlannerHarness p("2012-12-12T03:00:00");
  const std::string id = p.Start(OneAtATime());
  ASSERT_TRUE(p.Change(id, ObjectChange::kTryCancel, {Hello("01:00")}).ok());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, Hello("01:00")), "CANCELED");
  EXPECT_EQ(p.StatusAt(id, Hello("02:00")), "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerDeactivation, AReRunThatItCancelledStaysSo) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(OneAtATime());
  p.End(p.Take());
  p.End(p.Take());
  ASSERT_TRUE(p.Change(id, ObjectChange::kRerun, {Hello("00:00")}).ok());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "CANCELED");
}

TEST(PlannerDeactivation, AStartTimestampSkipsWhatItCancelled) {
  PlannerHarness p("2012-12-12T04:00:00");
  const std::string id = p.Start(OneAtATime());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T02:00:00")).ok());
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "SKIPPED");
  EXPECT_EQ(p.StatusAt(id, Hello("01:00")), "SKIPPED");
  EXPECT_EQ(p.StatusAt(id, Hello("02:00")), "WAITING_FOR_RUNNER");
}

TEST(PlannerDeactivation, DependentsAreResumedWithWhatTheyWaitFor) {
  PlannerHarness p(kNight);
  // In mode cascade: what is still to be taken up has not failed.
  Definition definition = WideCascade(2);
  std::swap(definition.objects[2], definition.objects[4]);
  const std::string id = p.Start(definition);
  p.Take();
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, "@Leaf0_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
  const Task root = p.Take();
  EXPECT_EQ(p.Told(root).front().id, "@Root_2012-12-12T00:00:00_Attempt=2");
  p.End(root);
  p.End(p.Take());
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

TEST(PlannerDeactivation, WithoutCancellingNothingIsBegunUntilItGoesOn) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task first = p.Take();
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  // A failure would be tried again.
  p.End(first, AttemptEnd::kFailed);
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.At(id, Hello("00:00")).task, TaskId{});
  p.Pass(absl::Hours(3));
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_EQ(p.disk.instances.size(), 2);
  p.Restart();
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.disk.instances.size(), 5);
  EXPECT_EQ(p.Told(p.Take()).front().id, Hello("00:00") + "_Attempt=2");
  EXPECT_EQ(p.Told(p.Take()).front().id, Hello("01:00") + "_Attempt=1");
}

// Row P9 of section 2.2.
TEST(PlannerDeactivation, AnActivationEndsTheDraining) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Start(HelloPipeline());
  const Task first = p.Take();
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  EXPECT_EQ(p.StateOf(id), "DEACTIVATING");
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  EXPECT_FALSE(p.IsCanceled(first));
  p.End(first);
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  EXPECT_EQ(p.StatusAt(id, Hello("00:00")), "FINISHED");
  EXPECT_TRUE(p.TryTake().has_value());
}

TEST(PlannerDeactivation, WhatATerminationEndsIsDrained) {
  PlannerHarness p(kNight);
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  const std::string id = p.Start(definition);
  p.Report(p.Take("holdline.resources"));
  p.Report(p.Take(id + "_@Resource_2012-12-12T00:00:00"));
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  EXPECT_EQ(p.StateOf(id), "DEACTIVATING");
  // The resource's time is over, and with it that of what runs on it.
  for (int i = 0; i < 13; ++i) p.Pass(absl::Minutes(10));
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
}

TEST(PlannerDeactivation, AResourceThatNobodyLaunchesYetIsNotLaunched) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(ResourcePipeline());
  EXPECT_EQ(p.StatusAt(id, "@Resource_2012-12-12T00:00:00"), "CREATING");
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_FALSE(p.TryTake("holdline.resources").has_value());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Told(p.Take("holdline.resources")).front().id,
            "@Resource_2012-12-12T00:00:00_Attempt=1");
}

TEST(PlannerDeactivation, WhatIsGivenBackWhileDrainingIsOfferedLater) {
  PlannerHarness p("2012-12-12T01:00:00");
  const std::string id = p.Start(HelloPipeline());
  p.Take();
  ASSERT_TRUE(p.Deactivate(id, false).ok());
  p.Pass(absl::Minutes(2));
  EXPECT_EQ(p.StateOf(id), "INACTIVE");
  EXPECT_FALSE(p.TryTake().has_value());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Told(p.Take()).front().id, Hello("00:00") + "_Attempt=1");
}

TEST(PlannerDeactivation, WhatIsPausedStaysSoWhenThePipelineGoesOn) {
  PlannerHarness p;
  const std::string id = p.Start(HelloPipeline());
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"SayHello"}).ok());
  ASSERT_TRUE(p.Deactivate(id).ok());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.ComponentOf(id, "SayHello").status, ComponentStatus::kPaused);
}

}  // namespace
}  // namespace holdline
