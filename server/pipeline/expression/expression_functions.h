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

  // Returns the result, or INVALID_ARGUMENT with a message that does not name
  // the function. The caller passes `arity` arguments, none of them a list,
  // which may be consumed. The work is bounded by a multiple of the length of
  // arguments and result.
  absl::StatusOr<ExpressionValue> (*call)(
      absl::Span<ExpressionValue> arguments);
};

// Returns the function of this name, case-sensitive, or null.
const ExpressionFunction* FindFunction(absl::string_view name);

// Returns the binary operator `sign`, one of + - * / ^; null for others.
const ExpressionFunction* BinaryOperator(char sign);

// Returns the unary minus.
const ExpressionFunction* Negation();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_FUNCTIONS_H_
