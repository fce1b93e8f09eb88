#include "client/backoff.h"

#include <cstdint>
#include <limits>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

constexpr uint64_t kHighest = std::numeric_limits<uint64_t>::max();
constexpr uint64_t kMiddle = uint64_t{1} << 63;

constexpr BackoffOptions kOptions = {.first = absl::Seconds(1),
                                     .max = absl::Seconds(5)};

TEST(BackoffTest, TheLimitDoublesUntilTheLongestWait) {
  Backoff backoff(kOptions, [] { return kMiddle; });
  EXPECT_EQ(backoff.Next(), absl::Seconds(0.5));
  EXPECT_EQ(backoff.Next(), absl::Seconds(1));
  EXPECT_EQ(backoff.Next(), absl::Seconds(2));
  EXPECT_EQ(backoff.Next(), absl::Seconds(2.5));
  EXPECT_EQ(backoff.Next(), absl::Seconds(2.5));
}

TEST(BackoffTest, AWaitLiesAnywhereBetweenZeroAndTheLimit) {
  Backoff shortest(kOptions, [] { return uint64_t{0}; });
  EXPECT_EQ(shortest.Next(), absl::ZeroDuration());
  Backoff longest(kOptions, [] { return kHighest; });
  const absl::Duration wait = longest.Next();
  EXPECT_GT(wait, absl::Seconds(0.999));
  EXPECT_LE(wait, absl::Seconds(1));
}

TEST(BackoffTest, ASuccessStartsItAnew) {
  Backoff backoff(kOptions, [] { return kMiddle; });
  backoff.Next();
  backoff.Next();
  backoff.Reset();
  EXPECT_EQ(backoff.Next(), absl::Seconds(0.5));
}

}  // namespace
}  // namespace holdline::client
