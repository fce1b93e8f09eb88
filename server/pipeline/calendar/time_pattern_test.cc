#include "server/pipeline/calendar/time_pattern.h"

#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/calendar/time_zones.h"

namespace holdline {
namespace {

std::string Format(absl::string_view pattern, absl::string_view time,
                   absl::string_view zone = "UTC") {
  const absl::StatusOr<std::string> text =
      FormatByPattern(pattern, *ParseFieldTime(time), *FindTimeZone(zone));
  return text.ok() ? *text : std::string(text.status().message());
}

TEST(TimePattern, YearsAreOfTheEraAndNotOfTheWeek) {
  // The first of January 2012 was a Sunday: the last day of the last ISO week
  // of 2011.
  EXPECT_EQ(Format("YYYY-MM-dd", "2012-01-01T00:00:00"), "2012-01-01");
  EXPECT_EQ(Format("yyyy-MM-dd", "2012-01-01T00:00:00"), "2012-01-01");
  EXPECT_EQ(Format("xxxx-'W'ww-e", "2012-01-01T00:00:00"), "2011-W52-7");
  EXPECT_EQ(Format("C G Y YY YYYYYY x xx", "2005-06-01T00:00:00"),
            "20 AD 2005 05 002005 2005 05");
}

TEST(TimePattern, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(Format("xxxx ww", "2012-01-02T00:00:00"), "2012 01");
  EXPECT_EQ(Format("xxxx ww", "2008-12-29T00:00:00"), "2009 01");
  EXPECT_EQ(Format("xxxx ww", "2010-01-03T00:00:00"), "2009 53");
  EXPECT_EQ(Format("x w", "2011-05-24T00:00:00"), "2011 21");
}

TEST(TimePattern, DaysAndMonthsHaveNumbersAndNames) {
  const char* time = "2011-05-04T17:10:00";
  EXPECT_EQ(Format("M MM MMM MMMM", time), "5 05 May May");
  EXPECT_EQ(Format("MMM MMMM", "2011-09-04T17:10:00"), "Sep September");
  EXPECT_EQ(Format("d dd ddd", time), "4 04 004");
  EXPECT_EQ(Format("D DDD", time), "124 124");
  EXPECT_EQ(Format("DDDD", "2011-01-04T00:00:00"), "0004");
  EXPECT_EQ(Format("e E EEE EEEE", time), "3 Wed Wed Wednesday");
}

TEST(TimePattern, HoursAreCountedInFourWays) {
  EXPECT_EQ(Format("H HH k kk K KK h hh a", "2011-05-24T00:05:00"),
            "0 00 24 24 0 00 12 12 AM");
  EXPECT_EQ(Format("H k K h a", "2011-05-24T12:05:00"), "12 12 0 12 PM");
  EXPECT_EQ(Format("HH kk KK hh a", "2011-05-24T15:05:00"), "15 15 03 03 PM");
}

TEST(TimePattern, FractionsAreCutOff) {
  EXPECT_EQ(Format("m:s mm:ss S SSS", "2011-05-24T00:05:07"),
            "5:7 05:07 0 000");
  const absl::Time time =
      *ParseFieldTime("2011-05-24T00:05:07") + absl::Milliseconds(289);
  EXPECT_EQ(
      *FormatByPattern("S SS SSS SSSS SSSSSSSSSSSS", time, absl::UTCTimeZone()),
      "2 28 289 2890 289000000000");
}

TEST(TimePattern, ZonesHaveNamesAndOffsets) {
  const char* time = "2011-05-24T17:10:00";
  EXPECT_EQ(Format("z Z ZZ ZZZ", time), "UTC +0000 +00:00 UTC");
  EXPECT_EQ(Format("HH z zzzz Z ZZ ZZZ", time, "America/Los_Angeles"),
            "10 PDT PDT -0700 -07:00 America/Los_Angeles");
  EXPECT_EQ(Format("HH:mm Z ZZ", time, "Asia/Kolkata"), "22:40 +0530 +05:30");
  EXPECT_EQ(Format("Z", time, "America/St_Johns"), "-0230");
}

TEST(TimePattern, TextIsQuotedOrHasNoLetters) {
  const char* time = "2011-05-24T17:10:00";
  EXPECT_EQ(Format("yyyyMMdd'T'HHmmss'Z'", time), "20110524T171000Z");
  EXPECT_EQ(Format("'year='yyyy/'month='MM", time), "year=2011/month=05");
  EXPECT_EQ(Format("h 'o''clock' ''a''", time), "5 o'clock 'PM'");
  EXPECT_EQ(Format("/-_.: 1", time), "/-_.: 1");
  EXPECT_EQ(Format("yyyy 'open", time), "2011 open");
  EXPECT_EQ(Format("yyyy年", time), "2011年");
}

TEST(TimePattern, MustMeanSomething) {
  const char* time = "2011-05-24T17:10:00";
  EXPECT_EQ(Format("", time), "the pattern of `format` is empty");
  EXPECT_EQ(Format("yyyy T", time),
            "`T` means nothing in a pattern of `format`; text goes in quotes");
}

TEST(TimeZones, AreFoundByNameAndNotByPath) {
  EXPECT_TRUE(FindTimeZone("America/Argentina/Buenos_Aires").has_value());
  EXPECT_TRUE(FindTimeZone("Etc/GMT+5").has_value());
  for (const char* name :
       {"", "Nowhere/Here", "/usr/share/zoneinfo/UTC", "../zoneinfo/UTC",
        "Europe/../UTC", "file:/usr/share/zoneinfo/UTC", "Europe"}) {
    EXPECT_FALSE(FindTimeZone(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace holdline
