// Texts with expressions, `#{...}`, evaluated (DATAPIPELINE section 8).
// EXPRESSIONS.md is the language on one page.
//
// All of it is pure but for time zones, which come from the system's database.
// Any thread may call any of it. Every error is INVALID_ARGUMENT and begins
// with the place: "expression at character 12: unknown function `foo`", counted
// from 1 in the text at hand. None tells a value that came of a secret name
// (see ExpressionValue), or anything of a text that is a secret itself.

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

// Returns the value of `text`. If it is one expression and nothing else, that
// is the expression's value. If it is expressions in brackets and separated by
// commas, `[#{a}, #{b}]`, and one of them gives a list, it is a list of all
// their values. Otherwise it is a text, in which lists stand as `[a, b]`.
absl::StatusOr<ExpressionValue> EvaluateToValue(absl::string_view text,
                                                const ExpressionScope& scope,
                                                EvaluationBudget* budget);

// Returns the texts that a field with this text has: several, or none, if its
// value is a list.
absl::StatusOr<std::vector<std::string>> EvaluateTemplate(
    absl::string_view text, const ExpressionScope& scope,
    EvaluationBudget* budget);

// Returns the value as one text, for EvaluateExpression.
absl::StatusOr<std::string> EvaluateToText(absl::string_view text,
                                           const ExpressionScope& scope,
                                           EvaluationBudget* budget);

// Returns what is wrong with the text whatever names mean: syntax, functions
// that there are not, numbers of arguments, runtime fields that are too far.
absl::Status CheckExpressions(absl::string_view text);

// A name that a text mentions, with the fields that are taken of it: `node`,
// `input` and `name` for `#{node.input.name}`.
struct NameUse {
  std::vector<std::string> path;
  // Where it is in the text, in characters from 1.
  size_t character = 0;

  friend bool operator==(const NameUse&, const NameUse&) = default;
};

// Returns the names that the text mentions, in order, each as often as it does,
// or what CheckExpressions() returns.
absl::StatusOr<std::vector<NameUse>> NamesUsed(absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_H_
