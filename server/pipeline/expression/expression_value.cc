#include "server/pipeline/expression/expression_value.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "server/base/utf8.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/expression/secret_name.h"

namespace holdline {
namespace {

constexpr double kInt64End = 9223372036854775808.0;  // 2^63

std::string ToText(double number) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number);
  std::string text(digits, end.ptr);
  // So that it is read as a double again.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string ToText(const DateTime& value) {
  return absl::FormatTime("%E4Y-%m-%dT%H:%M:%S", value.time, value.zone);
}

struct Writer {
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(int64_t value) const { return absl::StrCat(value); }
  std::string operator()(double value) const { return ToText(value); }
  std::string operator()(const DateTime& value) const { return ToText(value); }
  std::string operator()(const ObjectReference& value) const {
    return value.id;
  }
  std::string operator()(const ExpressionList& values) const {
    return absl::StrCat(
        "[",
        absl::StrJoin(values, ", ",
                      [](std::string* out, const ExpressionValue& value) {
                        out->append(holdline::ToText(value));
                      }),
        "]");
  }
};

struct KindNamer {
  absl::string_view operator()(const std::string&) const { return "the text"; }
  absl::string_view operator()(int64_t) const { return "the integer"; }
  absl::string_view operator()(double) const { return "the double"; }
  absl::string_view operator()(const DateTime&) const { return "the time"; }
  absl::string_view operator()(const ObjectReference&) const {
    return "the reference";
  }
  absl::string_view operator()(const ExpressionList&) const {
    return "the list";
  }
};

absl::Status NotConvertible(const ExpressionValue& value,
                            absl::string_view wanted) {
  constexpr size_t kShownMax = 60;
  const std::string text =
      IsSecret(value) ? std::string(kSecretShown) : ToText(value);
  const absl::string_view shown = WholeCharacters(text, kShownMax);
  return absl::InvalidArgumentError(absl::StrCat(
      std::visit(KindNamer(), value.content), " `", shown,
      shown.size() < text.size() ? "..." : "", "` is not ", wanted));
}

}  // namespace

bool operator==(const ExpressionValue& left, const ExpressionValue& right) {
  return left.content == right.content;
}

bool IsSecret(const ExpressionValue& value) {
  const auto* list = std::get_if<ExpressionList>(&value.content);
  return value.is_secret ||
         (list != nullptr &&
          absl::c_any_of(*list, [](const ExpressionValue& each) {
            return each.is_secret;
          }));
}

void MakeSecret(ExpressionValue* value) {
  value->is_secret = true;
  if (auto* list = std::get_if<ExpressionList>(&value->content)) {
    for (ExpressionValue& each : *list) each.is_secret = true;
  }
}

std::string ToText(const ExpressionValue& value) {
  return std::visit(Writer(), value.content);
}

absl::StatusOr<DateTime> ToDateTime(const ExpressionValue& value) {
  if (const auto* moment = std::get_if<DateTime>(&value.content)) {
    const bool finite = moment->time != absl::InfiniteFuture() &&
                        moment->time != absl::InfinitePast();
    if (finite) return *moment;
  }
  if (const auto* text = std::get_if<std::string>(&value.content)) {
    const std::optional<absl::Time> time = ParseFieldTimeOrDate(*text);
    if (time.has_value()) return DateTime{*time};
  }
  return NotConvertible(value, "a time like 2012-12-12T00:00:00");
}

absl::StatusOr<int64_t> ToInteger(const ExpressionValue& value) {
  const absl::StatusOr<ExpressionValue> number = ToNumber(value);
  if (!number.ok()) return NotConvertible(value, "an integer");
  if (const auto* whole = std::get_if<int64_t>(&number->content)) {
    return *whole;
  }
  const double real = std::get<double>(number->content);
  if (real != std::trunc(real) || real < -kInt64End || real >= kInt64End) {
    return NotConvertible(value, "an integer");
  }
  return static_cast<int64_t>(real);
}

absl::StatusOr<ExpressionValue> ToNumber(const ExpressionValue& value) {
  if (std::holds_alternative<int64_t>(value.content) ||
      std::holds_alternative<double>(value.content)) {
    return value;
  }
  if (const auto* text = std::get_if<std::string>(&value.content)) {
    int64_t whole = 0;
    if (absl::SimpleAtoi(*text, &whole)) return ExpressionValue{whole};
    double real = 0;
    if (absl::SimpleAtod(*text, &real) && std::isfinite(real)) {
      return ExpressionValue{real};
    }
  }
  return NotConvertible(value, "a number");
}

absl::StatusOr<std::string> ToPlainText(const ExpressionValue& value) {
  if (const auto* text = std::get_if<std::string>(&value.content)) {
    return *text;
  }
  return NotConvertible(value, "a text");
}

}  // namespace holdline
