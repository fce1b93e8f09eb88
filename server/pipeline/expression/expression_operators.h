// The arithmetic of expressions (DATAPIPELINE sections 8.4 and 8.5).
//
// Two integers give an integer, and division truncates; with a double the
// result is a double. Texts that are numbers count as numbers, but not for `+`.
// INVALID_ARGUMENT: an operand is no number, the result is not finite or does
// not fit into 64 bits, or the divisor is zero.

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/pipeline/expression/expression_value.h"

namespace holdline {

// Adds numbers. If an operand is a text or a reference, both become texts and
// are concatenated, in time that does not grow with the length of the left one.
absl::StatusOr<ExpressionValue> Add(absl::Span<ExpressionValue> operands);

absl::StatusOr<ExpressionValue> Subtract(absl::Span<ExpressionValue> operands);
absl::StatusOr<ExpressionValue> Multiply(absl::Span<ExpressionValue> operands);
absl::StatusOr<ExpressionValue> Divide(absl::Span<ExpressionValue> operands);

// Returns a power, always a double.
absl::StatusOr<ExpressionValue> Raise(absl::Span<ExpressionValue> operands);

absl::StatusOr<ExpressionValue> Negate(absl::Span<ExpressionValue> operand);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_EXPRESSION_OPERATORS_H_
