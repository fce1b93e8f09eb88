// A random walk through the language of expressions.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// Lets the bytes of `tape` choose a text and the fields that it may name,
// evaluates it, and checks that it stays within the limits, that errors have
// the documented form, that the result is reproducible, and that
// CheckExpressions() agrees. Failures are gtest's. Returns whether the text had
// a value.
bool WalkExpression(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_
