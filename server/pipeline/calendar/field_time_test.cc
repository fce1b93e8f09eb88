#include "server/pipeline/calendar/field_time.h"

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

absl::Time Utc(int year, int month, int day, int hour, int minute, int second) {
  return absl::FromCivil(
      absl::CivilSecond(year, month, day, hour, minute, second),
      absl::UTCTimeZone());
}

TEST(FieldTime, IsWrittenInUtcWithoutZoneOrFraction) {
  EXPECT_EQ(FieldTime(Utc(2012, 12, 12, 1, 2, 3) + absl::Milliseconds(999)),
            "2012-12-12T01:02:03");
  EXPECT_EQ(FieldTime(Utc(1, 1, 1, 0, 0, 0)), "0001-01-01T00:00:00");
}

TEST(FieldTime, IsReadAsItIsWritten) {
  for (const char* text : {"0001-01-01T00:00:00", "1969-12-31T23:59:59",
                           "2012-02-29T12:30:45", "9999-12-31T23:59:59"}) {
    ASSERT_NE(ParseFieldTime(text), std::nullopt) << text;
    EXPECT_EQ(FieldTime(*ParseFieldTime(text)), text);
  }
  EXPECT_EQ(ParseFieldTime("2012-12-12T01:02:03"), Utc(2012, 12, 12, 1, 2, 3));
}

// From the year -1 to 10001, at uneven steps.
TEST(FieldTime, IsWrittenAsTheCalendarHasIt) {
  const absl::Duration step = absl::Hours(24 * 97) + absl::Minutes(491) +
                              absl::Seconds(13) + absl::Milliseconds(701);
  for (absl::Time time = Utc(-1, 6, 1, 0, 0, 0);
       time < Utc(10001, 1, 1, 0, 0, 0); time += step) {
    ASSERT_EQ(FieldTime(time), absl::FormatTime("%E4Y-%m-%dT%H:%M:%S", time,
                                                absl::UTCTimeZone()));
  }
  EXPECT_EQ(FieldTime(absl::InfiniteFuture()), "infinite-future");
}

TEST(FieldTime, IsReadExactly) {
  for (const char* text :
       {"", "2012-12-12", "2012-12-12T01:02", "2012-12-12 01:02:03",
        "2012-12-12T01:02:03Z", " 2012-12-12T01:02:03", "2012-12-12T01:02:03 ",
        "2012-12-12T01:02:03.5", "12-12-12T01:02:03", "2012-1-12T01:02:03",
        "+012-12-12T01:02:03", "now", "infinite-future"}) {
    EXPECT_EQ(ParseFieldTime(text), std::nullopt) << text;
  }
}

TEST(FieldTime, MustExistInTheCalendar) {
  for (const char* text :
       {"2011-02-29T00:00:00", "2012-02-30T00:00:00", "2012-13-01T00:00:00",
        "2012-00-01T00:00:00", "2012-01-00T00:00:00", "2012-01-01T24:00:00",
        "2012-01-01T00:60:00", "2012-06-30T23:59:60", "0000-01-01T00:00:00"}) {
    EXPECT_EQ(ParseFieldTime(text), std::nullopt) << text;
  }
}

TEST(FieldTime, OrADateThatStandsForItsBeginning) {
  EXPECT_EQ(ParseFieldTimeOrDate("2012-12-12"), Utc(2012, 12, 12, 0, 0, 0));
  EXPECT_EQ(ParseFieldTimeOrDate("2012-12-12T01:02:03"),
            Utc(2012, 12, 12, 1, 2, 3));
  for (const char* text :
       {"", "2012-12", "2012-02-30", "2012-12-12T", "2012/12/12", "20121212"}) {
    EXPECT_EQ(ParseFieldTimeOrDate(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace holdline
