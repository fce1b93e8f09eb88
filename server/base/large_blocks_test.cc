#include "server/base/large_blocks.h"

#include <malloc.h>

#include <memory>

#include "gtest/gtest.h"

namespace holdline {
namespace {

void Use(size_t bytes) {
  const auto block = std::make_unique<char[]>(bytes);
  block[bytes - 1] = 1;
}

TEST(LargeBlocks, GoBackToTheSystemAlsoAfterALargerOneWasFreed) {
  if (mallinfo2().arena == 0) GTEST_SKIP() << "sanitizers have their own heap";
  GiveBackLargeBlocks();
  Use(16 * kLargeBlockBytes);
  const auto block = std::make_unique<char[]>(kLargeBlockBytes);
  // What is mapped goes back when it is freed.
  EXPECT_GE(mallinfo2().hblkhd, kLargeBlockBytes);
}

}  // namespace
}  // namespace holdline
