// A random walk through the language of expressions.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// Lets the bytes of `tape` choose the pieces of a text and of the fields that
// it may name, evaluates it, and checks that nothing exceeds its limits, that
// errors are of the one kind, that the text means the same twice, and that what
// is checked before agrees. Failures are gtest's. Returns whether the text had
// a value.
bool WalkExpression(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_EXPRESSION_WALK_H_
