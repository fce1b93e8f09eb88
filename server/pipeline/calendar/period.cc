#include "server/pipeline/calendar/period.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace holdline {
namespace {

struct UnitName {
  absl::string_view name;
  Period::Unit unit;
};

constexpr UnitName kUnits[] = {
    {"minute", Period::Unit::kMinute}, {"hour", Period::Unit::kHour},
    {"day", Period::Unit::kDay},       {"week", Period::Unit::kWeek},
    {"month", Period::Unit::kMonth},   {"year", Period::Unit::kYear},
};

// More units of any kind than lie between the years 1 and 9999.
constexpr int64_t kUnitsMax = int64_t{6} * 1000 * 1000 * 1000;

// The beginnings of the years 1 and 10000.
constexpr absl::Time kFirstTime = absl::FromUnixSeconds(-62135596800);
constexpr absl::Time kEndOfTime = absl::FromUnixSeconds(253402300800);

absl::Time WithinTheYearsOfFields(absl::Time time) {
  if (time < kFirstTime) return absl::InfinitePast();
  if (time >= kEndOfTime) return absl::InfiniteFuture();
  return time;
}

// Whether a unit always takes the same time where clocks are not turned.
bool IsFixed(Period::Unit unit) {
  return unit != Period::Unit::kMonth && unit != Period::Unit::kYear;
}

int DaysIn(absl::CivilMonth month) {
  return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
}

absl::CivilDay PlusMonths(absl::CivilDay day, int64_t months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return absl::CivilDay(month.year(), month.month(),
                        std::min(day.day(), DaysIn(month)));
}

// `day` moved by units of a day and more.
absl::CivilDay PlusDays(absl::CivilDay day, Period::Unit unit, int64_t count) {
  switch (unit) {
    case Period::Unit::kMonth:
      return PlusMonths(day, count);
    case Period::Unit::kYear:
      return PlusMonths(day, 12 * count);
    case Period::Unit::kWeek:
      return day + 7 * count;
    case Period::Unit::kDay:
    case Period::Unit::kHour:
    case Period::Unit::kMinute:
      break;
  }
  return day + count;
}

}  // namespace

std::optional<Period> ParsePeriod(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  absl::string_view unit =
      absl::StripLeadingAsciiWhitespace(text.substr(digits));
  const bool apart = digits + unit.size() < text.size();
  Period period;
  if (!apart || !absl::SimpleAtoi(text.substr(0, digits), &period.count) ||
      period.count < 1 || period.count > kPeriodCountMax) {
    return std::nullopt;
  }
  if (absl::EndsWithIgnoreCase(unit, "s")) unit.remove_suffix(1);
  for (const UnitName& known : kUnits) {
    if (absl::EqualsIgnoreCase(unit, known.name)) {
      period.unit = known.unit;
      return period;
    }
  }
  return std::nullopt;
}

std::string ToString(const Period& period) {
  for (const UnitName& known : kUnits) {
    if (known.unit != period.unit) continue;
    return absl::StrCat(period.count, " ", known.name,
                        period.count == 1 ? "" : "s");
  }
  return "";
}

absl::Time PlusUnits(absl::Time start, Period::Unit unit, int64_t count,
                     absl::TimeZone zone) {
  start = WithinTheYearsOfFields(start);
  const bool infinite =
      start == absl::InfiniteFuture() || start == absl::InfinitePast();
  // An hour that a zone has twice must not become its first.
  if (infinite || count == 0) return start;
  count = std::clamp(count, -kUnitsMax, kUnitsMax);
  if (unit == Period::Unit::kMinute || unit == Period::Unit::kHour) {
    return WithinTheYearsOfFields(start + DurationOf({1, unit}) * count);
  }
  const absl::TimeZone::CivilInfo from = zone.At(start);
  const absl::CivilDay day = PlusDays(absl::CivilDay(from.cs), unit, count);
  const absl::CivilSecond to(day.year(), day.month(), day.day(), from.cs.hour(),
                             from.cs.minute(), from.cs.second());
  return WithinTheYearsOfFields(absl::FromCivil(to, zone) + from.subsecond);
}

absl::Time Plus(absl::Time start, const Period& period, int64_t times) {
  times = std::clamp(times, -kUnitsMax, kUnitsMax);
  // The calendar takes its time, and this is asked often.
  if (IsFixed(period.unit)) {
    return WithinTheYearsOfFields(WithinTheYearsOfFields(start) +
                                  DurationOf(period) * times);
  }
  return PlusUnits(start, period.unit, period.count * times,
                   absl::UTCTimeZone());
}

absl::Duration DurationOf(const Period& period) {
  switch (period.unit) {
    case Period::Unit::kMinute:
      return absl::Minutes(period.count);
    case Period::Unit::kHour:
      return absl::Hours(period.count);
    case Period::Unit::kDay:
      return absl::Hours(24) * period.count;
    case Period::Unit::kWeek:
      return absl::Hours(7 * 24) * period.count;
    case Period::Unit::kMonth:
      return absl::Hours(30 * 24) * period.count;
    case Period::Unit::kYear:
      return absl::Hours(365 * 24) * period.count;
  }
  return absl::InfiniteDuration();
}

}  // namespace holdline
