#include "server/pipeline/dependencies.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/sample_definitions.h"

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
  EXPECT_THAT(DependenciesIn(definition, "OnMachine"), IsEmpty());
  EXPECT_THAT(DependenciesIn(definition, "OnCluster"),
              ElementsAre("OnMachine"));
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

}  // namespace
}  // namespace holdline
