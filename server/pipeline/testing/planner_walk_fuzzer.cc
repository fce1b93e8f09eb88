// Lets libFuzzer write the tape of the walk:
//
//   bazel run --config=fuzz //server/pipeline/testing:planner_walk_fuzzer --
//   -runs=1000

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  holdline::WalkPlanner(std::vector<uint8_t>(data, data + size));
  if (::testing::Test::HasFailure()) std::abort();
  return 0;
}
