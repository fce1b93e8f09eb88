#include "server/rpc/call/holding.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace holdline {
namespace {

const absl::Time kStart = absl::UnixEpoch() + absl::Hours(400000);
constexpr absl::Duration kSpread = absl::Seconds(1);

// The longest of many delays, none of which is negative.
absl::Duration Longest(const Holding& holding, absl::Time now) {
  absl::Duration longest = absl::ZeroDuration();
  for (int i = 0; i < 1000; ++i) {
    const absl::Duration delay = holding.Delay(now);
    EXPECT_GE(delay, absl::ZeroDuration());
    longest = std::max(longest, delay);
  }
  return longest;
}

class HoldingTest : public testing::Test {
 protected:
  Holding holding_{absl::Seconds(90), absl::Seconds(1)};
};

TEST_F(HoldingTest, BeforeDrainingNothingIsDelayed) {
  EXPECT_EQ(Longest(holding_, kStart), absl::ZeroDuration());
}

TEST_F(HoldingTest, WhileDrainingAnswersAreSpreadOverWhatIsLeft) {
  holding_.StartDraining(kSpread, kStart);
  EXPECT_GT(Longest(holding_, kStart), kSpread * 0.9);
  EXPECT_LE(Longest(holding_, kStart), kSpread);
  EXPECT_GT(Longest(holding_, kStart + kSpread / 2), kSpread * 0.4);
  EXPECT_LE(Longest(holding_, kStart + kSpread / 2), kSpread / 2);
  EXPECT_EQ(Longest(holding_, kStart + kSpread), absl::ZeroDuration());
  EXPECT_EQ(Longest(holding_, kStart + kSpread * 2), absl::ZeroDuration());
}

TEST_F(HoldingTest, TheEarlierEndOfDrainingCounts) {
  holding_.StartDraining(kSpread, kStart);
  holding_.StartDraining(kSpread, kStart + kSpread / 2);
  EXPECT_LE(Longest(holding_, kStart + kSpread / 2), kSpread / 2);
  holding_.StartDraining(-absl::InfiniteDuration(), kStart + kSpread / 2);
  EXPECT_EQ(Longest(holding_, kStart + kSpread / 2), absl::ZeroDuration());
}

}  // namespace
}  // namespace holdline
