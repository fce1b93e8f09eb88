#include "server/broker/retry.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

Task FailedBefore(int failures, RetryPolicy retry) {
  Task task;
  task.id = TaskId{42};
  task.spec.retry = retry;
  task.state.failures = failures;
  task.state.attempt = failures + 1;
  return task;
}

absl::Duration Wait(int failures, RetryPolicy retry) {
  const absl::Time now = absl::UnixEpoch();
  return NextAttemptTime(FailedBefore(failures, retry), now) - now;
}

TEST(RetryTest, TheDefaultIsThreeTriesTenMinutesApart) {
  EXPECT_EQ(Wait(0, {}), absl::Minutes(10));
  EXPECT_EQ(Wait(1, {}), absl::Minutes(10));
  EXPECT_EQ(Wait(2, {}), absl::InfiniteDuration());
}

TEST(RetryTest, BackoffMultipliesEachFurtherWaitUpToTheLongest) {
  const RetryPolicy retry{.attempts = 100,
                          .delay = absl::Seconds(1),
                          .backoff = 2,
                          .delay_max = absl::Seconds(5)};
  EXPECT_EQ(Wait(0, retry), absl::Seconds(1));
  EXPECT_EQ(Wait(1, retry), absl::Seconds(2));
  EXPECT_EQ(Wait(2, retry), absl::Seconds(4));
  EXPECT_EQ(Wait(3, retry), absl::Seconds(5));
  EXPECT_EQ(Wait(98, {.attempts = 100, .backoff = 10}), absl::Hours(24));
}

TEST(RetryTest, JitterShortensTheWaitByAPartThatTheTaskDecides) {
  const RetryPolicy retry{
      .attempts = 100, .delay = absl::Seconds(100), .jitter = 0.5};
  absl::Duration shortest = absl::InfiniteDuration();
  absl::Duration longest;
  for (int failures = 0; failures < 99; ++failures) {
    const absl::Duration wait = Wait(failures, retry);
    EXPECT_EQ(wait, Wait(failures, retry)) << "decided alike each time";
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
  }
  EXPECT_GE(shortest, absl::Seconds(50));
  EXPECT_LT(shortest, absl::Seconds(60));
  EXPECT_LE(longest, absl::Seconds(100));
  EXPECT_GT(longest, absl::Seconds(90));
}

}  // namespace
}  // namespace holdline
