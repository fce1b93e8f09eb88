#include "server/pipeline/calendar/period.h"

#include <cstdint>
#include <limits>

#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"

namespace holdline {
namespace {

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

absl::Time At(absl::string_view text) { return *ParseFieldTime(text); }

std::string After(absl::string_view start, absl::string_view period,
                  int64_t times) {
  return FieldTime(Plus(At(start), *ParsePeriod(period), times));
}

TEST(Period, IsANumberAndAUnitInAnyCaseSingularOrPlural) {
  using Unit = Period::Unit;
  EXPECT_EQ(ParsePeriod("15 minutes"), (Period{15, Unit::kMinute}));
  EXPECT_EQ(ParsePeriod("1 Hour"), (Period{1, Unit::kHour}));
  EXPECT_EQ(ParsePeriod("2 DAYS"), (Period{2, Unit::kDay}));
  EXPECT_EQ(ParsePeriod("1 weeks"), (Period{1, Unit::kWeek}));
  EXPECT_EQ(ParsePeriod("6 month"), (Period{6, Unit::kMonth}));
  EXPECT_EQ(ParsePeriod(" 3  years "), (Period{3, Unit::kYear}));
  EXPECT_EQ(ParsePeriod("999999999 years"), (Period{999999999, Unit::kYear}));
}

TEST(Period, IsNothingElse) {
  for (const char* text :
       {"", " ", "1", "hour", "1hour", "0 hours", "-1 hours", "+1 hour",
        "1.5 hours", "1 hourss", "1 s", "1 hour 2", "1 fortnight", "1 hour.",
        "1000000000 minutes", "99999999999999999999 minutes",
        "ONDEMAND_PERIOD"}) {
    EXPECT_EQ(ParsePeriod(text), std::nullopt) << text;
  }
}

TEST(Period, IsWrittenAsItIsRead) {
  for (const char* text :
       {"1 minute", "24 hours", "1 day", "2 weeks", "1 month", "3 years"}) {
    EXPECT_EQ(ToString(*ParsePeriod(text)), text);
  }
}

TEST(Period, MonthsCountFromTheStartAndEndWithTheMonth) {
  EXPECT_EQ(After("2011-01-31T08:00:00", "1 month", 0), "2011-01-31T08:00:00");
  EXPECT_EQ(After("2011-01-31T08:00:00", "1 month", 1), "2011-02-28T08:00:00");
  EXPECT_EQ(After("2011-01-31T08:00:00", "1 month", 2), "2011-03-31T08:00:00");
  EXPECT_EQ(After("2012-01-31T08:00:00", "1 month", 1), "2012-02-29T08:00:00");
  EXPECT_EQ(After("2011-01-31T08:00:00", "1 month", -2), "2010-11-30T08:00:00");
  EXPECT_EQ(After("2011-11-30T00:00:00", "3 months", 1), "2012-02-29T00:00:00");
}

TEST(Period, YearsKeepTheDayUnlessItIsTheLeapDay) {
  EXPECT_EQ(After("2012-02-29T00:00:00", "1 year", 1), "2013-02-28T00:00:00");
  EXPECT_EQ(After("2012-02-29T00:00:00", "1 year", 4), "2016-02-29T00:00:00");
  EXPECT_EQ(After("2011-05-24T17:10:00", "3 years", 2), "2017-05-24T17:10:00");
}

TEST(Period, WeeksAndShorterUnitsAreFixedLengths) {
  EXPECT_EQ(After("2011-12-25T00:00:00", "1 week", 1), "2012-01-01T00:00:00");
  EXPECT_EQ(After("2012-02-28T12:00:00", "1 day", 1), "2012-02-29T12:00:00");
  // Where many countries turned their clocks, UTC did not.
  EXPECT_EQ(After("2012-03-25T00:30:00", "1 hour", 2), "2012-03-25T02:30:00");
  EXPECT_EQ(After("2012-01-01T00:00:00", "15 minutes", 4 * 24 * 366),
            "2013-01-01T00:00:00");
}

TEST(Period, KeepsTheFractionOfASecond) {
  const absl::Time start = At("2011-01-31T08:00:00") + absl::Milliseconds(250);
  EXPECT_EQ(Plus(start, *ParsePeriod("1 month"), 1),
            At("2011-02-28T08:00:00") + absl::Milliseconds(250));
}

TEST(Period, BeyondTheYearsOfFieldsIsInfinity) {
  const absl::Time start = At("2012-01-01T00:00:00");
  EXPECT_NE(Plus(start, *ParsePeriod("1 year"), 7987), absl::InfiniteFuture());
  for (const char* text :
       {"1 minute", "1 week", "1 month", "999999999 years"}) {
    const Period period = *ParsePeriod(text);
    EXPECT_EQ(Plus(start, period, kMost), absl::InfiniteFuture()) << text;
    EXPECT_EQ(Plus(start, period, -kMost), absl::InfinitePast()) << text;
  }
  EXPECT_EQ(Plus(start, *ParsePeriod("1 year"), 7988), absl::InfiniteFuture());
}

TEST(PlusUnits, OfADayAndMoreKeepWhatTheClocksOfTheZoneShow) {
  absl::TimeZone paris;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/Paris", &paris));
  // The clocks went forward in the night to 25 March 2012.
  const absl::Time noon = At("2012-03-24T11:00:00");
  const auto after = [&](Period::Unit unit, int64_t count) {
    return FieldTime(PlusUnits(noon, unit, count, paris));
  };
  EXPECT_EQ(after(Period::Unit::kDay, 1), "2012-03-25T10:00:00");
  EXPECT_EQ(after(Period::Unit::kWeek, 1), "2012-03-31T10:00:00");
  EXPECT_EQ(after(Period::Unit::kMonth, -1), "2012-02-24T11:00:00");
  EXPECT_EQ(after(Period::Unit::kHour, 24), "2012-03-25T11:00:00");
}

TEST(Period, LastsAboutSoLong) {
  EXPECT_EQ(DurationOf(*ParsePeriod("90 minutes")), absl::Minutes(90));
  EXPECT_EQ(DurationOf(*ParsePeriod("2 weeks")), absl::Hours(14 * 24));
  EXPECT_EQ(DurationOf(*ParsePeriod("1 month")), absl::Hours(30 * 24));
  EXPECT_EQ(DurationOf(*ParsePeriod("1 year")), absl::Hours(365 * 24));
}

}  // namespace
}  // namespace holdline
