#include "server/pipeline/calendar/schedule.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/time/civil_time.h"

namespace holdline {
namespace {

constexpr ScheduleType kTypes[] = {
    ScheduleType::kTimeSeries, ScheduleType::kCron, ScheduleType::kOnDemand};

absl::Time StartOf(const Schedule& schedule, int64_t k) {
  return Plus(schedule.start, schedule.period, k);
}

// Whether no start can be at or after `time`, because fields cannot hold it.
bool BeyondFields(const Schedule& schedule, absl::Time time) {
  return Plus(time, schedule.period, 0) == absl::InfiniteFuture();
}

// About how many whole periods lie between the start and `time`; at most one
// more or less. Not negative.
int64_t GuessPeriods(const Schedule& schedule, absl::Time time) {
  const Period& period = schedule.period;
  const bool by_month =
      period.unit == Period::Unit::kMonth || period.unit == Period::Unit::kYear;
  if (!by_month) {
    return std::max<int64_t>(0, (time - schedule.start) / DurationOf(period));
  }
  const absl::TimeZone utc = absl::UTCTimeZone();
  const int64_t months =
      absl::ToCivilMonth(time, utc) - absl::ToCivilMonth(schedule.start, utc);
  const int64_t per_period =
      period.unit == Period::Unit::kYear ? 12 * period.count : period.count;
  return std::max<int64_t>(0, months / per_period);
}

// The number of the first interval that starts at or after `time`, by the
// calendar alone: the schedule's end does not count. kEndless if there is none
// within the years of fields.
int64_t FirstFrom(const Schedule& schedule, absl::Time time) {
  if (time <= schedule.start) return 0;
  if (BeyondFields(schedule, time)) return kEndless;
  int64_t k = GuessPeriods(schedule, time);
  while (k > 0 && StartOf(schedule, k - 1) >= time) --k;
  while (StartOf(schedule, k) < time) ++k;
  return StartOf(schedule, k) == absl::InfiniteFuture() ? kEndless : k;
}

// The number of the first interval that ends after `time`, likewise.
int64_t FirstEndingAfter(const Schedule& schedule, absl::Time time) {
  int64_t starting_after = FirstFrom(schedule, time);
  if (starting_after == kEndless) return kEndless;
  if (StartOf(schedule, starting_after) == time) ++starting_after;
  return std::max<int64_t>(0, starting_after - 1);
}

}  // namespace

std::optional<ScheduleType> ParseScheduleType(absl::string_view text) {
  for (ScheduleType type : kTypes) {
    if (absl::EqualsIgnoreCase(text, ToString(type))) return type;
  }
  return std::nullopt;
}

absl::string_view ToString(ScheduleType type) {
  switch (type) {
    case ScheduleType::kTimeSeries:
      return "timeseries";
    case ScheduleType::kCron:
      return "cron";
    case ScheduleType::kOnDemand:
      return "ondemand";
  }
  return "";
}

int64_t IntervalCount(const Schedule& schedule) {
  if (schedule.type == ScheduleType::kOnDemand) return 0;
  int64_t count = kEndless;
  if (schedule.occurrences.has_value()) count = *schedule.occurrences;
  if (schedule.end.has_value()) {
    count = std::min(count, schedule.type == ScheduleType::kCron
                                ? FirstFrom(schedule, *schedule.end)
                                : FirstEndingAfter(schedule, *schedule.end));
  }
  return std::max<int64_t>(0, count);
}

std::optional<Interval> IntervalAt(const Schedule& schedule, int64_t k) {
  if (k < 0 || k >= IntervalCount(schedule)) return std::nullopt;
  const Interval interval{StartOf(schedule, k), StartOf(schedule, k + 1)};
  if (interval.end == absl::InfiniteFuture()) return std::nullopt;
  return interval;
}

absl::Time DueTime(ScheduleType type, const Interval& interval) {
  return type == ScheduleType::kTimeSeries ? interval.end : interval.start;
}

int64_t FirstIntervalFrom(const Schedule& schedule, absl::Time time) {
  return std::min(FirstFrom(schedule, time), IntervalCount(schedule));
}

int64_t DueCount(const Schedule& schedule, absl::Time now) {
  if (now < schedule.start) return 0;
  int64_t due = FirstEndingAfter(schedule, now);
  // The interval that `now` lies in has started, and not ended.
  if (schedule.type == ScheduleType::kCron && due != kEndless) ++due;
  return std::min(due, IntervalCount(schedule));
}

IntervalNumbers Overlapping(const Schedule& schedule, const Interval& with) {
  const int64_t count = IntervalCount(schedule);
  const int64_t last = std::min(FirstFrom(schedule, with.end), count);
  const int64_t first = std::min(FirstEndingAfter(schedule, with.start), last);
  return {first, last};
}

}  // namespace holdline
