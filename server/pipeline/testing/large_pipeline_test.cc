#include "server/pipeline/testing/large_pipeline.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr LargeShape kShapes[] = {LargeShape::kChain, LargeShape::kFanOut,
                                  LargeShape::kFanIn};

std::vector<LargeEvent> EventsOf(LargeShape shape, int activities) {
  LargePipeline pipeline(shape, activities, [] { return absl::Duration(); });
  const absl::Status status = pipeline.Run();
  EXPECT_TRUE(status.ok()) << status;
  return pipeline.events();
}

TEST(LargePipeline, DoesWorkByHowMuchItHas) {
  for (const LargeShape shape : kShapes) {
    const std::vector<LargeEvent> once = EventsOf(shape, 150);
    const std::vector<LargeEvent> twice = EventsOf(shape, 300);
    ASSERT_EQ(once.size(), twice.size());
    for (size_t i = 0; i < once.size(); ++i) {
      EXPECT_LE(twice[i].work, 2 * once[i].work + 50)
          << once[i].name << " in shape " << static_cast<int>(shape);
    }
  }
}

// But for the last of a fan-in, which looks at all that it depends on.
TEST(LargePipeline, DoesALittleForEachRowOnly) {
  for (const LargeShape shape : {LargeShape::kChain, LargeShape::kFanOut}) {
    for (const LargeEvent& event : EventsOf(shape, 300)) {
      if (event.name == "deleting") continue;
      EXPECT_LE(event.work, 40 * event.rows + 40)
          << event.name << " in shape " << static_cast<int>(shape);
    }
  }
}

// Drafts are judged apart. The last of a fan-in looks at all it depends on.
TEST(LargePipeline, IsCarriedOutInTurnsOfBoundedLength) {
  for (const LargeShape shape : kShapes) {
    for (const LargeEvent& event : EventsOf(shape, 600)) {
      EXPECT_LE(event.work_max, 4000)
          << event.name << " in shape " << static_cast<int>(shape);
    }
  }
}

// A chain is no deeper on the stack than one activity.
TEST(LargePipeline, MayBeAChainOfAnyLength) {
  EventsOf(LargeShape::kChain, 5000);
}

}  // namespace
}  // namespace holdline
