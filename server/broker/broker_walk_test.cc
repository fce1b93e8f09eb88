// Walks from many seeds. HOLDLINE_WALK_SEEDS sets how many, from
// HOLDLINE_WALK_FIRST_SEED on, for a longer run:
//
//   bazel test --test_env=HOLDLINE_WALK_SEEDS=100000 --test_timeout=3600
//       //server/broker:broker_walk_test

#include "server/broker/broker_walk.h"

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace holdline {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::stoull(value);
}

TEST(BrokerWalkTest, TheInvariantsHoldWhateverHappens) {
  const uint64_t first = FromEnvironment("HOLDLINE_WALK_FIRST_SEED", 1);
  const uint64_t seeds = FromEnvironment("HOLDLINE_WALK_SEEDS", 60);
  BrokerWalkReach reach;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 chance(seed);
    std::vector<uint8_t> tape(3000);
    for (uint8_t& byte : tape) byte = static_cast<uint8_t>(chance());
    const BrokerWalkReach walked = WalkBroker(tape);
    reach.handed_out += walked.handed_out;
    reach.refused += walked.refused;
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(reach.handed_out, static_cast<int>(seeds) * 50)
      << "the walks go too seldom where it matters";
  EXPECT_GT(reach.refused, static_cast<int>(seeds) * 2)
      << "the walks reach the limits too seldom";
}

}  // namespace
}  // namespace holdline
