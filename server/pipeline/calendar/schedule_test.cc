#include "server/pipeline/calendar/schedule.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"

namespace holdline {
namespace {

absl::Time At(absl::string_view text) { return *ParseFieldTimeOrDate(text); }

Schedule Every(absl::string_view period, absl::string_view start,
               ScheduleType type = ScheduleType::kTimeSeries) {
  Schedule schedule;
  schedule.type = type;
  schedule.start = At(start);
  schedule.period = *ParsePeriod(period);
  return schedule;
}

Schedule Until(Schedule schedule, absl::string_view end) {
  schedule.end = At(end);
  return schedule;
}

Schedule Times(Schedule schedule, int64_t occurrences) {
  schedule.occurrences = occurrences;
  return schedule;
}

std::string Text(const std::optional<Interval>& interval) {
  if (!interval.has_value()) return "none";
  return FieldTime(interval->start) + " " + FieldTime(interval->end);
}

Interval Between(absl::string_view start, absl::string_view end) {
  return {At(start), At(end)};
}

constexpr ScheduleType kCron = ScheduleType::kCron;
constexpr ScheduleType kTimeSeries = ScheduleType::kTimeSeries;
constexpr ScheduleType kOnDemand = ScheduleType::kOnDemand;

TEST(Schedule, TypesAreReadInAnyCase) {
  EXPECT_EQ(ParseScheduleType("cron"), kCron);
  EXPECT_EQ(ParseScheduleType("TimeSeries"), kTimeSeries);
  EXPECT_EQ(ParseScheduleType("ONDEMAND"), kOnDemand);
  EXPECT_EQ(ParseScheduleType("hourly"), std::nullopt);
  EXPECT_EQ(ToString(kDefaultScheduleType), "timeseries");
}

TEST(Schedule, CronIsDueAtTheBeginningAndATimeSeriesAtTheEnd) {
  const Schedule schedule = Every("30 minutes", "2012-12-12T22:00:00");
  const Interval first = *IntervalAt(schedule, 0);
  EXPECT_EQ(Text(first), "2012-12-12T22:00:00 2012-12-12T22:30:00");
  EXPECT_EQ(DueTime(kCron, first), At("2012-12-12T22:00:00"));
  EXPECT_EQ(DueTime(kTimeSeries, first), At("2012-12-12T22:30:00"));
}

TEST(Schedule, CountsEachIntervalFromTheStart) {
  const Schedule schedule = Every("1 month", "2011-01-31");
  EXPECT_EQ(Text(IntervalAt(schedule, 0)),
            "2011-01-31T00:00:00 2011-02-28T00:00:00");
  EXPECT_EQ(Text(IntervalAt(schedule, 1)),
            "2011-02-28T00:00:00 2011-03-31T00:00:00");
  EXPECT_EQ(Text(IntervalAt(schedule, 12)),
            "2012-01-31T00:00:00 2012-02-29T00:00:00");
}

TEST(Schedule, HasNoIntervalsBeforeTheStart) {
  EXPECT_EQ(IntervalAt(Every("1 hour", "2012-01-01"), -1), std::nullopt);
}

TEST(Schedule, EndsAfterItsOccurrences) {
  const Schedule schedule = Times(Every("1 day", "2012-01-01"), 3);
  EXPECT_EQ(IntervalCount(schedule), 3);
  EXPECT_EQ(Text(IntervalAt(schedule, 2)),
            "2012-01-03T00:00:00 2012-01-04T00:00:00");
  EXPECT_EQ(IntervalAt(schedule, 3), std::nullopt);
}

TEST(Schedule, OfWholePeriodsHasTheSameCountByEitherType) {
  for (ScheduleType type : {kCron, kTimeSeries}) {
    const Schedule schedule =
        Until(Every("1 hour", "2012-09-01", type), "2012-10-01");
    EXPECT_EQ(IntervalCount(schedule), 720) << ToString(type);
    EXPECT_NE(IntervalAt(schedule, 719), std::nullopt);
    EXPECT_EQ(IntervalAt(schedule, 720), std::nullopt);
  }
}

TEST(Schedule, EndsBeforeAPartialIntervalOfATimeSeries) {
  const Schedule schedule =
      Until(Every("1 hour", "2012-09-01"), "2012-09-01T02:30:00");
  EXPECT_EQ(IntervalCount(schedule), 2);
  EXPECT_EQ(IntervalAt(schedule, 2), std::nullopt);
}

TEST(Schedule, EndsWithAPartialIntervalOfCron) {
  const Schedule schedule =
      Until(Every("1 hour", "2012-09-01", kCron), "2012-09-01T02:30:00");
  EXPECT_EQ(IntervalCount(schedule), 3);
  EXPECT_EQ(Text(IntervalAt(schedule, 2)),
            "2012-09-01T02:00:00 2012-09-01T03:00:00");
}

TEST(Schedule, ThatEndsByItsStartHasNoIntervals) {
  for (ScheduleType type : {kCron, kTimeSeries}) {
    const Schedule hourly = Every("1 hour", "2012-09-01", type);
    EXPECT_EQ(IntervalCount(Until(hourly, "2012-09-01")), 0);
    EXPECT_EQ(IntervalCount(Until(hourly, "2012-08-01")), 0);
    EXPECT_EQ(IntervalCount(Times(hourly, 0)), 0);
  }
}

TEST(Schedule, OnDemandHasNoIntervalsOfItsOwn) {
  const Schedule schedule = Every("1 day", "2012-01-01", kOnDemand);
  EXPECT_EQ(IntervalCount(schedule), 0);
  EXPECT_EQ(IntervalAt(schedule, 0), std::nullopt);
}

TEST(Schedule, IsEndlessWithoutAnEndButForTheYearsOfFields) {
  const Schedule schedule = Every("1 year", "2012-01-01");
  EXPECT_EQ(IntervalCount(schedule), kEndless);
  EXPECT_EQ(Text(IntervalAt(schedule, 7986)),
            "9998-01-01T00:00:00 9999-01-01T00:00:00");
  EXPECT_EQ(IntervalAt(schedule, 7987), std::nullopt);
  EXPECT_EQ(IntervalAt(schedule, kEndless - 1), std::nullopt);
}

TEST(Schedule, OfAYearOfQuarterHoursHasThemAll) {
  const Schedule schedule =
      Until(Every("15 minutes", "2012-01-01"), "2013-01-01");
  EXPECT_EQ(IntervalCount(schedule), 366 * 96);
  EXPECT_EQ(Text(IntervalAt(schedule, 366 * 96 - 1)),
            "2012-12-31T23:45:00 2013-01-01T00:00:00");
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2012-03-01")), 60 * 96);
}

TEST(Schedule, DoesNotNoticeThatClocksAreTurned) {
  const Schedule schedule = Every("1 hour", "2012-03-25");
  for (int k = 0; k < 24; ++k) {
    EXPECT_EQ(IntervalAt(schedule, k)->start,
              At("2012-03-25") + absl::Hours(k));
  }
}

TEST(FirstIntervalFrom, IsTheOneThatStartsThenOrNext) {
  const Schedule schedule = Every("1 hour", "2012-01-01");
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2011-06-01")), 0);
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2012-01-01")), 0);
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2012-01-01T00:00:01")), 1);
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2012-01-01T01:00:00")), 1);
  EXPECT_EQ(FirstIntervalFrom(schedule, absl::InfinitePast()), 0);
  EXPECT_EQ(FirstIntervalFrom(schedule, absl::InfiniteFuture()), kEndless);
  EXPECT_EQ(FirstIntervalFrom(Times(schedule, 5), At("2012-01-02")), 5);
}

TEST(FirstIntervalFrom, HoldsAtTheEndsOfMonths) {
  const Schedule schedule = Every("1 month", "2011-01-31");
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2011-02-28")), 1);
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2011-03-01")), 2);
  EXPECT_EQ(FirstIntervalFrom(schedule, At("2011-03-31")), 2);
}

TEST(DueCount, CountsTheIntervalsWhoseTimeHasCome) {
  const Schedule series = Every("1 hour", "2012-01-01");
  const Schedule cron = Every("1 hour", "2012-01-01", kCron);
  EXPECT_EQ(DueCount(series, At("2011-12-31")), 0);
  EXPECT_EQ(DueCount(cron, At("2011-12-31T23:59:59")), 0);
  EXPECT_EQ(DueCount(series, At("2012-01-01")), 0);
  EXPECT_EQ(DueCount(cron, At("2012-01-01")), 1);
  EXPECT_EQ(DueCount(series, At("2012-01-01T00:59:59")), 0);
  EXPECT_EQ(DueCount(series, At("2012-01-01T01:00:00")), 1);
  EXPECT_EQ(DueCount(cron, At("2012-01-01T01:00:00")), 2);
  EXPECT_EQ(DueCount(Times(series, 7), At("2013-01-01")), 7);
  EXPECT_EQ(DueCount(Times(cron, 7), absl::InfiniteFuture()), 7);
}

TEST(Overlapping, OfADayAreItsHours) {
  const Schedule hourly = Every("1 hour", "2012-01-01");
  EXPECT_EQ(Overlapping(hourly, Between("2012-01-02", "2012-01-03")),
            (IntervalNumbers{24, 48}));
}

TEST(Overlapping, OfAnHourIsTheDayThatContainsIt) {
  const Schedule daily = Every("1 day", "2012-01-01");
  EXPECT_EQ(Overlapping(daily, Between("2012-01-02T23:00:00", "2012-01-03")),
            (IntervalNumbers{1, 2}));
}

TEST(Overlapping, TakesInWhatIsCutAtBothEnds) {
  const Schedule hourly = Every("1 hour", "2012-01-01");
  EXPECT_EQ(Overlapping(hourly,
                        Between("2012-01-01T01:30:00", "2012-01-01T03:00:01")),
            (IntervalNumbers{1, 4}));
}

TEST(Overlapping, IsEmptyBesideTheSchedule) {
  const Schedule schedule = Times(Every("1 hour", "2012-01-01"), 24);
  const IntervalNumbers before =
      Overlapping(schedule, Between("2011-12-31", "2012-01-01"));
  EXPECT_EQ(before.first, before.last);
  const IntervalNumbers after =
      Overlapping(schedule, Between("2012-01-02", "2012-01-03"));
  EXPECT_EQ(after.first, after.last);
  EXPECT_EQ(Overlapping(schedule, Between("2011-12-31", "2012-01-05")),
            (IntervalNumbers{0, 24}));
}

// What the quick way answers is what looking at each interval answers.
TEST(Schedule, AgreesWithAWalkOverItsIntervals) {
  for (const char* period :
       {"7 hours", "1 day", "1 week", "1 month", "5 months", "1 year"}) {
    const Schedule schedule = Every(period, "2011-10-31T06:00:00");
    for (int step = -50; step < 120; ++step) {
      const absl::Time from = schedule.start + absl::Hours(37) * step;
      const absl::Time to = from + absl::Hours(100);
      int64_t first_from = 0;
      while (IntervalAt(schedule, first_from)->start < from) ++first_from;
      ASSERT_EQ(FirstIntervalFrom(schedule, from), first_from) << period;
      IntervalNumbers overlapping;
      while (IntervalAt(schedule, overlapping.first)->end <= from) {
        ++overlapping.first;
      }
      ASSERT_EQ(DueCount(schedule, from), overlapping.first) << period;
      while (IntervalAt(schedule, overlapping.last)->start < to) {
        ++overlapping.last;
      }
      overlapping.first = std::min(overlapping.first, overlapping.last);
      ASSERT_EQ(Overlapping(schedule, {from, to}), overlapping) << period;
    }
  }
}

}  // namespace
}  // namespace holdline
