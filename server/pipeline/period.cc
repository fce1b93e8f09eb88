#include "server/pipeline/period.h"

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

// More months than lie between the years 1 and 9999.
constexpr int64_t kMonthsMax = 12 * 10000;

// How many months a period of months or years has; nothing for the others.
std::optional<int64_t> MonthsOf(const Period& period) {
  if (period.unit == Period::Unit::kMonth) return period.count;
  if (period.unit == Period::Unit::kYear) return 12 * period.count;
  return std::nullopt;
}

absl::Time WithinTheYearsOfFields(absl::Time time) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  if (time < absl::FromCivil(absl::CivilSecond(1, 1, 1), utc)) {
    return absl::InfinitePast();
  }
  if (time >= absl::FromCivil(absl::CivilSecond(10000, 1, 1), utc)) {
    return absl::InfiniteFuture();
  }
  return time;
}

int DaysIn(absl::CivilMonth month) {
  return static_cast<int>(absl::CivilDay(month + 1) - absl::CivilDay(month));
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

absl::Time PlusMonths(absl::Time start, int64_t months, absl::TimeZone zone) {
  // An hour that a zone has twice must not become its first.
  if (months == 0) return WithinTheYearsOfFields(start);
  months = std::clamp(months, -2 * kMonthsMax, 2 * kMonthsMax);
  const absl::TimeZone::CivilInfo at = zone.At(start);
  const absl::CivilSecond from = at.cs;
  const absl::CivilMonth month = absl::CivilMonth(from) + months;
  const absl::CivilSecond to(month.year(), month.month(),
                             std::min(from.day(), DaysIn(month)), from.hour(),
                             from.minute(), from.second());
  return WithinTheYearsOfFields(absl::FromCivil(to, zone) + at.subsecond);
}

absl::Time Plus(absl::Time start, const Period& period, int64_t times) {
  const std::optional<int64_t> months = MonthsOf(period);
  if (!months.has_value()) {
    return WithinTheYearsOfFields(start + DurationOf(period) * times);
  }
  // So many are beyond the years of fields in any case.
  times = std::clamp(times, -2 * kMonthsMax, 2 * kMonthsMax);
  return PlusMonths(start, *months * times, absl::UTCTimeZone());
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
