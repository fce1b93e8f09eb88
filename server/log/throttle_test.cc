#include "server/log/throttle.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1000);

TEST(ThrottleTest, LetsTheFirstLinesOfASecondThrough) {
  Throttle throttle(2);
  EXPECT_FALSE(throttle.Admit("a", kStart).last);
  EXPECT_TRUE(throttle.Admit("a", kStart).last);
  EXPECT_FALSE(throttle.Admit("a", kStart + absl::Milliseconds(999)).pass);
  EXPECT_TRUE(throttle.Admit("a", kStart + absl::Seconds(1)).pass);
}

TEST(ThrottleTest, TheNextLineTellsHowManyWereLeftOut) {
  Throttle throttle(1);
  EXPECT_EQ(throttle.Admit("a", kStart).left_out, 0);
  for (int i = 0; i < 5; ++i) throttle.Admit("a", kStart);
  EXPECT_EQ(throttle.Admit("a", kStart + absl::Seconds(9)).left_out, 5);
  EXPECT_EQ(throttle.Admit("a", kStart + absl::Seconds(10)).left_out, 0);
}

TEST(ThrottleTest, KindsDoNotCountForEachOther) {
  Throttle throttle(1);
  EXPECT_TRUE(throttle.Admit("a", kStart).pass);
  EXPECT_TRUE(throttle.Admit("b", kStart).pass);
  EXPECT_FALSE(throttle.Admit("b", kStart).pass);
}

TEST(ThrottleTest, AnEndlessStreamOfKindsIsBounded) {
  Throttle throttle(1);
  for (size_t i = 0; i < Throttle::kKindsMax; ++i) {
    EXPECT_TRUE(throttle.Admit(absl::StrCat(i), kStart).pass);
  }
  EXPECT_TRUE(throttle.Admit("one more", kStart).pass);
  EXPECT_FALSE(throttle.Admit("and another", kStart).pass);
}

}  // namespace
}  // namespace holdline
