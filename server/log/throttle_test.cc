#include "server/log/throttle.h"

#include <cstdint>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kStart = absl::FromUnixSeconds(1000);

constexpr auto kWrite = Throttle::Verdict::kWrite;
constexpr auto kWriteAsLast = Throttle::Verdict::kWriteAsLast;
constexpr auto kLeaveOut = Throttle::Verdict::kLeaveOut;

LogEvent Event(int64_t number) {
  return {LogLevel::kInfo, "event", {{"number", number}}};
}

int64_t NumberIn(const LogEvent& event, size_t field) {
  return std::get<int64_t>(event.fields.at(field).value);
}

TEST(ThrottleTest, LetsTheFirstEventsOfASecondThrough) {
  Throttle throttle(2);
  EXPECT_EQ(throttle.Admit("a", kStart, Event(1)), kWrite);
  EXPECT_EQ(throttle.Admit("a", kStart, Event(2)), kWriteAsLast);
  EXPECT_EQ(throttle.Admit("a", kStart + absl::Milliseconds(999), Event(3)),
            kLeaveOut);
  EXPECT_EQ(throttle.Admit("a", kStart + absl::Seconds(1), Event(4)), kWrite);
}

TEST(ThrottleTest, TellsTheLatestOfThoseLeftOutAndCountsTheOthers) {
  Throttle throttle(1);
  for (int i = 0; i < 5; ++i) throttle.Admit("a", kStart, Event(i));
  EXPECT_THAT(throttle.Collect(kStart + absl::Milliseconds(999)), IsEmpty());
  const std::vector<LogEvent> collected =
      throttle.Collect(kStart + absl::Seconds(1));
  ASSERT_THAT(collected, SizeIs(1));
  EXPECT_EQ(NumberIn(collected[0], 0), 4);
  EXPECT_STREQ(collected[0].fields.at(1).name, "suppressed");
  EXPECT_EQ(NumberIn(collected[0], 1), 3);
  EXPECT_THAT(throttle.Collect(absl::InfiniteFuture()), IsEmpty());
}

TEST(ThrottleTest, OneThatWasLeftOutIsToldAsItIs) {
  Throttle throttle(1);
  throttle.Admit("a", kStart, Event(1));
  throttle.Admit("a", kStart, Event(2));
  const std::vector<LogEvent> collected =
      throttle.Collect(absl::InfiniteFuture());
  ASSERT_THAT(collected, SizeIs(1));
  EXPECT_THAT(collected[0].fields, SizeIs(1));
}

TEST(ThrottleTest, WhatWasLeftOutStaysCountedWhileTheNextSecondGoesOn) {
  Throttle throttle(1);
  for (int i = 0; i < 3; ++i) throttle.Admit("a", kStart, Event(i));
  throttle.Admit("a", kStart + absl::Seconds(1), Event(3));
  const std::vector<LogEvent> collected =
      throttle.Collect(kStart + absl::Seconds(2));
  ASSERT_THAT(collected, SizeIs(1));
  EXPECT_EQ(NumberIn(collected[0], 1), 1);
}

TEST(ThrottleTest, KindsDoNotCountForEachOther) {
  Throttle throttle(1);
  EXPECT_EQ(throttle.Admit("a", kStart, Event(1)), kWriteAsLast);
  EXPECT_EQ(throttle.Admit("b", kStart, Event(2)), kWriteAsLast);
  EXPECT_EQ(throttle.Admit("b", kStart, Event(3)), kLeaveOut);
}

TEST(ThrottleTest, AnEndlessStreamOfKindsIsBounded) {
  Throttle throttle(1);
  for (size_t i = 0; i < Throttle::kKindsMax; ++i) {
    EXPECT_EQ(throttle.Admit(absl::StrCat(i), kStart, Event(1)), kWriteAsLast);
  }
  EXPECT_EQ(throttle.Admit("one more", kStart, Event(1)), kWriteAsLast);
  EXPECT_EQ(throttle.Admit("and another", kStart, Event(1)), kLeaveOut);
  // For a second only.
  throttle.Collect(kStart + absl::Seconds(1));
  EXPECT_EQ(throttle.Admit("and another", kStart + absl::Seconds(1), Event(1)),
            kWriteAsLast);
}

TEST(ThrottleTest, AClockThatIsSetBackSilencesNobody) {
  Throttle throttle(1);
  throttle.Admit("a", kStart, Event(1));
  EXPECT_EQ(throttle.Admit("a", kStart - absl::Hours(1), Event(2)),
            kWriteAsLast);
}

}  // namespace
}  // namespace holdline
