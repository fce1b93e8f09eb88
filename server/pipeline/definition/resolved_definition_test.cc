#include "server/pipeline/definition/resolved_definition.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;

TEST(Inheritance, ComesFromDefaultUnlessAParentIsNamed) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"Default", {{"workerGroup", "wg"}, {"role", "r"}}},
            {"Mixin", {{"workerGroup", "other"}}},
            {"A", {{"type", "CopyActivity"}}},
            {"B", {{"type", "CopyActivity"}, {"parent", Ref("Mixin")}}}}));
  EXPECT_EQ(resolved.Find("A")->Text("workerGroup"), "wg");
  EXPECT_THAT(resolved.Find("A")->parents, ElementsAre("Default"));
  EXPECT_EQ(resolved.Find("B")->Text("workerGroup"), "other");
  EXPECT_EQ(resolved.Find("B")->Text("role"), "r");
  EXPECT_THAT(resolved.Find("B")->parents, ElementsAre("Mixin", "Default"));
  EXPECT_THAT(resolved.Find("Default")->parents, IsEmpty());
}

TEST(Inheritance, PutsOwnFieldsFirstAndReplacesAKeyAsAWhole) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"Default", {{"step", "1"}, {"step", "2"}, {"role", "r"}}},
            {"A", {{"type", "EmrActivity"}, {"step", "3"}}}}));
  const ResolvedObject& a = *resolved.Find("A");
  EXPECT_THAT(a.Values("step"), ElementsAre("3"));
  EXPECT_THAT(a.own,
              ElementsAre(Field{"type", "EmrActivity"}, Field{"step", "3"}));
  EXPECT_THAT(a.effective, ElementsAre(Field{"type", "EmrActivity"},
                                       Field{"step", "3"}, Field{"role", "r"}));
}

TEST(Inheritance, LeavesOutParentAndRuntimeFields) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"Top", {{"role", "r"}}},
            {"Middle", {{"parent", Ref("Top")}, {"@status", "x"}}},
            {"A", {{"parent", Ref("Middle")}}}}));
  EXPECT_THAT(resolved.Find("A")->effective,
              ElementsAre(Field{"parent", "Middle", true}, Field{"role", "r"}));
}

TEST(Inheritance, BringsTheType) {
  const auto resolved =
      ResolvedDefinition::Resolve(Make({{"Base", {{"type", "CopyActivity"}}},
                                        {"A", {{"parent", Ref("Base")}}},
                                        {"Odd", {{"type", "OddActivity"}}},
                                        {"None", {}}}));
  EXPECT_EQ(resolved.Find("A")->type, FindObjectType("CopyActivity"));
  EXPECT_EQ(resolved.Find("A")->family(), ObjectFamily::kActivity);
  EXPECT_EQ(resolved.Find("Odd")->type, nullptr);
  EXPECT_EQ(resolved.Find("Odd")->type_name, "OddActivity");
  EXPECT_EQ(resolved.Find("Odd")->family(), ObjectFamily::kActivity);
  EXPECT_EQ(resolved.Find("None")->family(), ObjectFamily::kNone);
}

TEST(Inheritance, TakesTheTypeDefaultForNone) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"Default", {{"type", "Default"}}}, {"A", {}}}));
  EXPECT_EQ(resolved.Find("Default")->type_name, "");
  EXPECT_EQ(resolved.Find("A")->type_name, "");
  EXPECT_EQ(resolved.Find("A")->family(), ObjectFamily::kNone);
}

TEST(Inheritance, CutsCycles) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"A", {{"parent", Ref("B")}, {"myA", "1"}}},
            {"B", {{"parent", Ref("A")}, {"myB", "2"}}},
            {"Self", {{"parent", Ref("Self")}}},
            {"Lost", {{"parent", Ref("Nobody")}}}}));
  EXPECT_EQ(resolved.Find("A")->Text("myB"), "2");
  EXPECT_EQ(resolved.Find("B")->Text("myA"), "1");
  EXPECT_THAT(resolved.Find("A")->parents, ElementsAre("B"));
  EXPECT_THAT(resolved.Find("Self")->parents, IsEmpty());
  EXPECT_THAT(resolved.Find("Lost")->parents, IsEmpty());
}

TEST(Inheritance, DoesNotGiveMeaningToAFieldThatTheTypeLacks) {
  const auto resolved = ResolvedDefinition::Resolve(
      Make({{"Default", {{"schedule", Ref("S")}, {"myRef", Ref("S")}}},
            {"S", {{"type", "Schedule"}}},
            {"A", {{"type", "CopyActivity"}}}}));
  const ResolvedObject& schedule = *resolved.Find("S");
  EXPECT_NE(schedule.Find("schedule"), nullptr);
  EXPECT_FALSE(schedule.Applies("schedule"));
  EXPECT_THAT(schedule.References("schedule"), IsEmpty());
  EXPECT_THAT(schedule.References("myRef"), ElementsAre("S"));
  EXPECT_THAT(resolved.Find("A")->References("schedule"), ElementsAre("S"));
}

TEST(Parameters, AreSubstitutedInTextsAlone) {
  Definition definition = Make({{"A",
                                 {{"type", "#{myX}"},
                                  {"command", "run #{myX}"},
                                  {"dependsOn", Ref("#{myX}")}}}});
  definition.values = {{"myX", "x"}};
  const auto resolved = ResolvedDefinition::Resolve(definition);
  EXPECT_THAT(resolved.Find("A")->own,
              ElementsAre(Field{"type", "#{myX}"}, Field{"command", "run x"},
                          Field{"dependsOn", "#{myX}", true}));
}

TEST(Parameters, GiveWayToFieldsOfTheSameName) {
  Definition definition = Make({{"Default", {{"myX", "from a field"}}},
                                {"A", {{"command", "#{myX}"}}},
                                {"B", {{"myY", "#{myY}"}}}});
  definition.values = {{"myX", "x"}, {"myY", "y"}};
  const auto resolved = ResolvedDefinition::Resolve(definition);
  EXPECT_EQ(resolved.Find("A")->Text("command"), "#{myX}");
  EXPECT_EQ(resolved.Find("B")->Text("myY"), "y");
}

TEST(Parameters, LetADroppedFieldBeInherited) {
  Definition definition =
      Make({{"Default", {{"workerGroup", "wg"}}},
            {"A", {{"workerGroup", "#{myGroup}"}, {"stdout", "#{myGroup}"}}}});
  definition.parameters = {{"myGroup", {{"optional", "true"}}}};
  const auto resolved = ResolvedDefinition::Resolve(definition);
  EXPECT_THAT(resolved.Find("A")->own, IsEmpty());
  EXPECT_EQ(resolved.Find("A")->Text("workerGroup"), "wg");
  EXPECT_EQ(resolved.Find("A")->Find("stdout"), nullptr);
}

TEST(Parameters, OfASampleTakeEffectWithTheValuesOfAnActivation) {
  const std::vector<ParameterValue> given = {{"myBucket", "b"},
                                             {"myWord", "one"}};
  const auto resolved = ResolvedDefinition::Resolve(ParameterPipeline(), given);
  EXPECT_THAT(resolved.Find("Work")->Values("scriptArgument"),
              ElementsAre("one", "s3://b/in"));
  EXPECT_EQ(resolved.Find("Work")->Text("command"),
            "run #{@scheduledStartTime}");
  EXPECT_EQ(resolved.Find("Work")->Find("stdout"), nullptr);
  EXPECT_EQ(resolved.Find("Daily")->Text("period"), "1 day");
  EXPECT_THAT(resolved.Parameter("myBucket"), Pointee(ElementsAre("b")));
  EXPECT_EQ(resolved.Parameter("myOutput"), nullptr);
}

TEST(ResolvedDefinition, HasAnObjectForEachOfTheDefinition) {
  Definition definition = Make({{"A", {{"myX", "first"}}}, {"A", {}}});
  const auto resolved = ResolvedDefinition::Resolve(definition);
  EXPECT_EQ(resolved.objects().size(), 2u);
  EXPECT_EQ(resolved.Find("A")->Text("myX"), "first");
  EXPECT_EQ(resolved.Find("B"), nullptr);
}

}  // namespace
}  // namespace holdline
