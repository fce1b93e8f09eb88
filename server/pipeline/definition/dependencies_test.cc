#include "server/pipeline/definition/dependencies.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> DependenciesIn(const Definition& definition,
                                        absl::string_view id) {
  const auto resolved = ResolvedDefinition::Resolve(definition);
  const DependencyGraph graph = DependenciesOf(resolved);
  std::vector<std::string> ids;
  for (int place : graph[resolved.Find(id) - resolved.objects().data()]) {
    ids.push_back(resolved.objects()[place].id);
  }
  return ids;
}

TEST(Dependencies, GoFromTheOutputThroughTheActivityToItsInput) {
  const Definition definition = ShellPipeline();
  EXPECT_THAT(DependenciesIn(definition, "Compressed"),
              ElementsAre("Compress"));
  EXPECT_THAT(DependenciesIn(definition, "Compress"), ElementsAre("Raw"));
  EXPECT_THAT(DependenciesIn(definition, "Raw"), ElementsAre("RawIsThere"));
  EXPECT_THAT(DependenciesIn(definition, "RawIsThere"), IsEmpty());
}

TEST(Dependencies, DoNotComeFromResourcesActionsAndSchedules) {
  const Definition definition = ResourcePipeline();
  EXPECT_THAT(DependenciesIn(definition, "OnResource"), IsEmpty());
  EXPECT_THAT(DependenciesIn(definition, "OnCluster"),
              ElementsAre("OnResource"));
}

TEST(Dependencies, DoNotComeFromInheritedFieldsWithoutMeaning) {
  Definition definition = SharedPreconditions();
  Set(definition, "Default", {"precondition", Ref("Gate")});
  EXPECT_THAT(DependenciesIn(definition, "Gate"), IsEmpty());
  EXPECT_THAT(DependenciesIn(definition, "Left"), ElementsAre("Gate"));
}

TEST(Cycles, AreNotInWhatComesToAnEnd) {
  EXPECT_THAT(Cycles({}), IsEmpty());
  EXPECT_THAT(Cycles({{1, 2}, {2}, {}}), IsEmpty());
}

TEST(Cycles, BeginWithTheirFirstPlace) {
  EXPECT_THAT(Cycles({{0}}), ElementsAre(ElementsAre(0)));
  EXPECT_THAT(Cycles({{1}, {2}, {1}, {0}}), ElementsAre(ElementsAre(1, 2)));
  EXPECT_THAT(Cycles({{2}, {0}, {1}}), ElementsAre(ElementsAre(0, 2, 1)));
}

TEST(Cycles, AreFoundInEachPartThatHasOne) {
  EXPECT_THAT(Cycles({{1}, {0}, {3}, {2}, {}, {0, 2}}),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3)));
}

TEST(Cycles, AreFoundBehindOneLongPathWithoutWalkingItForEach) {
  constexpr int kPath = 30000;
  constexpr int kCycles = 30000;
  DependencyGraph graph(kPath + 2 * kCycles);
  for (int i = 0; i + 1 < kPath; ++i) graph[i] = {i + 1};
  for (int i = 0; i < kCycles; ++i) {
    const int first = kPath + 2 * i;
    graph[kPath - 1].push_back(first);
    graph[first] = {first + 1};
    graph[first + 1] = {first};
  }
  const std::vector<std::vector<int>> cycles = Cycles(graph);
  ASSERT_EQ(cycles.size(), kCycles);
  EXPECT_THAT(cycles.back(),
              ElementsAre(kPath + 2 * kCycles - 2, kPath + 2 * kCycles - 1));
}

}  // namespace
}  // namespace holdline
