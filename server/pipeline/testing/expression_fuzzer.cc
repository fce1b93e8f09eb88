// Lets libFuzzer write the tape of the walk, guided by what it reaches:
//
//   bazel run --config=fuzz //server/pipeline/testing:expression_fuzzer --
//       -runs=100000 -max_len=600

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "gtest/gtest.h"
#include "server/pipeline/testing/expression_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  holdline::WalkExpression(std::vector<uint8_t>(data, data + size));
  if (::testing::Test::HasFailure()) std::abort();
  return 0;
}
