// Task runners: whose a poll is, who drains, who was seen when.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

class BrokerRunnersTest : public testing::Test {
 protected:
  RunnerKey Runner(const std::string& name) { return {b.account, name}; }

  bool Heartbeat(const std::string& runner, const std::string& host = "host",
                 const std::string& group = "wg") {
    return b
        .Ask<HeartbeatAnswer>(holdline::Heartbeat{Runner(runner), host, group})
        .terminate;
  }

  void Drain(const std::string& name, bool draining = true) {
    b.Ask<RunnersAnswer>(ChangeRunner{Runner(name), draining});
  }

  std::vector<RunnerView> List() {
    return b.Ask<RunnersAnswer>(InspectRunners{b.account, "", 100}).runners;
  }

  std::vector<std::string> Names() {
    std::vector<std::string> names;
    for (const auto& view : List()) names.push_back(view.record.runner.name);
    return names;
  }

  RunnerView View(const std::string& name) {
    for (const RunnerView& view : List()) {
      if (view.record.runner.name == name) return view;
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }

  bool Terminated(CallId poll) {
    return b.Answered(poll) &&
           b.Answer<PollAnswer>(poll).result == PollResult::kTerminate;
  }

  // Polls as a runner that names itself.
  CallId PollAs(const std::string& runner, const std::string& group,
                const std::string& hostname = "host") {
    return b.Say(
        Poll{b.Group(group), hostname, b.now + absl::Seconds(90), {}, runner});
  }

  // Says several things whose outcome is stored in one batch.
  void SayAtOnce(const std::vector<TaskCommand>& what) {
    for (const TaskCommand& command : what) {
      b.broker().Handle({.call = CallId{++call_}, .now = b.now}, command);
    }
  }

  BrokerHarness b{{.runners_max = 3}};

 private:
  uint64_t call_ = 1000000;  // beyond those of the harness
};

TEST_F(BrokerRunnersTest, DrainingOneRunnerLeavesTheOthersOfItsHostAtWork) {
  Heartbeat("vm-1");
  Heartbeat("vm-2");
  const CallId first = PollAs("vm-1", "wg");
  const CallId second = PollAs("vm-2", "wg");
  Drain("vm-1");
  EXPECT_TRUE(Terminated(first)) << "it is told at once";
  EXPECT_TRUE(Terminated(PollAs("vm-1", "wg")));
  EXPECT_TRUE(Heartbeat("vm-1"));
  EXPECT_FALSE(Heartbeat("vm-2"));
  const TaskId id = b.Submit("wg");
  EXPECT_EQ(b.Answer<PollAnswer>(second).task->id, id);
  EXPECT_EQ(b.Stored(id).lease.taskrunner_id, "vm-2");
}

TEST_F(BrokerRunnersTest, ADrainingRunnerMayFinishWhatItHas) {
  b.Submit("wg");
  const Task task = *b.Answer<PollAnswer>(PollAs("vm-1", "wg")).task;
  Drain("vm-1");
  EXPECT_FALSE(b.Report(task).canceled);
  b.Finish(task);
  EXPECT_EQ(b.Stored(task.id).phase, Phase::kFinished);
}

TEST_F(BrokerRunnersTest, APollThatNamesItsHostOnlyIsOfTheRunnerOfThatHost) {
  EXPECT_FALSE(Heartbeat("runner-1"));
  const CallId poll = b.Poll("wg");
  Drain("runner-1");
  EXPECT_TRUE(Heartbeat("runner-1"));
  const TaskId id = b.Submit("wg");
  EXPECT_FALSE(b.Answered(poll)) << "it would only poll again";
  EXPECT_EQ(b.Take("wg", "another").id, id);
  b.Restart();
  const CallId held = b.Poll("wg");
  const TaskId next = b.Submit("wg");
  EXPECT_FALSE(b.Answered(held));
  Drain("runner-1", false);
  EXPECT_EQ(b.Answer<PollAnswer>(held).task->id, next)
      << "a held call wakes when the draining ends";
}

TEST_F(BrokerRunnersTest, APollThatMayBeOfSeveralRunnersRestsWhenAllDrain) {
  Heartbeat("runner-1");
  Heartbeat("runner-2");
  Drain("runner-1");
  b.Submit("wg");
  b.Take("wg");
  const CallId poll = b.Poll("wg");
  Drain("runner-2");
  const TaskId id = b.Submit("wg");
  EXPECT_FALSE(b.Answered(poll));
  const auto group = b.Ask<GroupsAnswer>(InspectGroup{b.Group("wg")}).groups[0];
  EXPECT_EQ(group.parked_calls, 1);
  EXPECT_EQ(group.resting_calls, 1);
  Heartbeat("runner-3");
  EXPECT_EQ(b.Answer<PollAnswer>(poll).task->id, id)
      << "it may be a runner's that does not drain";
}

TEST_F(BrokerRunnersTest, TheWorkerGroupTellsTheRunnersOfAHostApart) {
  Heartbeat("runner-1", "host", "blue");
  Heartbeat("runner-2", "host", "red");
  const CallId blue = b.Poll("blue");
  const CallId red = b.Poll("red");
  EXPECT_EQ(View("runner-1").parked_calls, 1);
  Drain("runner-1");
  b.Submit("blue");
  b.Submit("red");
  EXPECT_FALSE(b.Answered(blue));
  EXPECT_TRUE(b.Answered(red));
}

TEST_F(BrokerRunnersTest, ARunnerWhosePollsNameItDoesNotStandForItsHost) {
  Heartbeat("vm-1");
  Drain("vm-1");
  const CallId nameless = b.Poll("wg");
  const TaskId id = b.Submit("wg");
  EXPECT_FALSE(b.Answered(nameless));
  EXPECT_TRUE(Terminated(PollAs("vm-1", "wg")));
  Drain("vm-1", false);
  PollAs("vm-1", "other");
  Drain("vm-1");
  b.Submit("wg");
  EXPECT_EQ(b.Answer<PollAnswer>(nameless).task->id, id);
  EXPECT_FALSE(b.Answered(b.Poll("empty")));
  EXPECT_EQ(View("vm-1").parked_calls, 0);
}

TEST_F(BrokerRunnersTest, ADrainedRunnerThatIsSilentDoesNotStandForItsHost) {
  Heartbeat("runner-1");
  Drain("runner-1");
  b.Submit("wg");
  EXPECT_FALSE(b.Answered(b.Poll("wg")));
  b.Advance(absl::Hours(2));
  b.Take("wg");
  Heartbeat("runner-1");
  b.Submit("wg");
  EXPECT_FALSE(b.Answered(b.Poll("wg"))) << "it is there again";
}

TEST_F(BrokerRunnersTest, DrainingAHostDrainsAllItsRunners) {
  Drain("host");
  EXPECT_TRUE(Heartbeat("vm-1"));
  EXPECT_TRUE(Terminated(PollAs("vm-1", "wg")));
  const CallId nameless = b.Poll("wg");
  const CallId elsewhere = PollAs("vm-1", "empty", "another");
  b.Submit("wg");
  EXPECT_FALSE(b.Answered(nameless));
  Drain("another");
  EXPECT_TRUE(Terminated(elsewhere));
  Drain("host", false);
  EXPECT_TRUE(b.Answered(nameless));
  EXPECT_THAT(Names(), testing::Not(testing::Contains("vm-2")));
}

TEST_F(BrokerRunnersTest, WhatIsHeldIsCountedForEachRunner) {
  Heartbeat("vm-1");
  Heartbeat("vm-2");
  b.Submit("wg");
  PollAs("vm-1", "wg");
  PollAs("vm-1", "wg");
  PollAs("vm-2", "wg");
  PollAs("vm-2", "wg");
  EXPECT_THAT(Names(), testing::ElementsAre("vm-1", "vm-2"));
  EXPECT_EQ(View("vm-1").leased_tasks, 1);
  EXPECT_EQ(View("vm-1").parked_calls, 1);
  EXPECT_EQ(View("vm-2").leased_tasks, 0);
  EXPECT_EQ(View("vm-2").parked_calls, 2);
  b.Restart();
  EXPECT_EQ(View("vm-1").leased_tasks, 1);
}

TEST_F(BrokerRunnersTest, PollsThatAreNoKnownRunnersAreListedByTheirHost) {
  Heartbeat("runner-1", "host-1");
  b.Submit("wg");
  b.Take("wg", "host-1");
  b.Poll("wg", "host-2");
  EXPECT_THAT(Names(), testing::ElementsAre("host-2", "runner-1"));
  EXPECT_EQ(View("host-2").parked_calls, 1);
  EXPECT_EQ(View("runner-1").leased_tasks, 1);
  Heartbeat("runner-2", "host-1");
  EXPECT_THAT(Names(),
              testing::ElementsAre("host-1", "host-2", "runner-1", "runner-2"))
      << "the lease may be of either";
}

TEST_F(BrokerRunnersTest, RunnersAreListedInPages) {
  for (const char* name : {"a", "c"}) Heartbeat(name, name);
  b.Poll("wg", "b");
  const auto page = b.Ask<RunnersAnswer>(InspectRunners{b.account, "", 2});
  ASSERT_EQ(page.runners.size(), 2);
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.runners[1].record.runner.name, "b");
  const auto last = b.Ask<RunnersAnswer>(InspectRunners{b.account, "b", 2});
  ASSERT_EQ(last.runners.size(), 1);
  EXPECT_FALSE(last.more);
}

TEST_F(BrokerRunnersTest, APollAReportAndAnEndAreSignsOfLife) {
  Heartbeat("vm-1");
  Heartbeat("aws-1", "host-2");
  const absl::Time heard = b.now;
  b.Advance(absl::Minutes(14));
  EXPECT_EQ(View("vm-1").seen_at, heard);
  PollAs("vm-1", "wg");
  b.Poll("wg", "host-2");
  b.Advance(absl::Minutes(1));
  EXPECT_EQ(View("vm-1").seen_at, b.now) << "its poll is held";
  EXPECT_EQ(View("aws-1").seen_at, b.now);
  b.Advance(absl::Minutes(10));
  const absl::Time answered = b.now - absl::Minutes(9.5);
  EXPECT_EQ(View("vm-1").seen_at, answered);
  EXPECT_EQ(View("aws-1").seen_at, answered);
  EXPECT_EQ(View("vm-1").record.heartbeat_at, heard);
  b.Submit("wg");
  const Task task = *b.Answer<PollAnswer>(PollAs("vm-1", "wg")).task;
  b.Advance(absl::Minutes(1));
  b.Report(task);
  EXPECT_EQ(View("vm-1").seen_at, b.now);
  b.Advance(absl::Minutes(1));
  b.Finish(task);
  EXPECT_EQ(View("vm-1").seen_at, b.now);
}

TEST_F(BrokerRunnersTest, AHeartbeatThatSaysNothingNewIsRecordedOncePerHour) {
  for (int i = 0; i < 100; ++i) Heartbeat("vm-1");
  EXPECT_EQ(b.facts.size(), 1);
  b.Advance(absl::Minutes(59));
  Heartbeat("vm-1");
  EXPECT_EQ(b.facts.size(), 1);
  EXPECT_EQ(View("vm-1").record.heartbeat_at, b.now) << "it is known";
  b.Advance(absl::Minutes(1));
  Heartbeat("vm-1");
  EXPECT_EQ(b.facts.size(), 2);
  Heartbeat("vm-1", "host", "another group");
  EXPECT_EQ(b.facts.size(), 3);
}

TEST_F(BrokerRunnersTest, ARunnerIsForgottenWhenItWasNotSeenForADay) {
  Heartbeat("gone");
  Heartbeat("polls");
  Heartbeat("drains");
  Drain("drains");
  for (int hour = 0; hour < 26; ++hour) {
    PollAs("polls", "wg");
    b.Advance(absl::Hours(1));
  }
  EXPECT_THAT(Names(), testing::ElementsAre("drains", "polls"));
}

TEST_F(BrokerRunnersTest, ARunnerIsRememberedForAsLongAsItHasATask) {
  Heartbeat("works");
  Submission submission = b.NewTask("wg");
  submission.spec.timeouts.acknowledge = absl::Hours(48);
  b.Submit(submission);
  PollAs("works", "wg");
  b.Advance(absl::Hours(47));
  EXPECT_THAT(Names(), testing::ElementsAre("works"));
  EXPECT_EQ(b.disk.settings.runners.size(), 1);
  b.Advance(absl::Hours(26));
  EXPECT_EQ(b.disk.settings.runners.size(), 0);
}

TEST_F(BrokerRunnersTest, HoweverManyWereNotSeenAllAreForgottenSoon) {
  BrokerHarness many;
  for (int i = 0; i < 3000; ++i) {
    many.Ask<HeartbeatAnswer>(
        holdline::Heartbeat{Runner(absl::StrCat("gone-", i)), "host", "wg"});
  }
  many.Advance(absl::Hours(25) + absl::Seconds(3));
  const auto left = many.Ask<RunnersAnswer>(InspectRunners{b.account, "", 100});
  EXPECT_THAT(left.runners, testing::IsEmpty());
}

TEST_F(BrokerRunnersTest, AFloodOfNamesForgetsTheOneNotSeenForLongest) {
  Heartbeat("drains");
  Drain("drains");
  Heartbeat("gone");
  Heartbeat("polls");
  Heartbeat("heard");
  b.Advance(absl::Seconds(1));
  PollAs("polls", "wg");
  Heartbeat("heard");
  Heartbeat("new");
  EXPECT_THAT(Names(), testing::ElementsAre("drains", "heard", "new", "polls"));
  for (int i = 0; i < 1000; ++i) Heartbeat(absl::StrCat("flood-", i));
  EXPECT_EQ(b.disk.settings.runners.size(), 4);
  EXPECT_THAT(Names(), testing::ElementsAre("drains", "flood-997", "flood-998",
                                            "flood-999", "polls"))
      << "what holds a poll is listed for that";
  EXPECT_TRUE(Heartbeat("drains"));
  b.account = AccountId{"210987654321"};
  Heartbeat("of another account");
  EXPECT_THAT(Names(), testing::SizeIs(1));
}

TEST_F(BrokerRunnersTest, WhatIsRecordedAndForgottenInOneBatchIsForgotten) {
  SayAtOnce({ChangeRunner{Runner("a"), true}, ChangeRunner{Runner("a"), false},
             ChangeRunner{Runner("b"), true}, ChangeRunner{Runner("b"), false},
             ChangeRunner{Runner("b"), true}});
  EXPECT_THAT(Names(), testing::ElementsAre("b"));
  std::vector<TaskCommand> flood;
  for (int i = 0; i < 10; ++i) {
    flood.push_back(
        holdline::Heartbeat{Runner(absl::StrCat("flood-", i)), "host", "wg"});
  }
  SayAtOnce(flood);
  EXPECT_THAT(Names(),
              testing::ElementsAre("b", "flood-7", "flood-8", "flood-9"));
}

TEST_F(BrokerRunnersTest, NoMoreMayDrainThanAreRememberedBeside) {
  for (const char* name : {"a", "b", "c"}) Drain(name);
  const auto refusal = b.Ask<absl::Status>(ChangeRunner{Runner("d"), true});
  EXPECT_EQ(refusal.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(refusal.message(), testing::HasSubstr("3 draining runners"));
  Drain("a");
  Drain("a", false);
  Drain("d");
  Heartbeat("e");
  EXPECT_THAT(Names(), testing::ElementsAre("b", "c", "d", "e"))
      << "nothing is known of the one that neither drains nor was heard of";
  Drain("not draining", false);
  EXPECT_EQ(b.disk.settings.runners.size(), 4);
}

}  // namespace
}  // namespace holdline
