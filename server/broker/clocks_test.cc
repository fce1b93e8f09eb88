// What the broker promises when clocks are set, and when it stood still: what
// is measured is measured by the steady clock, dates go by the calendar, and
// whoever could not be listened to loses nothing.

#include "gtest/gtest.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

constexpr absl::Duration kYear = absl::Hours(24 * 365);

class ClocksTest : public ::testing::Test {
 protected:
  Task TakeAndReport(const std::string& group = "wg") {
    b.Submit(group);
    const Task task = b.Take(group);
    b.Report(task);
    return task;
  }

  void ExpectHeld(const Task& task) {
    EXPECT_EQ(b.Stored(task.id).phase, Phase::kLeased);
    EXPECT_EQ(b.Stored(task.id).lease.id, task.state.lease.id);
    EXPECT_EQ(b.Stored(task.id).failures, 0);
  }

  BrokerHarness b;
};

class SetCalendarTest : public ClocksTest,
                        public ::testing::WithParamInterface<absl::Duration> {};

TEST_P(SetCalendarTest, EndsNoHoldAndStretchesNone) {
  const TaskId task = b.Submit("other");
  const CallId before = b.Poll("wg");
  b.SetCalendar(GetParam());
  const CallId poll = b.Poll("wg");
  const CallId wait =
      b.Say(Wait{b.account, NumberOf(task), b.now + absl::Seconds(90)});
  b.Advance(absl::Seconds(89));
  EXPECT_FALSE(b.Answered(before));
  EXPECT_FALSE(b.Answered(poll));
  EXPECT_FALSE(b.Answered(wait));
  b.Advance(absl::Seconds(1));
  EXPECT_TRUE(b.Answered(before));
  EXPECT_TRUE(b.Answered(poll));
  EXPECT_TRUE(b.Answered(wait));
}

TEST_P(SetCalendarTest, EndsNoLeaseAndStretchesNone) {
  const Task silent = TakeAndReport();
  const Task reported = TakeAndReport("other");
  b.SetCalendar(GetParam());
  b.Advance(absl::Minutes(14));
  EXPECT_FALSE(b.Report(reported).canceled);
  ExpectHeld(silent);
  b.Advance(absl::Minutes(1));
  EXPECT_EQ(b.ended_attempts.at(0).failure.id, "Service_ProgressTimeout");
  ExpectHeld(reported);
}

TEST_P(SetCalendarTest, LeavesTheTimeToAcknowledgeAsItIs) {
  b.Submit("wg");
  b.Take("wg");
  b.SetCalendar(GetParam());
  b.Advance(absl::Seconds(119));
  const CallId poll = b.Poll("wg");
  EXPECT_FALSE(b.Answered(poll));
  b.Advance(absl::Seconds(1));
  EXPECT_TRUE(b.Answered(poll));
}

TEST_P(SetCalendarTest, LeavesTheTimeOfAnAttemptAsItIs) {
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.attempt = absl::Minutes(30);
  b.Submit(submission);
  const Task task = b.Take("wg");
  b.Report(task);
  b.Advance(absl::Minutes(10));
  b.SetCalendar(GetParam());
  b.Report(task);
  b.Advance(absl::Minutes(10));
  b.Report(task);
  b.Advance(absl::Minutes(9));
  ExpectHeld(task);
  b.Advance(absl::Minutes(1));
  EXPECT_EQ(b.ended_attempts.at(0).failure.id, "Service_AttemptTimeout");
}

TEST_P(SetCalendarTest, LeavesTheTimeInWhichARequestCanBeRepeatedAsItIs) {
  const Submit request{b.account, {b.NewTask("wg")}, "r", 7};
  const auto first = b.Ask<SubmitAnswer>(request);
  b.SetCalendar(GetParam());
  b.Advance(absl::Minutes(9));
  EXPECT_EQ(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
  b.Advance(absl::Minutes(1));
  EXPECT_NE(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
}

TEST_P(SetCalendarTest, AReadyTaskStaysReadyEvenAcrossARestart) {
  const TaskId id = b.Submit("wg");
  b.SetCalendar(GetParam());
  b.Restart();
  EXPECT_EQ(b.Take("wg").id, id);
}

TEST_P(SetCalendarTest, ARestartLeavesALeaseAtMostItsTimeAndAtLeastTheGrace) {
  const Task task = TakeAndReport();
  b.SetCalendar(GetParam());
  b.Restart();
  b.Advance(absl::Seconds(119));
  ExpectHeld(task);
  b.Advance(absl::Minutes(14));
  EXPECT_EQ(b.ended_attempts.at(0).failure.id, "Service_ProgressTimeout");
}

TEST_P(SetCalendarTest, WhatIsStoredHasTheNewDate) {
  const absl::Time date = b.now + GetParam();
  b.SetCalendar(GetParam());
  const Task task = TakeAndReport();
  EXPECT_EQ(b.disk.tasks.at(task.id).task.spec.submitted_at, date);
  EXPECT_EQ(b.Stored(task.id).lease.reported_at, date);
  EXPECT_EQ(b.Stored(task.id).lease.deadline, date + absl::Minutes(15));
  b.Finish(task);
  EXPECT_EQ(b.Stored(task.id).ended_at, date);
}

INSTANTIATE_TEST_SUITE_P(
    Steps, SetCalendarTest,
    ::testing::Values(-kYear, -absl::Minutes(10), absl::Hours(1), kYear),
    [](const auto& step) {
      const double hours = absl::ToDoubleHours(step.param);
      return std::string(hours < 0 ? "Back" : "Forward") +
             std::to_string(static_cast<int>(std::abs(hours) * 60)) + "Minutes";
    });

TEST_F(ClocksTest, ADelayEndsWhenTheCalendarSaysSo) {
  Submission later = b.NewTask("wg");
  later.not_before = b.now + absl::Hours(2);
  b.Submit(later);
  b.SetCalendar(absl::Hours(1));
  const CallId poll =
      b.Say(Poll{b.Group("wg"), "host", b.now + absl::Hours(9)});
  b.Advance(absl::Minutes(59));
  EXPECT_FALSE(b.Answered(poll));
  b.SetCalendar(-absl::Minutes(10));
  b.Advance(absl::Minutes(10));
  EXPECT_FALSE(b.Answered(poll));
  b.Advance(absl::Minutes(1));
  EXPECT_TRUE(b.Answered(poll));
}

TEST_F(ClocksTest, AStallGivesTheGraceOfARestart) {
  const Task reported = TakeAndReport();
  const Task silent = TakeAndReport("other");
  b.Stall(absl::Hours(5));
  b.Advance(absl::Seconds(119));
  EXPECT_FALSE(b.Report(reported).canceled);
  ExpectHeld(silent);
  b.Advance(absl::Seconds(1));
  EXPECT_EQ(b.Stored(silent.id).failures, 1) << "its runner died meanwhile";
  ExpectHeld(reported);
}

TEST_F(ClocksTest, AShortStallGivesTenTimesItsLength) {
  const Task task = TakeAndReport();
  b.Advance(absl::Minutes(15) - absl::Seconds(2));
  b.Stall(absl::Seconds(3));
  b.Advance(absl::Seconds(29));
  ExpectHeld(task);
  b.Advance(absl::Seconds(1));
  EXPECT_EQ(b.Stored(task.id).failures, 1);
}

TEST_F(ClocksTest, AStallShortensNoLease) {
  const Task task = TakeAndReport();
  b.Stall(absl::Minutes(5));
  b.Advance(absl::Minutes(9));
  ExpectHeld(task);
}

TEST_F(ClocksTest, AReportLeavesTheGraceOfAnAttemptThatIsOver) {
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.attempt = absl::Minutes(5);
  b.Submit(submission);
  const Task task = b.Take("wg");
  b.Stall(absl::Minutes(10));
  b.Report(task);
  b.Advance(absl::Seconds(119));
  b.Answer<EndAnswer>(b.Finish(task));
}

TEST_F(ClocksTest, ALeaseThatIsMadeAfterAStallHasNoGrace) {
  b.Stall(absl::Hours(5));
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.acknowledge = absl::Seconds(5);
  b.Submit(submission);
  const Task task = b.Take("wg");
  b.Advance(absl::Seconds(5));
  EXPECT_EQ(b.Take("wg").id, task.id);
}

TEST_F(ClocksTest, ARequestCanBeRepeatedAfterAStallOrARestart) {
  const Submit request{b.account, {b.NewTask("wg")}, "r", 7};
  const auto first = b.Ask<SubmitAnswer>(request);
  b.Stall(absl::Hours(5));
  b.Advance(absl::Seconds(119));
  EXPECT_EQ(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
  b.now += absl::Hours(5);
  b.Restart();
  b.Advance(absl::Seconds(119));
  EXPECT_EQ(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
  b.Advance(absl::Seconds(1));
  EXPECT_NE(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
}

TEST_F(ClocksTest, AfterTheFirstReportTheTimeBetweenReportsCounts) {
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.progress = absl::Seconds(10);
  b.Submit(submission);
  const Task task = b.Take("wg");
  b.Advance(absl::Seconds(1));
  b.Report(task);
  EXPECT_EQ(b.Stored(task.id).lease.deadline, b.now + absl::Seconds(10));
  b.Advance(absl::Seconds(9));
  ExpectHeld(task);
  b.Advance(absl::Seconds(1));
  EXPECT_EQ(b.Stored(task.id).failures, 1);
}

TEST_F(ClocksTest, StallsWithoutEndKeepNoTaskOfADeadRunner) {
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.progress = absl::Seconds(5);
  b.Submit(submission);
  b.Submit(submission);
  const Task dead = b.Take("wg");
  const Task alive = b.Take("wg");
  b.Report(dead);
  for (int i = 0; i < 60; ++i) {
    if (i % 3 == 0) {
      EXPECT_FALSE(b.Report(alive).canceled);
    }
    b.Stall(absl::Milliseconds(1200));
  }
  EXPECT_EQ(b.Stored(dead.id).failures, 1);
  ExpectHeld(alive);
}

TEST_F(ClocksTest, HoldsEndDuringAStall) {
  const CallId poll = b.Poll("wg");
  b.Stall(absl::Seconds(90));
  EXPECT_TRUE(b.Answered(poll));
}

}  // namespace
}  // namespace holdline
