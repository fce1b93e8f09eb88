// Delayed tasks that somebody does not want to wait for.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

class RunNowTest : public ::testing::Test {
 protected:
  BrokerHarness b;
};

TEST_F(RunNowTest, ADelayedTaskCanBeRunNow) {
  Submission later = b.NewTask("wg");
  later.not_before = b.now + absl::Hours(1);
  const TaskId id = b.Submit(later);
  const CallId poll = b.Poll("wg");
  EXPECT_EQ(
      b.Ask<TaskAnswer>(RunNow{b.account, NumberOf(id)}).task.state.ready_at,
      b.now);
  const Task first = *b.Answer<PollAnswer>(poll).task;
  EXPECT_EQ(first.id, id);
  b.Fail(first);
  b.Ask<TaskAnswer>(RunNow{b.account, NumberOf(id)});
  b.Restart();
  const Task second = b.Take("wg");
  EXPECT_EQ(second.id, id) << "the delay after a failed attempt is over, too";
  EXPECT_EQ(second.state.attempt, 2);
  EXPECT_EQ(second.state.failures, 1);
}

TEST_F(RunNowTest, OnlyATaskThatWaitsCanBeRunNow) {
  const TaskId id = b.Submit("wg");
  const absl::Time ready_at = b.Stored(id).ready_at;
  b.Advance(absl::Seconds(1));
  EXPECT_EQ(
      b.Ask<TaskAnswer>(RunNow{b.account, NumberOf(id)}).task.state.ready_at,
      ready_at)
      << "a ready task keeps its place";
  const auto refusal = [&] {
    return b.Ask<absl::Status>(RunNow{b.account, NumberOf(id)});
  };
  const Task task = b.Take("wg");
  EXPECT_THAT(refusal().message(), HasSubstr("is leased by a runner"));
  b.Finish(task);
  EXPECT_EQ(refusal().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(refusal().message(), HasSubstr("has finished"));
  EXPECT_EQ(b.Ask<absl::Status>(RunNow{AccountId{"210987654321"}, NumberOf(id)})
                .code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace holdline
