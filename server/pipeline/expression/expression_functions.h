// Functions and operators of expressions (DATAPIPELINE section 8.5).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_FUNCTIONS_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_FUNCTIONS_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

struct ExpressionFunction {
  absl::string_view name;
  size_t arity;

  // Returns the result, or INVALID_ARGUMENT, which does not name the function.
  // There are `arity` arguments, none of them a list, and they may be consumed.
  // The work is bounded by a multiple of the length of arguments and result.
  absl::StatusOr<ExpressionValue> (*call)(
      absl::Span<ExpressionValue> arguments);
};

// Returns the function of the name, in this case, or null.
const ExpressionFunction* FindFunction(absl::string_view name);

// Returns the operator of the sign: + - * / ^. Nothing else has one.
const ExpressionFunction* BinaryOperator(char sign);

// Returns the sign before a number.
const ExpressionFunction* Negation();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_FUNCTIONS_H_
