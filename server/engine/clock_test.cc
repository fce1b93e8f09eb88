#include "server/engine/clock.h"

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

class ClockTest : public ::testing::Test {
 protected:
  // Lets time pass, and reads.
  Now After(absl::Duration duration) {
    wall_ += duration;
    steady_ += duration;
    return clock_.Join(wall_, steady_);
  }

  absl::Time wall_ = absl::FromUnixSeconds(1355363450);
  absl::Time steady_ = absl::UnixEpoch() + absl::Hours(7);
  Clock clock_;
};

TEST_F(ClockTest, BothClocksGoOnTogether) {
  EXPECT_EQ(After(absl::ZeroDuration()).calendar, wall_);
  const Now now = After(absl::Seconds(3));
  EXPECT_EQ(now.calendar, wall_);
  EXPECT_EQ(now.steady, steady_);
}

TEST_F(ClockTest, TheCalendarFollowsAWallClockThatIsSetEitherWay) {
  After(absl::ZeroDuration());
  for (const absl::Duration step :
       {absl::Hours(1), -absl::Minutes(10), absl::Hours(24 * 365),
        -absl::Hours(24 * 365), absl::Seconds(1)}) {
    wall_ += step;
    const Now now = After(absl::Seconds(1));
    EXPECT_EQ(now.calendar, wall_) << step;
    EXPECT_EQ(now.steady, steady_) << step;
  }
}

TEST_F(ClockTest, WhatIsOnlyTheImprecisionOfReadingsIsNoStep) {
  After(absl::ZeroDuration());
  const absl::Time wall = wall_ + absl::Seconds(1);
  wall_ += absl::Milliseconds(90);
  EXPECT_EQ(After(absl::Seconds(1)).calendar, wall);
}

TEST_F(ClockTest, StepsTooSmallToBeFollowedAreFollowedTogether) {
  After(absl::ZeroDuration());
  for (int i = 0; i < 2; ++i) {
    wall_ -= absl::Milliseconds(60);
    After(absl::Seconds(1));
  }
  EXPECT_EQ(After(absl::Seconds(1)).calendar, wall_);
}

TEST_F(ClockTest, TheCalendarHasWholeMicroseconds) {
  wall_ += absl::Nanoseconds(1700);
  const Now now = After(absl::ZeroDuration());
  EXPECT_EQ(now.calendar, absl::FromUnixMicros(absl::ToUnixMicros(wall_)));
}

TEST_F(ClockTest, TheMachinesClocksAreRead) {
  const absl::Time before = absl::Now();
  const Now first = clock_.Read();
  const Now second = clock_.Read();
  EXPECT_GE(first.calendar, before - absl::Seconds(1));
  EXPECT_LE(second.calendar, absl::Now() + absl::Seconds(1));
  EXPECT_GE(second.steady, first.steady);
}

}  // namespace
}  // namespace holdline
