#include "server/pipeline/expression/expression_functions.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/pipeline/calendar/period.h"
#include "server/pipeline/calendar/time_pattern.h"
#include "server/pipeline/calendar/time_zones.h"
#include "server/pipeline/expression/expression_operators.h"

namespace holdline {
namespace {

using Result = absl::StatusOr<ExpressionValue>;
using Arguments = absl::Span<ExpressionValue>;
using Unit = Period::Unit;

// The time in its zone, or an error if fields cannot hold it.
Result Moment(absl::Time time, absl::TimeZone zone) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
    return absl::InvalidArgumentError(
        "the result is not within the years 1 to 9999");
  }
  return ExpressionValue{DateTime{time, zone}};
}

// The parts of a time.

int64_t Day(absl::CivilSecond civil) { return civil.day(); }
int64_t DayOfYear(absl::CivilSecond civil) {
  return absl::GetYearDay(absl::CivilDay(civil));
}
int64_t Hour(absl::CivilSecond civil) { return civil.hour(); }
int64_t Minute(absl::CivilSecond civil) { return civil.minute(); }
int64_t Month(absl::CivilSecond civil) { return civil.month(); }
int64_t Year(absl::CivilSecond civil) { return civil.year(); }

template <int64_t (*part)(absl::CivilSecond)>
Result PartOf(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  return ExpressionValue{part(absl::ToCivilSecond(from->time, from->zone))};
}

// Another time by the same clock. A fraction of a second is lost: the calendar
// of fields has none.

absl::CivilSecond FirstOfMonth(absl::CivilSecond civil) {
  return absl::CivilSecond(civil.year(), civil.month(), 1, civil.hour(),
                           civil.minute(), civil.second());
}

absl::CivilSecond Midnight(absl::CivilSecond civil) {
  return absl::CivilSecond(absl::CivilDay(civil));
}

absl::CivilSecond Sunday(absl::CivilSecond civil) {
  const int monday_is_0 = static_cast<int>(absl::GetWeekday(civil));
  const int back = (monday_is_0 + 1) % 7;
  return civil - int64_t{24 * 60 * 60} * back;
}

template <absl::CivilSecond (*other)(absl::CivilSecond)>
Result Other(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  const absl::CivilSecond civil = absl::ToCivilSecond(from->time, from->zone);
  const absl::Time time = absl::FromCivil(other(civil), from->zone);
  return Moment(PlusUnits(time, Unit::kDay, 0, from->zone), from->zone);
}

constexpr int64_t kYearMax = 9999;

// A time that is made of its parts, all numbers; those that are not given are
// zero.
Result Make(Arguments arguments) {
  const absl::Status unknown =
      absl::InvalidArgumentError("the calendar does not have this time");
  int64_t parts[] = {0, 0, 0, 0, 0};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const absl::StatusOr<int64_t> part = ToInteger(arguments[i]);
    if (!part.ok()) return part.status();
    if (*part < 0 || *part > kYearMax) return unknown;
    parts[i] = *part;
  }
  const auto [year, month, day, hour, minute] = parts;
  const absl::CivilSecond civil(year, month, day, hour, minute);
  // What does not exist, such as 30 February, was made another time.
  const bool exists = year >= 1 && civil.year() == year &&
                      civil.month() == month && civil.day() == day &&
                      civil.hour() == hour && civil.minute() == minute;
  if (!exists) return unknown;
  return Moment(absl::FromCivil(civil, absl::UTCTimeZone()),
                absl::UTCTimeZone());
}

// A time so many units away.

// More units than these lead out of the calendar, whatever the unit.
constexpr int64_t kUnitsMax = int64_t{1000} * 1000 * 1000 * 1000;

template <Unit unit, int sign>
Result Moved(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  const absl::StatusOr<int64_t> count = ToInteger(arguments[1]);
  if (!count.ok()) return count.status();
  const int64_t bounded = std::clamp(*count, -kUnitsMax, kUnitsMax);
  return Moment(PlusUnits(from->time, unit, sign * bounded, from->zone),
                from->zone);
}

Result Yesterday(Arguments arguments) {
  ExpressionValue moved[] = {std::move(arguments[0]),
                             ExpressionValue{int64_t{1}}};
  return Moved<Unit::kDay, -1>(absl::MakeSpan(moved));
}

Result PlusPeriod(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  const absl::StatusOr<std::string> text = ToPlainText(arguments[1]);
  if (!text.ok()) return text.status();
  const std::optional<Period> period = ParsePeriod(*text);
  if (!period.has_value()) {
    return absl::InvalidArgumentError("this is not a period like `15 minutes`");
  }
  return Moment(PlusUnits(from->time, period->unit, period->count, from->zone),
                from->zone);
}

// Zones and formats.

Result InTimeZone(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  const absl::StatusOr<std::string> name = ToPlainText(arguments[1]);
  if (!name.ok()) return name.status();
  const std::optional<absl::TimeZone> zone = FindTimeZone(*name);
  if (!zone.has_value()) {
    return absl::InvalidArgumentError(
        "this is not a time zone like `America/Los_Angeles`");
  }
  return ExpressionValue{DateTime{from->time, *zone}};
}

Result Format(Arguments arguments) {
  const absl::StatusOr<DateTime> from = ToDateTime(arguments[0]);
  if (!from.ok()) return from.status();
  const absl::StatusOr<std::string> pattern = ToPlainText(arguments[1]);
  if (!pattern.ok()) return pattern.status();
  absl::StatusOr<std::string> text =
      FormatByPattern(*pattern, from->time, from->zone);
  if (!text.ok() && arguments[1].is_secret) {
    return absl::InvalidArgumentError("the pattern is wrong");
  }
  if (!text.ok()) return text.status();
  return ExpressionValue{*std::move(text)};
}

constexpr ExpressionFunction kFunctions[] = {
    {"day", 1, PartOf<Day>},
    {"dayOfYear", 1, PartOf<DayOfYear>},
    {"hour", 1, PartOf<Hour>},
    {"minute", 1, PartOf<Minute>},
    {"month", 1, PartOf<Month>},
    {"year", 1, PartOf<Year>},
    {"firstOfMonth", 1, Other<FirstOfMonth>},
    {"midnight", 1, Other<Midnight>},
    {"sunday", 1, Other<Sunday>},
    {"yesterday", 1, Yesterday},
    {"makeDate", 3, Make},
    {"makeDateTime", 5, Make},
    {"minusYears", 2, Moved<Unit::kYear, -1>},
    {"minusMonths", 2, Moved<Unit::kMonth, -1>},
    {"minusWeeks", 2, Moved<Unit::kWeek, -1>},
    {"minusDays", 2, Moved<Unit::kDay, -1>},
    {"minusHours", 2, Moved<Unit::kHour, -1>},
    {"minusMinutes", 2, Moved<Unit::kMinute, -1>},
    {"plusYears", 2, Moved<Unit::kYear, 1>},
    {"plusMonths", 2, Moved<Unit::kMonth, 1>},
    {"plusWeeks", 2, Moved<Unit::kWeek, 1>},
    {"plusDays", 2, Moved<Unit::kDay, 1>},
    {"plusHours", 2, Moved<Unit::kHour, 1>},
    {"plusMinutes", 2, Moved<Unit::kMinute, 1>},
    {"plusPeriod", 2, PlusPeriod},
    {"inTimeZone", 2, InTimeZone},
    {"format", 2, Format},
};

constexpr ExpressionFunction kOperators[] = {
    {"+", 2, Add},    {"-", 2, Subtract}, {"*", 2, Multiply},
    {"/", 2, Divide}, {"^", 2, Raise},
};

constexpr ExpressionFunction kNegation = {"-", 1, Negate};

const ExpressionFunction* Find(absl::Span<const ExpressionFunction> functions,
                               absl::string_view name) {
  const auto found = absl::c_find_if(
      functions,
      [name](const ExpressionFunction& f) { return f.name == name; });
  return found == functions.end() ? nullptr : &*found;
}

}  // namespace

const ExpressionFunction* FindFunction(absl::string_view name) {
  return Find(kFunctions, name);
}

const ExpressionFunction* BinaryOperator(char sign) {
  return Find(kOperators, absl::string_view(&sign, 1));
}

const ExpressionFunction* Negation() { return &kNegation; }

}  // namespace holdline
