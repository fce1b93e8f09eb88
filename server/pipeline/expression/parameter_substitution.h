// The substitution of parameters in a text: the pass before evaluation, which
// replaces the names of parameters by their values (DATAPIPELINE section 11).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_PARAMETER_SUBSTITUTION_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_PARAMETER_SUBSTITUTION_H_

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// The value that replaces the name of a parameter.
struct ParameterText {
  // Several values for a list; none for an optional parameter without a value:
  // a text that is only its name is then dropped. Values may contain
  // expressions, which are evaluated later, for the object that has the text.
  std::vector<std::string> values;

  // Whether the declared type is Integer or Double. Values that look like
  // numbers are then numbers in expressions.
  bool is_number = false;

  // Whether the values are a secret, which errors must not contain.
  bool is_secret = false;
};

// The longest result, in bytes.
inline constexpr size_t kSubstitutedTextMax = size_t{1024} * 1024;

// Returns the text with parameters substituted. `parameter` returns the value
// of a name, such as `myX` or `*myX`, or null for names that stay: unknown
// ones, and fields of the object, which take precedence. Names with a field,
// and names in values, always stay.
//
//   the text        one value    several values
//   #{myX}          the value    several results, a value each
//   a #{myX} b      a value b    a #{['one', 'two']} b
//   #{myX + 'b'}    #{'value' + 'b'}
//                                #{['one', 'two'] + 'b'}
//
// So an expression over several values gives several values when it is
// evaluated. In the last row a value with expressions becomes an expression,
// `('s3://bucket/' + (format(...)))`.
//
// INVALID_ARGUMENT: CheckExpressions() fails for the text, or for a value that
// goes into an expression; or a result is longer than kSubstitutedTextMax.
absl::StatusOr<std::vector<std::string>> SubstituteNames(
    absl::string_view text,
    const std::function<const ParameterText*(absl::string_view name)>&
        parameter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_PARAMETER_SUBSTITUTION_H_
