// A period in the notation of fields, such as `15 minutes`, and calendar
// arithmetic with it (DATAPIPELINE section 6.1).

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_PERIOD_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_PERIOD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// `count` units, from 1 to kPeriodCountMax.
struct Period {
  enum class Unit { kMinute, kHour, kDay, kWeek, kMonth, kYear };

  int64_t count = 1;
  Unit unit = Unit::kDay;

  friend bool operator==(const Period&, const Period&) = default;
};

inline constexpr int64_t kPeriodCountMax = 999999999;

// Returns the period that `text` denotes, or nothing: a number from 1 to
// kPeriodCountMax, blanks, and a unit in the singular or plural and in any
// case. Surrounding blanks are ignored. The range of a particular field is
// checked by the caller.
std::optional<Period> ParsePeriod(absl::string_view text);

// Returns the notation of the period: `1 hour`, `24 hours`.
std::string ToString(const Period& period);

// Returns the time `times` periods after `start`, or before it if `times` is
// negative, by the calendar in UTC. Months and years keep day and time of day
// of `start`; a day that the month lacks becomes its last: 31 January plus one
// month is 28 February, plus two months 31 March. Infinite if `start` is, and
// beyond the years 1 to 9999, which fields cannot hold.
absl::Time Plus(absl::Time start, const Period& period, int64_t times);

// Returns the approximate duration, for time-outs: a month counts as 30 days, a
// year as 365.
absl::Duration DurationOf(const Period& period);

// Returns the time `count` units after `start`, or before it if `count` is
// negative, by the calendar in `zone`: as Plus(), and units of a day and more
// keep the local time of day.
absl::Time PlusUnits(absl::Time start, Period::Unit unit, int64_t count,
                     absl::TimeZone zone);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_PERIOD_H_
