// The life of a task and of a poll, as DATAPIPELINE sections 4 and 5 tell it.

#include "server/broker/broker.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

class BrokerTest : public ::testing::Test {
 protected:
  BrokerHarness b;
};

TEST_F(BrokerTest, AReadyTaskIsHandedOutAtOnce) {
  const TaskId id = b.Submit("wg");
  const Task task = b.Take("wg");
  EXPECT_EQ(task.id, id);
  EXPECT_EQ(task.state.attempt, 1);
  EXPECT_EQ(b.Stored(id).phase, Phase::kLeased);
  EXPECT_EQ(b.Stored(id).lease.hostname, "host");
}

TEST_F(BrokerTest, APayloadIsStoredFromWhereTheSubmitterPutIt) {
  Submission submission = b.NewTask("wg");
  submission.payload = std::string(1000, 'x');
  const char* const bytes = submission.payload.data();
  Submit submit{b.account, {}, "", 0};
  submit.tasks.push_back(std::move(submission));
  Broker broker({}, State(), b.now);
  broker.Handle({.call = CallId{1}, .now = b.now}, std::move(submit));
  const Output output = broker.TakeOutput();
  ASSERT_EQ(output.batch.new_tasks.size(), 1u);
  EXPECT_EQ(output.batch.new_tasks[0].payload.data(), bytes) << "it was copied";
}

TEST_F(BrokerTest, ALeaseSaysOnWhichMachineItIs) {
  const TaskId id = b.Submit("wg");
  b.Say(holdline::Poll{b.Group("wg"), "host", b.now + absl::Seconds(90),
                       "arn:1"});
  EXPECT_EQ(b.Stored(id).lease.instance_arn, "arn:1");
  b.Advance(absl::Minutes(2));
  b.Take("wg");
  EXPECT_EQ(b.Stored(id).lease.instance_arn, "");
}

TEST_F(BrokerTest, AHeldPollSaysOnWhichMachineItIs) {
  b.Say(holdline::Poll{b.Group("wg"), "host", b.now + absl::Seconds(90),
                       "arn:2"});
  EXPECT_EQ(b.Stored(b.Submit("wg")).lease.instance_arn, "arn:2");
}

TEST_F(BrokerTest, APollIsHeldUntilATaskIsSubmitted) {
  const CallId poll = b.Poll("wg");
  EXPECT_FALSE(b.Answered(poll));
  b.Advance(absl::Seconds(89));
  EXPECT_FALSE(b.Answered(poll));
  const TaskId id = b.Submit("wg");
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->id, id);
}

TEST_F(BrokerTest, AHeldPollIsAnsweredEmptyWhenItsHoldEnds) {
  const CallId poll = b.Poll("wg");
  b.Advance(absl::Seconds(90));
  const auto answer = b.Answer<PollAnswer>(poll);
  EXPECT_EQ(answer.result, PollResult::kEmpty);
  EXPECT_FALSE(answer.task.has_value());
}

TEST_F(BrokerTest, TheWorkerGroupMustMatchToTheByte) {
  b.Submit("Group");
  for (const char* other :
       {"group", "Group ", " Group", "Grou", "GroupX", "*"}) {
    EXPECT_FALSE(b.Answered(b.Poll(other))) << other;
  }
  b.Take("Group");
}

TEST_F(BrokerTest, AccountsDoNotSeeEachOther) {
  const TaskId id = b.Submit("wg");
  const AccountId other{"111111111111"};
  const CallId poll =
      b.Say(Poll{{other, "wg"}, "host", b.now + absl::Seconds(90)});
  EXPECT_FALSE(b.Answered(poll));
  EXPECT_EQ(b.Ask<absl::Status>(Cancel{other, NumberOf(id), ""}).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(b.Ask<absl::Status>(Wait{other, NumberOf(id), b.now}).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(b.Ask<GroupsAnswer>(InspectGroups{other, {}, 10}).groups.size(),
            1u);
}

TEST_F(BrokerTest, PollsAreServedInOrderOfArrivalAndEachTaskGoesToOne) {
  const CallId first = b.Poll("wg");
  const CallId second = b.Poll("wg");
  const TaskId one = b.Submit("wg");
  EXPECT_EQ(b.Answer<PollAnswer>(first).task->id, one);
  EXPECT_FALSE(b.Answered(second));
  const TaskId two = b.Submit("wg");
  EXPECT_EQ(b.Answer<PollAnswer>(second).task->id, two);
}

TEST_F(BrokerTest, APollThatHasGoneGetsNoTask) {
  const CallId gone = b.Poll("wg");
  b.Say(CallGone{gone});
  EXPECT_EQ(b.Answer<absl::Status>(gone).code(), absl::StatusCode::kCancelled);
  const TaskId id = b.Submit("wg");
  EXPECT_EQ(b.Take("wg").id, id);
}

TEST_F(BrokerTest, AnUndeliveredTaskIsReadyAgainAtOnceWithNoTryConsumed) {
  const TaskId first = b.Submit("wg");
  b.Submit("wg");
  const Task lost = b.Take("wg");
  b.Say(Undelivered{lost.id, lost.state.lease.id});
  const Task again = b.Take("wg");
  EXPECT_EQ(again.id, first) << "it is at the head of its order";
  EXPECT_EQ(again.state.attempt, 1);
  EXPECT_EQ(again.state.failures, 0);
  EXPECT_GT(again.state.lease.id, lost.state.lease.id);
}

TEST_F(BrokerTest, AReportShowsThatTheAnswerDidArrive) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Report(task);
  b.Say(Undelivered{task.id, task.state.lease.id});
  EXPECT_EQ(b.Stored(task.id).phase, Phase::kLeased);
}

TEST_F(BrokerTest, AnUnacknowledgedTaskIsOfferedAgainAfterTwoMinutes) {
  b.Submit("wg");
  const Task silent = b.Take("wg");
  const CallId next =
      b.Say(Poll{b.Group("wg"), "other", b.now + absl::Minutes(5)});
  b.Advance(absl::Seconds(119));
  EXPECT_FALSE(b.Answered(next));
  b.Advance(absl::Seconds(1));
  const Task again = *b.Answer<PollAnswer>(next).task;
  EXPECT_EQ(again.id, silent.id);
  EXPECT_EQ(again.state.attempt, 1) << "no try is consumed";
  EXPECT_TRUE(b.Report(silent).canceled) << "the stale lease is told to stop";
  EXPECT_EQ(b.Answer<absl::Status>(b.Finish(silent)).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(b.Stored(silent.id).phase, Phase::kLeased);
}

TEST_F(BrokerTest, ReportsKeepALeaseAlive) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(b.Report(task).canceled);
    b.Advance(absl::Minutes(14));
  }
  b.Answer<EndAnswer>(b.Finish(task));
  EXPECT_EQ(b.Stored(task.id).phase, Phase::kFinished);
  EXPECT_EQ(b.Stored(task.id).progress, "half");
}

TEST_F(BrokerTest, SilenceAfterTheAcknowledgementFailsTheAttempt) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Report(task);
  b.Advance(absl::Minutes(15));
  EXPECT_EQ(b.Stored(task.id).phase, Phase::kWaiting);
  EXPECT_EQ(b.Stored(task.id).attempt, 2);
  EXPECT_EQ(b.ended_attempts.at(0).failure.id, "Service_ProgressTimeout");
  EXPECT_TRUE(b.Report(task).canceled);
  EXPECT_EQ(b.Answer<absl::Status>(b.Fail(task)).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(BrokerTest, AnAttemptThatTakesTooLongFailsHoweverOftenItReports) {
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.attempt = absl::Minutes(30);
  b.Submit(submission);
  const Task task = b.Take("wg");
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(b.Report(task).canceled);
    b.Advance(absl::Minutes(14));
  }
  EXPECT_FALSE(b.Report(task).canceled);
  b.Advance(absl::Minutes(2));
  EXPECT_EQ(b.ended_attempts.at(0).failure.id, "Service_AttemptTimeout");
  EXPECT_TRUE(b.Report(task).canceled);
}

TEST_F(BrokerTest, AFailedAttemptIsTriedAgainAfterItsDelay) {
  b.Submit("wg");
  const Task first = b.Take("wg");
  b.Answer<EndAnswer>(b.Fail(first));
  const CallId poll =
      b.Say(Poll{b.Group("wg"), "host", b.now + absl::Hours(1)});
  b.Advance(absl::Minutes(10) - absl::Microseconds(1));
  EXPECT_FALSE(b.Answered(poll));
  b.Advance(absl::Microseconds(1));
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->state.attempt, 2);
}

TEST_F(BrokerTest, ATaskFailsWhenItsTriesAreUsedUp) {
  const TaskId id = b.Submit("wg");
  for (int attempt = 1; attempt <= 3; ++attempt) {
    const Task task = b.Take("wg");
    EXPECT_EQ(task.state.attempt, attempt);
    b.Answer<EndAnswer>(b.Fail(task));
    b.Advance(absl::Minutes(10));
  }
  EXPECT_EQ(b.Stored(id).phase, Phase::kFailed);
  EXPECT_EQ(b.ended_attempts.size(), 3);
  EXPECT_FALSE(b.Answered(b.Poll("wg")));
}

TEST_F(BrokerTest, AFailureForGoodIsFinalWhateverTriesAreLeft) {
  const TaskId id = b.Submit("wg");
  const Task task = b.Take("wg");
  const EndAttempt end{task.id,
                       task.state.lease.id,
                       AttemptEnd::kFailedForGood,
                       {"E1", "nobody can do this", ""}};
  b.Ask<EndAnswer>(end);
  EXPECT_EQ(b.Stored(id).phase, Phase::kFailed);
  EXPECT_EQ(b.ended_attempts.at(0).failure, end.failure);
  b.Ask<EndAnswer>(end);
  b.Advance(absl::Hours(24));
  const CallId poll = b.Poll("wg");
  EXPECT_FALSE(b.Answered(poll));
  EXPECT_EQ(b.ended_attempts.size(), 1);

  b.Ask<TaskAnswer>(Retry{b.account, NumberOf(id)});
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->state.attempt, 2)
      << "a person may know better";
}

TEST_F(BrokerTest, ARepeatedFinalStatusIsWelcomeAndHasNoEffect) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Answer<EndAnswer>(b.Finish(task));
  b.Answer<EndAnswer>(b.Finish(task));
  EXPECT_EQ(b.Answer<absl::Status>(b.Fail(task)).code(),
            absl::StatusCode::kNotFound)
      << "another status after the final one is refused";
  EXPECT_EQ(b.ended_attempts.size(), 0);
}

TEST_F(BrokerTest, ARepeatedFailureConsumesOneTry) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Answer<EndAnswer>(b.Fail(task));
  b.Answer<EndAnswer>(b.Fail(task));
  EXPECT_EQ(b.Stored(task.id).failures, 1);
  EXPECT_EQ(b.Answer<absl::Status>(b.Finish(task)).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(BrokerTest, AReleasedTaskIsReadyAgainAtTheHeadOfItsOrder) {
  const TaskId first = b.Submit("wg");
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Report(task);
  b.Ask<Done>(ReleaseLease{task.id, task.state.lease.id});
  b.Ask<Done>(ReleaseLease{task.id, task.state.lease.id});
  EXPECT_EQ(b.Take("wg").id, first);
}

TEST_F(BrokerTest, ACancelledTaskTellsItsRunnerToStop) {
  const TaskId id = b.Submit("wg");
  const Task task = b.Take("wg");
  EXPECT_FALSE(b.Report(task).canceled);
  b.Ask<TaskAnswer>(Cancel{b.account, NumberOf(id), "no longer needed"});
  EXPECT_TRUE(b.Report(task).canceled);
  EXPECT_TRUE(b.Answer<EndAnswer>(b.Finish(task)).canceled);
  EXPECT_EQ(b.Stored(id).phase, Phase::kCanceled);
  EXPECT_EQ(b.Stored(id).cancellation_reason, "no longer needed");
  EXPECT_EQ(
      b.Ask<TaskAnswer>(Cancel{b.account, NumberOf(id), ""}).task.state.phase,
      Phase::kCanceled);
}

TEST_F(BrokerTest, AnEndedTaskCannotBeCancelled) {
  const TaskId id = b.Submit("wg");
  b.Finish(b.Take("wg"));
  EXPECT_EQ(b.Ask<absl::Status>(Cancel{b.account, NumberOf(id), ""}).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(BrokerTest, AFailedTaskComesBackWithAllItsTries) {
  Submission once = b.NewTask("wg");
  once.spec.retry.attempts = 1;
  const TaskId id = b.Submit(once);
  const Task first = b.Take("wg");
  b.Fail(first);
  EXPECT_EQ(b.Stored(id).phase, Phase::kFailed);
  b.Ask<TaskAnswer>(Retry{b.account, NumberOf(id)});
  EXPECT_EQ(b.Ask<absl::Status>(Retry{b.account, NumberOf(id)}).code(),
            absl::StatusCode::kFailedPrecondition);
  const Task second = b.Take("wg");
  EXPECT_EQ(second.state.attempt, 2) << "the numbers go on";
  EXPECT_EQ(second.state.failures, 0);
  EXPECT_EQ(b.Answer<absl::Status>(b.Finish(first)).code(),
            absl::StatusCode::kNotFound);
  b.Answer<EndAnswer>(b.Finish(second));
}

TEST_F(BrokerTest, AWaitIsAnsweredWhenTheTaskEnds) {
  const TaskId id = b.Submit("wg");
  const CallId wait =
      b.Say(Wait{b.account, NumberOf(id), b.now + absl::Seconds(90)});
  const Task task = b.Take("wg");
  EXPECT_FALSE(b.Answered(wait));
  b.Finish(task);
  EXPECT_EQ(b.Answer<TaskAnswer>(wait).task.state.phase, Phase::kFinished);
  EXPECT_EQ(
      b.Ask<TaskAnswer>(Wait{b.account, NumberOf(id), b.now}).task.state.phase,
      Phase::kFinished);
}

TEST_F(BrokerTest, AWaitWhoseHoldEndsShowsTheTaskAsItIs) {
  const TaskId id = b.Submit("wg");
  const CallId wait =
      b.Say(Wait{b.account, NumberOf(id), b.now + absl::Seconds(9)});
  b.Advance(absl::Seconds(9));
  EXPECT_EQ(b.Answer<TaskAnswer>(wait).task.state.phase, Phase::kWaiting);
  const CallId gone =
      b.Say(Wait{b.account, NumberOf(id), b.now + absl::Seconds(9)});
  b.Say(CallGone{gone});
  EXPECT_EQ(b.Answer<absl::Status>(gone).code(), absl::StatusCode::kCancelled);
}

TEST_F(BrokerTest, ATaskIsNotHandedOutBeforeItsTime) {
  Submission later = b.NewTask("wg");
  later.not_before = b.now + absl::Minutes(1);
  const TaskId id = b.Submit(later);
  const CallId poll = b.Poll("wg");
  EXPECT_FALSE(b.Answered(poll));
  EXPECT_EQ(
      b.Ask<GroupsAnswer>(InspectGroup{b.Group("wg")}).groups[0].delayed_tasks,
      1);
  b.Advance(absl::Minutes(1));
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->id, id);
}

TEST_F(BrokerTest, ARepeatedRequestReturnsTheEarlierTasks) {
  const Submit request{b.account, {b.NewTask("wg"), b.NewTask("wg")}, "r", 7};
  const auto first = b.Ask<SubmitAnswer>(request);
  EXPECT_EQ(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
  EXPECT_EQ(b.disk.tasks.size(), 2);
  Submit other = request;
  other.fingerprint = 8;
  EXPECT_EQ(b.Ask<absl::Status>(other).code(),
            absl::StatusCode::kFailedPrecondition);
  b.Restart();
  EXPECT_EQ(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
  b.Advance(absl::Minutes(10));
  EXPECT_NE(b.Ask<SubmitAnswer>(request).tasks, first.tasks);
}

TEST_F(BrokerTest, ARequestFromBeforeAnUpgradeIsKnownByItsFormerFingerprint) {
  const auto submit = [&](uint64_t fingerprint,
                          std::optional<uint64_t> former) {
    return Submit{b.account, {b.NewTask("wg")}, "request", fingerprint, former};
  };
  const auto first = b.Ask<SubmitAnswer>(submit(1, std::nullopt));
  b.Restart();
  EXPECT_EQ(b.Ask<SubmitAnswer>(submit(2, 1)).tasks, first.tasks);
  EXPECT_EQ(b.Ask<absl::Status>(submit(2, 3)).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(b.Ask<absl::Status>(submit(2, std::nullopt)).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(BrokerTest, ADelayedTaskAndALeaseOutliveARestart) {
  Submission later = b.NewTask("later");
  later.not_before = b.now + absl::Minutes(1);
  b.Submit(later);
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Report(task);
  b.Restart();
  EXPECT_FALSE(b.Report(task).canceled);
  const CallId poll = b.Poll("later");
  b.Advance(absl::Minutes(1));
  EXPECT_TRUE(b.Answered(poll));
  b.Answer<EndAnswer>(b.Finish(task));
}

TEST_F(BrokerTest, NobodyLosesATaskBecauseTheBrokerWasDown) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.Report(task);
  b.now += absl::Hours(5);
  b.Restart();
  b.Advance(absl::Seconds(119));
  EXPECT_FALSE(b.Report(task).canceled) << "the grace period holds the lease";
  b.Answer<EndAnswer>(b.Finish(task));
}

TEST_F(BrokerTest, ALeaseThatIsMadeAfterTheStartHasNoGrace) {
  Submission submission = b.NewTask("g");
  submission.spec.timeouts.acknowledge = absl::Seconds(5);
  b.Submit(submission);
  const Task task = b.Take("g");
  b.Advance(absl::Seconds(6));
  EXPECT_TRUE(b.Report(task).canceled);
  EXPECT_EQ(b.Take("g").id, task.id);
}

TEST_F(BrokerTest, ALeaseWhoseRunnerDiedDuringTheRestartEndsAfterTheGrace) {
  b.Submit("wg");
  const Task task = b.Take("wg");
  b.now += absl::Hours(5);
  b.Restart();
  b.Advance(absl::Minutes(2));
  EXPECT_EQ(b.Take("wg").id, task.id);
}

TEST_F(BrokerTest, APausedGroupHandsNothingOutUntilItIsResumed) {
  const TaskId id = b.Submit("wg");
  b.Ask<GroupsAnswer>(ChangeGroup{b.Group("wg"), true, {}});
  b.Restart();
  const CallId poll = b.Poll("wg");
  EXPECT_FALSE(b.Answered(poll));
  b.Ask<GroupsAnswer>(ChangeGroup{b.Group("wg"), false, {}});
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->id, id);
}

TEST_F(BrokerTest, ADrainingGroupTakesNoTasksButHandsOutWhatItHas) {
  const TaskId id = b.Submit("wg");
  b.Ask<GroupsAnswer>(ChangeGroup{b.Group("wg"), {}, true});
  EXPECT_EQ(
      b.Ask<absl::Status>(
           Submit{b.account, {b.NewTask("other"), b.NewTask("wg")}, "", 0})
          .code(),
      absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(b.disk.tasks.size(), 1) << "all or none";
  EXPECT_EQ(b.Take("wg").id, id);
}

TEST_F(BrokerTest, GroupsAreListedInPages) {
  for (const char* name : {"a", "b", "c"}) b.Submit(name);
  const auto first = b.Ask<GroupsAnswer>(InspectGroups{b.account, {}, 2});
  ASSERT_EQ(first.groups.size(), 2);
  EXPECT_TRUE(first.more);
  EXPECT_EQ(first.groups[0].oldest_ready_at, b.now);
  const auto second = b.Ask<GroupsAnswer>(
      InspectGroups{b.account, first.groups[1].settings.group, 2});
  ASSERT_EQ(second.groups.size(), 1);
  EXPECT_EQ(second.groups[0].settings.group.name, "c");
  EXPECT_FALSE(second.more);
}

TEST_F(BrokerTest, AStoppingBrokerAnswersHeldCallsAndHoldsNoMore) {
  const CallId poll = b.Poll("wg");
  const TaskId other = b.Submit("other");
  const CallId wait =
      b.Say(Wait{b.account, NumberOf(other), b.now + absl::Hours(1)});
  b.Ask<Done>(StopHolding{});
  EXPECT_EQ(b.Answer<PollAnswer>(poll).result, PollResult::kDrained);
  EXPECT_EQ(b.Answer<TaskAnswer>(wait).task.state.phase, Phase::kWaiting);
  EXPECT_EQ(b.Answer<PollAnswer>(b.Poll("other")).result, PollResult::kDrained);
}

TEST_F(BrokerTest, OnlyAPreconditionMayBeFalse) {
  const TaskId direct = b.Submit("wg");
  const Task leased = b.Take("wg");
  EXPECT_EQ(leased.id, direct);
  EXPECT_EQ(
      b.Ask<absl::Status>(
           EndAttempt{leased.id, leased.state.lease.id, AttemptEnd::kFalse, {}})
          .code(),
      absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(b.Stored(direct).phase, Phase::kLeased);

  Submission check = b.NewTask("checks");
  check.spec.kind = TaskKind::kPrecondition;
  check.spec.retry.attempts = 1;
  b.Ask<SubmitAnswer>(Submit{b.account, {check}, "", 0});
  const Task held = b.Take("checks");
  const auto say = [&](AttemptEnd end) {
    return EndAttempt{held.id, held.state.lease.id, end, {}};
  };
  b.Ask<EndAnswer>(say(AttemptEnd::kFalse));
  EXPECT_EQ(b.Stored(held.id).lease_end, LeaseEnd::kFalse);
  b.Ask<EndAnswer>(say(AttemptEnd::kFalse));  // a repeat
  EXPECT_EQ(b.Ask<absl::Status>(say(AttemptEnd::kFailed)).code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace holdline
