// Walks from many seeds. HOLDLINE_WALK_SEEDS sets how many:
//
//   bazel test --test_env=HOLDLINE_WALK_SEEDS=1000000 --test_timeout=3600
//       //server/pipeline/testing:expression_walk_test

#include "server/pipeline/testing/expression_walk.h"

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace holdline {
namespace {

uint64_t Seeds() {
  const char* value = std::getenv("HOLDLINE_WALK_SEEDS");
  return value == nullptr ? 5000 : std::stoull(value);
}

TEST(ExpressionWalk, StaysWithinItsLimitsWhateverTheTextIs) {
  const uint64_t seeds = Seeds();
  uint64_t with_value = 0;
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 chance(seed);
    std::vector<uint8_t> tape(20 + seed % 300);
    for (uint8_t& byte : tape) byte = static_cast<uint8_t>(chance());
    if (WalkExpression(tape)) ++with_value;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(with_value, seeds / 50) << "too few of the texts mean anything";
  EXPECT_LT(with_value, seeds - seeds / 50) << "too few of them are wrong";
}

}  // namespace
}  // namespace holdline
