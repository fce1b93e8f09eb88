// What the loop promises when the store fails at any point: nobody is told what
// is not on disk, and what is on disk is found again.

#include "server/engine/loop.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/queries/task_object.h"
#include "server/store/memory/memory_store.h"
#include "server/store/testing/faulty_store.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

const AccountId kAccount{"000000000000"};
const GroupKey kGroup{kAccount, "wg"};

class LoopTest : public ::testing::Test {
 protected:
  LoopTest()
      : loop_(
            EngineOptions{}, &store_.diary(), EncodeTaskObject,
            [this](Draft draft) { drafts_.push_back(std::move(draft)); },
            Observer()) {
    EXPECT_TRUE(loop_.Load(now_).ok());
  }

  EngineObserver Observer() {
    EngineObserver observer;
    observer.on_committed = [this](const Batch& batch, const PipelineBatch&,
                                   const TurnFacts& facts, absl::Time) {
      for (const Update& update : batch.updates) facts_.push_back(update);
      for (const auto& task : batch.new_tasks) {
        stored_payloads_.push_back(task.payload.data());
      }
      commands_per_commit_.push_back(facts.commands);
    };
    observer.on_store_status = [this](const absl::Status& status) {
      store_status_.push_back(status);
    };
    observer.on_gap = [this](const GapFacts& gap) { gaps_.push_back(gap); };
    return observer;
  }

  // Puts a command aside for the next turn.
  CallId Add(CommandBody what) {
    const CallId call{next_call_++};
    commands_.push_back(
        {call, kAccount, std::move(what), [this, call](ReplyBody body) {
           EXPECT_FALSE(replies_.contains(call));
           replies_.emplace(call, std::move(body));
           answered_.push_back(call);
         }});
    return call;
  }

  // Does a turn, and returns when the next one is due.
  absl::Time Turn() {
    return loop_.Step(std::exchange(commands_, {}), 0,
                      Now(now_ + calendar_is_ahead_, now_));
  }

  // Does the turns that are due while time passes.
  void Pass(absl::Duration duration) {
    const absl::Time end = now_ + duration;
    for (;;) {
      const absl::Time due = Turn();
      if (due > end) break;
      now_ = std::max(now_, due);
    }
    now_ = end;
  }

  CallId Say(CommandBody what) {
    const CallId call = Add(std::move(what));
    Turn();
    return call;
  }

  bool Answered(CallId call) { return replies_.contains(call); }

  template <typename T>
  T Answer(CallId call) {
    EXPECT_TRUE(Answered(call));
    EXPECT_TRUE(std::holds_alternative<T>(replies_[call]));
    return std::get<T>(replies_[call]);
  }

  void ExpectUnavailable(CallId call) {
    EXPECT_EQ(Answer<absl::Status>(call).code(),
              absl::StatusCode::kUnavailable);
  }

  Submit NewTask(const std::string& payload = "payload",
                 const std::string& request_id = "") {
    Submission submission;
    submission.spec.group = kGroup;
    submission.payload = payload;
    return {kAccount, {submission}, request_id, 1};
  }
  Poll NewPoll() { return {kGroup, "host", now_ + absl::Seconds(90)}; }

  // Lets the wait for the store pass.
  void WaitForStore() {
    now_ += absl::Seconds(5);
    Turn();
  }

  MemoryStore memory_;
  FaultyStore store_{&memory_};
  absl::Time now_ = absl::FromUnixSeconds(1355363450);
  absl::Duration calendar_is_ahead_;
  std::vector<Update> facts_;
  std::vector<int> commands_per_commit_;
  std::vector<CallId> answered_;

  // Where the payloads were when they were stored.
  std::vector<const char*> stored_payloads_;
  std::vector<absl::Status> store_status_;
  std::vector<GapFacts> gaps_;
  std::vector<Draft> drafts_;
  Loop loop_;

 private:
  std::vector<Command> commands_;
  std::map<CallId, ReplyBody> replies_;
  uint64_t next_call_ = 1;
};

TEST_F(LoopTest, RunnersAreAnsweredFirst) {
  const CallId poll = Say(NewPoll());
  const CallId submission = Say(NewTask());
  EXPECT_THAT(answered_, ElementsAre(poll, submission));
}

TEST_F(LoopTest, AHandedOutTaskCarriesItsPayload) {
  Say(NewTask("from the cache"));
  EXPECT_EQ(*Answer<PollAnswer>(Say(NewPoll())).payload, "from the cache");
  EXPECT_EQ(store_.calls(StoreCall::kReadPayload), 0);
}

TEST_F(LoopTest, APayloadIsNotCopiedOnItsWayToTheStore) {
  Submit submit = NewTask(std::string(1000, 'x'));
  const char* const payload = submit.tasks[0].payload.data();
  Say(std::move(submit));
  EXPECT_THAT(stored_payloads_, ElementsAre(payload));
}

TEST_F(LoopTest, APayloadIsReadFromTheStoreWhenTheTaskIsOfferedAgain) {
  Say(NewTask("from the store"));
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Say(ReleaseLease{task.id, task.state.lease.id});
  EXPECT_EQ(*Answer<PollAnswer>(Say(NewPoll())).payload, "from the store");
}

TEST_F(LoopTest, CommandsOfOneTurnShareOneCommit) {
  const CallId poll = Add(NewPoll());
  const CallId first = Add(NewTask());
  const CallId second = Add(NewTask());
  Turn();
  EXPECT_EQ(store_.calls(StoreCall::kCommit), 1);
  EXPECT_THAT(commands_per_commit_, ::testing::ElementsAre(3));
  EXPECT_TRUE(Answered(first));
  EXPECT_TRUE(Answered(second));
  EXPECT_EQ(Answer<PollAnswer>(poll).task->id,
            Answer<SubmitAnswer>(first).tasks[0]);
}

TEST_F(LoopTest, WhatChangesNothingIsNotCommitted) {
  Say(NewPoll());
  Say(InspectGroup{kGroup});
  EXPECT_EQ(store_.calls(StoreCall::kCommit), 0);
}

TEST_F(LoopTest, AStoreThatLosesItsFilesIsMissedWhileNobodyCalls) {
  Turn();
  store_.Fail({.call = StoreCall::kCheck});
  now_ += absl::Seconds(1);
  Turn();
  EXPECT_THAT(store_status_, ElementsAre(DiskFull()));
  WaitForStore();
  EXPECT_THAT(store_status_, ElementsAre(DiskFull(), absl::OkStatus()));
}

TEST_F(LoopTest, WhatWasTrimmedIsGivenBackWhenNothingIsLeftToTrim) {
  Turn();
  EXPECT_EQ(store_.calls(StoreCall::kTrim), 1);
  EXPECT_EQ(store_.calls(StoreCall::kShrink), 1);
}

TEST_F(LoopTest, AFailedCommitIsToldToItsCallersAndUndone) {
  store_.Fail({.call = StoreCall::kCommit});
  const CallId parked = Say(NewPoll());
  const CallId submit = Say(NewTask());
  ExpectUnavailable(submit);
  ExpectUnavailable(parked);
  EXPECT_TRUE(facts_.empty()) << "what was not stored has not happened";
  EXPECT_THAT(std::string(Answer<absl::Status>(submit).message()),
              ::testing::HasSubstr("The store cannot be used now"));
  WaitForStore();
  EXPECT_FALSE(Answered(Say(NewPoll())));
}

TEST_F(LoopTest, ACommitWhoseOutcomeIsUnknownIsFoundAgain) {
  store_.Fail({.call = StoreCall::kCommit, .done = true});
  ExpectUnavailable(Say(NewTask("kept", "request")));
  WaitForStore();
  EXPECT_EQ(Answer<SubmitAnswer>(Say(NewTask("kept", "request"))).tasks.size(),
            1)
      << "the repeat finds the earlier submission";
  EXPECT_EQ(*Answer<PollAnswer>(Say(NewPoll())).payload, "kept");
  EXPECT_FALSE(Answered(Say(NewPoll()))) << "it was taken once";
}

TEST_F(LoopTest, WhatWasAcknowledgedOutlivesAFailure) {
  Say(NewTask());
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Answer<ReportAnswer>(Say(ReportProgress{task.id, task.state.lease.id, ""}));
  store_.Fail({.call = StoreCall::kCommit});
  ExpectUnavailable(
      Say(EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}}));
  WaitForStore();
  Answer<EndAnswer>(
      Say(EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}}));
}

TEST_F(LoopTest, CallsAreRefusedWhileTheStoreIsDownAndItIsTriedWithBackOff) {
  store_.Fail({.call = StoreCall::kCommit});
  store_.Fail({.call = StoreCall::kLoad, .times = 3});
  Say(NewTask());
  std::vector<absl::Duration> waits;
  for (int i = 0; i < 3; ++i) {
    const absl::Time due = Turn();
    waits.push_back(due - now_);
    ExpectUnavailable(Say(NewTask()));
    now_ = due;
    Turn();
  }
  EXPECT_THAT(waits, ::testing::ElementsAre(absl::Milliseconds(100),
                                            absl::Milliseconds(200),
                                            absl::Milliseconds(400)));
  WaitForStore();
  EXPECT_TRUE(store_status_.back().ok());
  Answer<SubmitAnswer>(Say(NewTask()));
}

TEST_F(LoopTest, AReadThatFailsIsAFailureOfTheStore) {
  const CallId submit = Say(NewTask());
  const TaskId id = Answer<SubmitAnswer>(submit).tasks[0];
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Say(EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}});
  store_.Fail({.call = StoreCall::kReadTask});
  const CallId wait = Add(Wait{kAccount, NumberOf(id), now_});
  const CallId behind = Add(NewTask());
  Turn();
  ExpectUnavailable(wait);
  ExpectUnavailable(behind);
  WaitForStore();
  EXPECT_EQ(Answer<TaskAnswer>(Say(Wait{kAccount, NumberOf(id), now_}))
                .task.state.phase,
            Phase::kFinished);
}

TEST_F(LoopTest, APayloadThatCannotBeReadIsOfferedAgain) {
  Say(NewTask());
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Say(ReleaseLease{task.id, task.state.lease.id});
  store_.Fail({.call = StoreCall::kReadPayload});
  ExpectUnavailable(Say(NewPoll()));
  Pass(absl::Minutes(2));
  EXPECT_EQ(Answer<PollAnswer>(Say(NewPoll())).task->id, task.id);
}

TEST_F(LoopTest, AnEndedTaskIsKnownUntilItsRetentionIsOver) {
  const TaskId id = Answer<SubmitAnswer>(Say(NewTask())).tasks[0];
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Say(EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}});
  now_ += absl::Hours(24 * 7) - absl::Minutes(2);
  Turn();
  Answer<TaskAnswer>(Say(Wait{kAccount, NumberOf(id), now_}));
  now_ += absl::Minutes(5);
  Turn();
  EXPECT_EQ(
      Answer<absl::Status>(Say(Wait{kAccount, NumberOf(id), now_})).code(),
      absl::StatusCode::kNotFound);
}

TEST_F(LoopTest, EndingAndWaitingInOneTurnSeeEachOther) {
  const TaskId id = Answer<SubmitAnswer>(Say(NewTask())).tasks[0];
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  const EndAttempt end{task.id, task.state.lease.id, AttemptEnd::kFinished, {}};
  const CallId first = Add(end);
  const CallId repeat = Add(end);
  const CallId wait = Add(Wait{kAccount, NumberOf(id), now_});
  Turn();
  Answer<EndAnswer>(first);
  Answer<EndAnswer>(repeat);
  EXPECT_EQ(Answer<TaskAnswer>(wait).task.state.phase, Phase::kFinished);
}

TEST_F(LoopTest, TheNextTurnIsDueWhenTheNextThingIs) {
  Poll poll = NewPoll();
  poll.hold_until = now_ + absl::Milliseconds(200);
  const CallId call = Add(poll);
  EXPECT_EQ(Turn(), poll.hold_until);
  now_ = poll.hold_until;
  Turn();
  EXPECT_EQ(Answer<PollAnswer>(call).result, PollResult::kEmpty);
  EXPECT_EQ(Turn(), now_ + absl::Milliseconds(250)) << "to notice a gap";
}

TEST_F(LoopTest, AStallEndsNoLeaseWhoseRunnerReports) {
  Say(NewTask());
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  const ReportProgress report{task.id, task.state.lease.id, ""};
  Say(report);
  now_ += absl::Hours(5);
  const CallId poll = Add(NewPoll());
  EXPECT_FALSE(Answer<ReportAnswer>(Say(report)).canceled);
  EXPECT_FALSE(Answered(poll));
  ASSERT_EQ(gaps_.size(), 1);
  EXPECT_EQ(gaps_[0].stall, absl::Hours(5));
  EXPECT_EQ(gaps_[0].step, absl::ZeroDuration());
}

TEST_F(LoopTest, AMachineThatWasSuspendedGivesGrace) {
  Say(NewTask());
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Pass(absl::Seconds(119));
  // The steady clock stood still meanwhile.
  calendar_is_ahead_ = absl::Hours(1);
  Pass(absl::Seconds(119));
  EXPECT_FALSE(Answer<ReportAnswer>(
                   Say(ReportProgress{task.id, task.state.lease.id, ""}))
                   .canceled);
  ASSERT_EQ(gaps_.size(), 1);
  EXPECT_EQ(gaps_[0].step, absl::Hours(1));
}

TEST_F(LoopTest, ACalendarThatIsSetBackIsToldAndGivesNoGrace) {
  Say(NewTask());
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Pass(absl::Seconds(119));
  calendar_is_ahead_ = -absl::Minutes(10);
  Pass(absl::Seconds(1));
  EXPECT_EQ(Answer<PollAnswer>(Say(NewPoll())).task->id, task.id);
  ASSERT_EQ(gaps_.size(), 1);
  EXPECT_EQ(gaps_[0].step, -absl::Minutes(10));
}

TEST_F(LoopTest, TurnsThatAreOnTimeAreNoGap) {
  Say(NewPoll());
  Pass(absl::Minutes(10));
  EXPECT_TRUE(gaps_.empty());
}

TEST_F(LoopTest, AYearTooFarDeletesNoHistoryAtOnce) {
  const TaskId id = Answer<SubmitAnswer>(Say(NewTask())).tasks[0];
  const Task task = *Answer<PollAnswer>(Say(NewPoll())).task;
  Say(EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}});
  calendar_is_ahead_ = absl::Hours(24 * 365);
  for (int hour = 0; hour < 23; ++hour) {
    now_ += absl::Hours(1);
    Turn();
  }
  Answer<TaskAnswer>(Say(Wait{kAccount, NumberOf(id), now_}));
  now_ += absl::Hours(2);
  Turn();
  EXPECT_EQ(
      Answer<absl::Status>(Say(Wait{kAccount, NumberOf(id), now_})).code(),
      absl::StatusCode::kNotFound)
      << "a date that stays is believed";
}

}  // namespace
}  // namespace holdline
