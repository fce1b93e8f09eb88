// The first pass over a text: names of parameters give way to their values
// (DATAPIPELINE section 11).

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
  // Several for a list; none for one that is optional and missing, which leaves
  // nothing of a text that is its name alone. They may have expressions
  // themselves, which the second pass evaluates in the place of the object that
  // has the text.
  std::vector<std::string> values;

  // Its declared type is Integer or Double, so that it counts as a number in an
  // expression, where its values look like one.
  bool is_number = false;

  // Whether errors must not tell anything of the values.
  bool is_secret = false;
};

// No result is longer than this, in bytes.
inline constexpr size_t kSubstitutedTextMax = size_t{1024} * 1024;

// Returns what becomes of the text. `parameter` returns what is known of a
// name, such as `myX` or `*myX`, or null: then the name stays, as do names that
// fields are taken of, and those in the values. A field of the object goes
// before a parameter of its name, so for such a name it has to return null.
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
// INVALID_ARGUMENT: CheckExpressions() of the text, or of a value that goes
// into an expression, has an error; or a result is longer than
// kSubstitutedTextMax.
absl::StatusOr<std::vector<std::string>> SubstituteNames(
    absl::string_view text,
    const std::function<const ParameterText*(absl::string_view name)>&
        parameter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_PARAMETER_SUBSTITUTION_H_
