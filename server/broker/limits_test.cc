// How much of the broker an account may take up.

#include <string>

#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

TEST(BrokerLimitTest, ReachingALimitIsAClearErrorAndLosesNothing) {
  BrokerHarness b({.live_tasks_max = 2, .parked_calls_max = 1});
  b.Submit("wg");
  EXPECT_EQ(b.Ask<absl::Status>(
                 Submit{b.account, {b.NewTask("wg"), b.NewTask("wg")}, "", 0})
                .code(),
            absl::StatusCode::kResourceExhausted);
  b.Submit("wg");
  b.Poll("empty");
  EXPECT_EQ(b.Answer<absl::Status>(b.Poll("empty")).code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(BrokerLimitTest, AnAccountThatHasAllItMayHoldsNobodyElseUp) {
  BrokerHarness b(
      {.live_tasks_max = 1, .parked_calls_max = 1, .requests_max = 1});
  const auto submit = [&](const std::string& request_id) {
    return Submit{b.account, {b.NewTask("wg")}, request_id, 0};
  };
  b.Ask<SubmitAnswer>(submit("once"));
  b.Poll("empty");
  b.account = AccountId{"210987654321"};
  b.Ask<SubmitAnswer>(submit("once"));
  EXPECT_FALSE(b.Answered(b.Poll("empty")));
}

TEST(BrokerLimitTest, AnAccountHasSoManyRequestsRememberedAlsoAfterARestart) {
  BrokerHarness b({.requests_max = 1});
  const auto submit = [&](const std::string& request_id) {
    return Submit{b.account, {b.NewTask("wg")}, request_id, 0};
  };
  b.Ask<SubmitAnswer>(submit("once"));
  b.Restart();
  EXPECT_EQ(b.Ask<absl::Status>(submit("again")).code(),
            absl::StatusCode::kResourceExhausted);
  b.Ask<SubmitAnswer>(submit("once"));  // a repeat
  b.Ask<SubmitAnswer>(submit(""));      // one that cannot be repeated
  b.Advance(absl::Minutes(10));
  b.Ask<SubmitAnswer>(submit("again"));
}

TEST(BrokerLimitTest, TheLimitOfHeldCallsIsForHoldingAndNotForAsking) {
  BrokerHarness b({.parked_calls_max = 1});
  b.Poll("empty");
  const TaskId id = b.Submit("wg");
  EXPECT_EQ(b.Take("wg").id, id);
  EXPECT_EQ(b.Answer<absl::Status>(b.Poll("wg")).code(),
            absl::StatusCode::kResourceExhausted);
  b.Submit("paused");
  b.Ask<GroupsAnswer>(ChangeGroup{b.Group("paused"), true, {}});
  EXPECT_EQ(b.Answer<absl::Status>(b.Poll("paused")).code(),
            absl::StatusCode::kResourceExhausted)
      << "a poll that would be held is refused";
}

TEST(BrokerLimitTest, WhatHasEndedNoLongerCounts) {
  BrokerHarness b({.live_tasks_max = 1, .parked_calls_max = 1});
  for (int i = 0; i < 2; ++i) {
    b.Submit("wg");
    b.Finish(b.Take("wg"));
  }
}

}  // namespace
}  // namespace holdline
