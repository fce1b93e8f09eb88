#include "server/engine/retention_calendar.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

class RetentionCalendarTest : public ::testing::Test {
 protected:
  absl::Time After(absl::Duration duration) {
    now_.calendar += duration;
    now_.steady += duration;
    return calendar_.At(now_);
  }

  Now now_{absl::FromUnixSeconds(1355363450), absl::UnixEpoch()};
  RetentionCalendar calendar_;
};

TEST_F(RetentionCalendarTest, GoesWithTheCalendar) {
  EXPECT_EQ(After(absl::ZeroDuration()), now_.calendar);
  EXPECT_EQ(After(absl::Hours(30)), now_.calendar);
  now_.calendar += absl::Minutes(59);
  EXPECT_EQ(After(absl::Minutes(1)), now_.calendar);
}

TEST_F(RetentionCalendarTest, AYearTooFarCountsOnlyAfterADay) {
  const absl::Time start = After(absl::ZeroDuration());
  now_.calendar += absl::Hours(24 * 365);
  EXPECT_EQ(After(absl::Hours(1)), start + absl::Hours(1));
  EXPECT_EQ(After(absl::Hours(22)), start + absl::Hours(23));
  EXPECT_EQ(After(absl::Hours(2)), now_.calendar);
}

TEST_F(RetentionCalendarTest, AWrongDateThatIsPutRightNeverCounts) {
  After(absl::ZeroDuration());
  now_.calendar += absl::Hours(24 * 365);
  After(absl::Hours(23));
  now_.calendar -= absl::Hours(24 * 365);
  EXPECT_EQ(After(absl::Hours(1)), now_.calendar);
  now_.calendar += absl::Hours(24 * 365);
  const absl::Time held = now_.calendar - absl::Hours(24 * 365);
  EXPECT_EQ(After(absl::Hours(23)), held + absl::Hours(23))
      << "the day begins anew";
}

TEST_F(RetentionCalendarTest, ADateThatWasSetBackCountsAtOnce) {
  After(absl::ZeroDuration());
  now_.calendar -= absl::Hours(24 * 365);
  EXPECT_EQ(After(absl::Hours(1)), now_.calendar);
}

}  // namespace
}  // namespace holdline
