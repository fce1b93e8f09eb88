// The stack machine that runs parsed expressions.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_MACHINE_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_MACHINE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/pipeline/expression/evaluation_budget.h"
#include "server/pipeline/expression/expression_scope.h"
#include "server/pipeline/expression/expression_syntax.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

// Returns the value of a program parsed from `text`, or ExpressionError().
//
// An operator or function with a list among its arguments is applied to each
// element and gives a list; `+` joins two lists. A field of a list of
// references is the list of their fields.
absl::StatusOr<ExpressionValue> RunExpression(absl::string_view text,
                                              ExpressionProgram program,
                                              const ExpressionScope& scope,
                                              EvaluationBudget* budget);

// Appends a value to a list; if the value is a list, its elements.
void AddFlat(ExpressionValue value, ExpressionList* list);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_MACHINE_H_
