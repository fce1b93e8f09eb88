#include "server/engine/clock.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(ClockTest, NeverRunsBackwardsAndKeepsToTheWallClock) {
  Clock clock;
  absl::Time last = clock.Now();
  for (int i = 0; i < 1000; ++i) {
    const absl::Time now = clock.Now();
    EXPECT_GE(now, last);
    last = now;
  }
  EXPECT_LE(last, absl::Now());
  EXPECT_EQ(last, absl::FromUnixMicros(absl::ToUnixMicros(last)));
}

}  // namespace
}  // namespace holdline
