// Lets libFuzzer write the tape of the walk:
//
//   bazel run --config=fuzz //server/broker:broker_walk_fuzzer -- -runs=10000

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "gtest/gtest.h"
#include "server/broker/broker_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  holdline::WalkBroker(std::vector<uint8_t>(data, data + size));
  if (::testing::Test::HasFailure()) std::abort();
  return 0;
}
