#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/calendar/period.h"
#include "server/pipeline/definition/component_schedule.h"
#include "server/pipeline/validation/definition_checks.h"
#include "server/pipeline/validation/parameter_use.h"

namespace holdline {
namespace {

// One text that is to be a value of one field.
struct Value {
  const FieldRule& rule;
  absl::string_view text;
};

std::string MustBe(const Value& value, absl::string_view what) {
  return absl::StrCat("INVALID_FIELD_VALUE: ", Quoted(value.rule.name),
                      " value must be ", what, ".");
}

// Whether nothing is there to evaluate the value: intervals are counted from
// what a Schedule says before there are any instances.
bool MustBeLiteral(const FieldRule& rule) {
  const FieldRule* field = FindField(*FindObjectType("Schedule"), rule.name);
  return field != nullptr && rule.name != "type" && rule.name != "parent";
}

// The range of a number, some of which are for the server to set.
struct Range {
  double min;
  double max;
  bool ends_allowed;

  bool Has(double number) const {
    return ends_allowed ? min <= number && number <= max
                        : min < number && number < max;
  }
};

Range RangeOf(const FieldRule& rule, const ValidationLimits& limits) {
  Range range = {rule.min, rule.max, rule.ends_allowed};
  if (rule.name == "maximumRetries") range.max = limits.retries_max;
  if (rule.name == "maxActiveInstances")
    range.max = limits.active_instances_max;
  return range;
}

std::string ToText(const Range& range) {
  const absl::string_view without = range.ends_allowed ? "" : ", without these";
  if (range.max == kUnbounded) return absl::StrCat("at least ", range.min);
  return absl::StrCat("from ", range.min, " to ", range.max, without);
}

std::string CheckNumber(const Value& value, double number,
                        const ValidationLimits& limits) {
  const Range range = RangeOf(value.rule, limits);
  return range.Has(number) ? "" : MustBe(value, ToText(range));
}

std::string CheckInteger(const Value& value, const ValidationLimits& limits) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(value.text, &number)) {
    return MustBe(value, "an integer");
  }
  return CheckNumber(value, static_cast<double>(number), limits);
}

std::string CheckDouble(const Value& value, const ValidationLimits& limits) {
  double number = 0;
  if (!absl::SimpleAtod(value.text, &number)) return MustBe(value, "a number");
  return CheckNumber(value, number, limits);
}

std::string CheckBoolean(const Value& value) {
  const bool is_boolean = absl::EqualsIgnoreCase(value.text, "true") ||
                          absl::EqualsIgnoreCase(value.text, "false");
  return is_boolean ? "" : MustBe(value, "'true' or 'false'");
}

std::string CheckChoice(const Value& value) {
  for (absl::string_view choice : value.rule.choices) {
    if (absl::EqualsIgnoreCase(value.text, choice)) return "";
  }
  return MustBe(
      value,
      absl::StrCat("one of '", absl::StrJoin(value.rule.choices, "', '"), "'"));
}

std::string CheckTime(const Value& value) {
  return ParseFieldTime(value.text).has_value()
             ? ""
             : MustBe(value, "a literal datetime value");
}

// The bounds of a period, where the server sets some.
struct PeriodBounds {
  std::optional<Period> min;
  std::optional<Period> max;
};

PeriodBounds BoundsOf(const FieldRule& rule, const ValidationLimits& limits) {
  if (rule.name == "period") return {limits.period_min, limits.period_max};
  if (rule.name == "retryDelay") return {limits.retry_delay_min, std::nullopt};
  return {};
}

// What may stand where a period is expected.
bool StandsForPeriod(const Value& value) {
  if (value.rule.name == "period") {
    return absl::EqualsIgnoreCase(value.text, kOnDemandPeriod);
  }
  // One of the types says that it is a number of hours.
  int64_t hours = 0;
  return value.rule.name == "terminateAfter" &&
         absl::SimpleAtoi(value.text, &hours) && hours > 0;
}

std::string CheckPeriod(const Value& value, const ValidationLimits& limits) {
  if (StandsForPeriod(value)) return "";
  const std::optional<Period> period = ParsePeriod(value.text);
  if (!period.has_value()) {
    return MustBe(value, "a period such as '15 minutes' or '1 day'");
  }
  const PeriodBounds bounds = BoundsOf(value.rule, limits);
  const absl::Duration length = DurationOf(*period);
  if (bounds.min.has_value() && length < DurationOf(*bounds.min)) {
    return MustBe(value, absl::StrCat("at least ", ToString(*bounds.min)));
  }
  if (bounds.max.has_value() && length > DurationOf(*bounds.max)) {
    return MustBe(value, absl::StrCat("at most ", ToString(*bounds.max)));
  }
  return "";
}

// Returns what is wrong with a literal, or nothing.
std::string CheckLiteral(const Value& value, const ValidationLimits& limits) {
  switch (value.rule.kind) {
    case FieldKind::kString:
    case FieldKind::kReference:
      return "";
    case FieldKind::kInteger:
      return CheckInteger(value, limits);
    case FieldKind::kDouble:
      return CheckDouble(value, limits);
    case FieldKind::kBoolean:
      return CheckBoolean(value);
    case FieldKind::kPeriod:
      return CheckPeriod(value, limits);
    case FieldKind::kEnumeration:
      return CheckChoice(value);
    case FieldKind::kDateTime:
      return CheckTime(value);
  }
  return "";
}

}  // namespace

void CheckValue(const CheckedDefinition& checked, const ResolvedObject& object,
                const FieldRule& rule, absl::string_view text,
                Findings& findings) {
  const Value value = {rule, text};
  if (!IsLiteral(text)) {
    // One that waits for a parameter is looked at when that has a value; that
    // it lacks it is said elsewhere.
    if (!MustBeLiteral(rule) || WaitsForParameter(checked, object, text)) {
      return;
    }
    findings.Error(object.id, MustBe(value, rule.kind == FieldKind::kDateTime
                                                ? "a literal datetime value"
                                                : "a literal"));
    return;
  }
  const std::string wrong = CheckLiteral(value, checked.limits);
  if (!wrong.empty()) findings.Error(object.id, wrong);
}

}  // namespace holdline
