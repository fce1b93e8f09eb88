// The values of expressions and their conversions (DATAPIPELINE section 8.4).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace holdline {

// A time, and the zone for reading and writing it.
struct DateTime {
  absl::Time time;
  absl::TimeZone zone = absl::UTCTimeZone();

  friend bool operator==(const DateTime&, const DateTime&) = default;
};

// The value of a reference field; converts to its id as text.
struct ObjectReference {
  std::string id;

  friend bool operator==(const ObjectReference&,
                         const ObjectReference&) = default;
};

struct ExpressionValue;
using ExpressionList = std::vector<ExpressionValue>;

// A value of an expression. Lists are not nested. Numbers are finite.
struct ExpressionValue {
  std::variant<std::string, int64_t, double, DateTime, ObjectReference,
               ExpressionList>
      content;

  // Whether the value came from a secret name, see IsSecretName(), or was
  // computed from such a value. All computations pass it on.
  bool is_secret = false;
};

// Whether the contents are the same.
bool operator==(const ExpressionValue& left, const ExpressionValue& right);

// Whether the value is a secret, or a list that holds one.
bool IsSecret(const ExpressionValue& value);

// Marks the value as a secret, and the elements of a list.
void MakeSecret(ExpressionValue* value);

// Returns the value as text: times as FieldTime() in their zone, doubles with a
// point or an exponent, references as the id, lists as `[a, b]`.
std::string ToText(const ExpressionValue& value);

// The conversions return INVALID_ARGUMENT with the value that cannot be
// converted, or, for a secret, with its kind only. No other errors contain
// values.
//
// A time, or a text that is one, with or without the time of day.
absl::StatusOr<DateTime> ToDateTime(const ExpressionValue& value);
// An integer, a whole double, or a text that is an integer.
absl::StatusOr<int64_t> ToInteger(const ExpressionValue& value);
// A number, or a text that is one. The result is an integer or a double.
absl::StatusOr<ExpressionValue> ToNumber(const ExpressionValue& value);
// A text; nothing else converts.
absl::StatusOr<std::string> ToPlainText(const ExpressionValue& value);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_
