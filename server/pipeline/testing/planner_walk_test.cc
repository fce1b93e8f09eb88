// Walks from many seeds. HOLDLINE_WALK_SEEDS sets how many, from
// HOLDLINE_WALK_FIRST_SEED on, for a longer run:
//
//   bazel test --test_env=HOLDLINE_WALK_SEEDS=100000 --test_timeout=3600
//       //server/pipeline/testing:planner_walk_test

#include "server/pipeline/testing/planner_walk.h"

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

TEST(PlannerWalkTest, TheInvariantsHoldWhateverHappens) {
  const uint64_t first = FromEnvironment("HOLDLINE_WALK_FIRST_SEED", 1);
  const uint64_t seeds = FromEnvironment("HOLDLINE_WALK_SEEDS", 15);
  WalkedFar far;
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 chance(seed);
    std::vector<uint8_t> tape(1500);
    for (uint8_t& byte : tape) byte = static_cast<uint8_t>(chance());
    const WalkedFar walked = WalkPlanner(tape);
    far.tasks_taken += walked.tasks_taken;
    far.finished += walked.finished;
    far.cascade_failed += walked.cascade_failed;
    far.unfinished_turns += walked.unfinished_turns;
    far.compared += walked.compared;
    ASSERT_FALSE(HasFailure());
  }
  const int walks = static_cast<int>(seeds);
  EXPECT_GT(far.tasks_taken, walks * 20) << "too little is run";
  EXPECT_GT(far.finished, walks * 5) << "too little succeeds";
  EXPECT_GT(far.cascade_failed, walks) << "too little cascades";
  EXPECT_GT(far.unfinished_turns, walks * 50) << "too little is left undone";
  EXPECT_GT(far.compared, walks) << "too little is compared";
}

}  // namespace
}  // namespace holdline
