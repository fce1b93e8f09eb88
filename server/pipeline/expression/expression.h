// The evaluation of texts with expressions, `#{...}` (DATAPIPELINE section 8).
// EXPRESSIONS.md is the language on one page.
//
// All functions are pure but for time zones, which come from the system's
// database; any thread may call them. Every error is INVALID_ARGUMENT and
// begins with the position, in characters from 1: "expression at character 12:
// unknown function `foo`". Errors never contain the value of a secret (see
// ExpressionValue), or any part of a secret text.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/expression/evaluation_budget.h"
#include "server/pipeline/expression/expression_scope.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

// Returns the value of `text`: of a single expression, its value; of
// expressions in brackets, separated by commas, `[#{a}, #{b}]`, of which one
// gives a list, a list of all their values; otherwise a text, in which lists
// are written as `[a, b]`.
absl::StatusOr<ExpressionValue> EvaluateToValue(absl::string_view text,
                                                const ExpressionScope& scope,
                                                EvaluationBudget* budget);

// Returns the values of a field with this text: one, or any number if the value
// is a list.
absl::StatusOr<std::vector<std::string>> EvaluateTemplate(
    absl::string_view text, const ExpressionScope& scope,
    EvaluationBudget* budget);

// Returns the value as one text, for the call EvaluateExpression.
absl::StatusOr<std::string> EvaluateToText(absl::string_view text,
                                           const ExpressionScope& scope,
                                           EvaluationBudget* budget);

// Returns the first error that does not depend on the values of names: syntax,
// unknown functions, numbers of arguments, runtime fields more than one
// reference away.
absl::Status CheckExpressions(absl::string_view text);

// A name in a text, with the fields that are taken of it: `node`, `input` and
// `name` for `#{node.input.name}`.
struct NameUse {
  std::vector<std::string> path;
  // The position in the text, in characters from 1.
  size_t character = 0;

  friend bool operator==(const NameUse&, const NameUse&) = default;
};

// Returns the names in the text, in order and with repetitions, or the error of
// CheckExpressions().
absl::StatusOr<std::vector<NameUse>> NamesUsed(absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_H_
