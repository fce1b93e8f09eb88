// Arithmetic of expressions (DATAPIPELINE sections 8.4 and 8.5).
//
// Two integers give an integer, and a division of them truncates; with a double
// the result is a double. Texts that are numbers count as such, but for `+`.
// INVALID_ARGUMENT: an operand is no number, the result does not fit into 64
// bits or is not finite, or it would be a division by zero.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

// With a text or a reference on either side both become texts and are joined,
// in time that does not grow with the length of the left one.
absl::StatusOr<ExpressionValue> Add(absl::Span<ExpressionValue> operands);

absl::StatusOr<ExpressionValue> Subtract(absl::Span<ExpressionValue> operands);
absl::StatusOr<ExpressionValue> Multiply(absl::Span<ExpressionValue> operands);
absl::StatusOr<ExpressionValue> Divide(absl::Span<ExpressionValue> operands);

// Always gives a double.
absl::StatusOr<ExpressionValue> Raise(absl::Span<ExpressionValue> operands);

absl::StatusOr<ExpressionValue> Negate(absl::Span<ExpressionValue> operand);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_
