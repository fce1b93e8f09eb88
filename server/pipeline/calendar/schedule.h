// The intervals of a schedule (DATAPIPELINE sections 6.1 and 6.2).
//
// Interval number k, from 0, is [start + k periods, start + (k+1) periods), by
// the calendar in UTC, always counted from the start. All functions take time
// that does not grow with k.

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_SCHEDULE_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_SCHEDULE_H_

#include <cstdint>
#include <limits>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/calendar/period.h"

namespace holdline {

enum class ScheduleType { kTimeSeries, kCron, kOnDemand };

// The default of `scheduleType` (DATAPIPELINE section 15, row 7).
inline constexpr ScheduleType kDefaultScheduleType = ScheduleType::kTimeSeries;

// Returns the type that a `scheduleType` field names, in any case, or nothing.
std::optional<ScheduleType> ParseScheduleType(absl::string_view text);

// Returns the notation of the type: `timeseries`, `cron`, `ondemand`.
absl::string_view ToString(ScheduleType type);

// A Schedule object after the substitution of parameters, for objects of one
// type. On demand there are no intervals: each activation makes one run.
struct Schedule {
  ScheduleType type = kDefaultScheduleType;
  // Whole seconds. With `starts_at_first_activation`, the time of the first
  // activation; the schedule has no intervals before it.
  absl::Time start;
  Period period;
  // At most one of these; with neither the schedule is endless.
  std::optional<absl::Time> end;
  std::optional<int64_t> occurrences;
  bool starts_at_first_activation = false;

  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// The time from `start` to `end`, `end` excluded.
struct Interval {
  absl::Time start;
  absl::Time end;

  friend bool operator==(const Interval&, const Interval&) = default;
};

// Interval numbers from `first` to `last`, `last` excluded; none if they are
// equal.
struct IntervalNumbers {
  int64_t first = 0;
  int64_t last = 0;

  friend bool operator==(const IntervalNumbers&,
                         const IntervalNumbers&) = default;
};

inline constexpr int64_t kEndless = std::numeric_limits<int64_t>::max();

// Returns the number of intervals of the schedule, or kEndless: `occurrences`
// if that is set. With an `end`, by cron the intervals that start before it, as
// a time series those that end at or before it.
int64_t IntervalCount(const Schedule& schedule);

// Returns interval number `k`, or nothing if `k` is negative or the schedule
// ends before it. Every schedule ends with the year 9999.
std::optional<Interval> IntervalAt(const Schedule& schedule, int64_t k);

// Returns when an interval is due: by cron at its start, as a time series at
// its end, on demand at its start, which is the activation.
absl::Time DueTime(ScheduleType type, const Interval& interval);

// Returns the number of the first interval that starts at or after `time`;
// IntervalCount() if there is none.
int64_t FirstIntervalFrom(const Schedule& schedule, absl::Time time);

// Returns how many intervals are due at `now`, which is the number of the first
// that is not; IntervalCount() if all are due.
int64_t DueCount(const Schedule& schedule, absl::Time now);

// Returns the numbers of the intervals that overlap `with`: those that start
// before its end and end after its start (DATAPIPELINE section 6.6).
IntervalNumbers Overlapping(const Schedule& schedule, const Interval& with);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_SCHEDULE_H_
