// The values of expressions and what they convert to (DATAPIPELINE section
// 8.4).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace holdline {

// A moment, and the zone in which it is read and written.
struct DateTime {
  absl::Time time;
  absl::TimeZone zone = absl::UTCTimeZone();

  friend bool operator==(const DateTime&, const DateTime&) = default;
};

// The value of a reference field; as text it is the id.
struct ObjectReference {
  std::string id;

  friend bool operator==(const ObjectReference&,
                         const ObjectReference&) = default;
};

struct ExpressionValue;
using ExpressionList = std::vector<ExpressionValue>;

// The values in a list are no lists themselves. Numbers are finite.
struct ExpressionValue {
  std::variant<std::string, int64_t, double, DateTime, ObjectReference,
               ExpressionList>
      content;

  // Whether it came of a secret name, see IsSecretName(), or was made of what
  // did. Whoever makes a value of others hands it on.
  bool is_secret = false;
};

// Whether the contents are the same.
bool operator==(const ExpressionValue& left, const ExpressionValue& right);

// Whether the value is a secret, or a list that holds one.
bool IsSecret(const ExpressionValue& value);

// Makes a secret of the value, and of those in it if it is a list.
void MakeSecret(ExpressionValue* value);

// Returns the value as a text: times as FieldTime() in their zone, doubles with
// a point or an exponent, references as the id, lists as `[a, b]`.
std::string ToText(const ExpressionValue& value);

// Each returns what the value converts to, or INVALID_ARGUMENT, which says what
// it is instead, and of a secret only what kind of value it is. These are the
// only errors that tell a value.
//
// A time: itself, or a text that is one, with or without the time of day.
absl::StatusOr<DateTime> ToDateTime(const ExpressionValue& value);
// An integer: itself, a double that is whole, or a text that is one.
absl::StatusOr<int64_t> ToInteger(const ExpressionValue& value);
// A number: itself, or a text that is one. Its content is an integer or double.
absl::StatusOr<ExpressionValue> ToNumber(const ExpressionValue& value);
// A text: itself.
absl::StatusOr<std::string> ToPlainText(const ExpressionValue& value);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_VALUE_H_
