#include "server/pipeline/testing/large_pipeline.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr LargeShape kShapes[] = {LargeShape::kChain, LargeShape::kFanOut,
                                  LargeShape::kFanIn};

std::vector<LargeTurn> TurnsOf(LargeShape shape, int activities) {
  LargePipeline pipeline(shape, activities, [] { return absl::Duration(); });
  const absl::Status status = pipeline.Run();
  EXPECT_TRUE(status.ok()) << status;
  return pipeline.turns();
}

TEST(LargePipeline, DoesWorkByHowMuchItHas) {
  for (const LargeShape shape : kShapes) {
    const std::vector<LargeTurn> once = TurnsOf(shape, 150);
    const std::vector<LargeTurn> twice = TurnsOf(shape, 300);
    ASSERT_EQ(once.size(), twice.size());
    for (size_t i = 0; i < once.size(); ++i) {
      EXPECT_LE(twice[i].work, 2 * once[i].work + 50)
          << once[i].event << " in shape " << static_cast<int>(shape);
    }
  }
}

// But for the last of a fan-in, which looks at all that it depends on.
TEST(LargePipeline, DoesALittleForEachRowOnly) {
  for (const LargeShape shape : {LargeShape::kChain, LargeShape::kFanOut}) {
    for (const LargeTurn& turn : TurnsOf(shape, 300)) {
      if (turn.event == "deleting") continue;
      EXPECT_LE(turn.work, 40 * turn.rows + 40)
          << turn.event << " in shape " << static_cast<int>(shape);
    }
  }
}

// A chain is no deeper on the stack than one activity.
TEST(LargePipeline, MayBeAChainOfAnyLength) {
  TurnsOf(LargeShape::kChain, 5000);
}

}  // namespace
}  // namespace holdline
