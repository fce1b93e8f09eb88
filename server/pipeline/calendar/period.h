// A period as fields hold it, such as `15 minutes`, and calendar arithmetic
// with it (DATAPIPELINE section 6.1).

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

// Returns the period that `text` stands for, or nothing if it stands for none:
// a number from 1 to kPeriodCountMax, blanks, and a unit in the singular or the
// plural and in any case. Blanks around it do not matter. How short or long a
// field may have it is for those who know the field.
std::optional<Period> ParsePeriod(absl::string_view text);

// Returns the period as it is written: `1 hour`, `24 hours`.
std::string ToString(const Period& period);

// Returns the time that is `times` periods after `start`, or before it if
// `times` is negative, by the calendar in UTC. Months and years keep the day
// and the time of day of `start`; a day that the month does not have becomes
// its last one, so that 31 January and one month is 28 February, and two months
// 31 March. Beyond the years 1 to 9999, which fields cannot hold, the result is
// infinite; so it is if `start` is.
absl::Time Plus(absl::Time start, const Period& period, int64_t times);

// Returns about how long the period is, for time-outs: a month counts as 30
// days and a year as 365.
absl::Duration DurationOf(const Period& period);

// Returns the time that is `count` units after `start`, or before it if `count`
// is negative, by the calendar in `zone`: as Plus(), and units of a day and
// more keep the time of day that the zone's clocks show.
absl::Time PlusUnits(absl::Time start, Period::Unit unit, int64_t count,
                     absl::TimeZone zone);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_PERIOD_H_
