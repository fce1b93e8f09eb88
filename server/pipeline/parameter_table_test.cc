#include "server/pipeline/parameter_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;

bool NoField(absl::string_view) { return false; }

Definition OneParameter(std::vector<Field> attributes) {
  Definition definition;
  definition.parameters = {{"myX", std::move(attributes)}};
  return definition;
}

TEST(ParameterTable, TakesGivenThenStoredThenDefaultValues) {
  Definition definition = OneParameter({{"default", "default"}});
  EXPECT_THAT(ParameterTable(definition, {}).Find("myX"),
              Pointee(ElementsAre("default")));
  definition.values = {{"myX", "stored"}};
  EXPECT_THAT(ParameterTable(definition, {}).Find("myX"),
              Pointee(ElementsAre("stored")));
  const std::vector<ParameterValue> given = {{"myX", "given"}};
  EXPECT_THAT(ParameterTable(definition, given).Find("myX"),
              Pointee(ElementsAre("given")));
}

TEST(ParameterTable, ReplacesAListAsAWhole) {
  Definition definition = OneParameter({{"default", "d"}});
  definition.values = {{"myX", "a"}, {"myX", "b"}, {"myY", "y"}};
  const std::vector<ParameterValue> given = {{"myX", "c"}};
  const ParameterTable table(definition, given);
  EXPECT_THAT(table.Find("myX"), Pointee(ElementsAre("c")));
  EXPECT_THAT(table.Find("myY"), Pointee(ElementsAre("y")));
}

TEST(ParameterTable, KnowsValuesThatAreNotDeclared) {
  Definition definition = OneParameter({});
  definition.values = {{"myOther", "1"}};
  const ParameterTable table(definition, {});
  EXPECT_TRUE(table.Knows("myX"));
  EXPECT_EQ(table.Find("myX"), nullptr);
  EXPECT_TRUE(table.Knows("myOther"));
  EXPECT_FALSE(table.Knows("myThird"));
}

TEST(Substitute, ReplacesParametersAnywhereInAText) {
  Definition definition;
  definition.values = {{"myX", "x"}, {"*myY", "y"}};
  const ParameterTable table(definition, {});
  EXPECT_THAT(table.Substitute("plain", NoField), ElementsAre("plain"));
  EXPECT_THAT(table.Substitute("", NoField), ElementsAre(""));
  EXPECT_THAT(table.Substitute("s3://#{myX}/#{ *myY }.gz", NoField),
              ElementsAre("s3://x/y.gz"));
}

TEST(Substitute, LeavesWhatIsNoParameter) {
  Definition definition;
  definition.values = {{"myX", "x"}};
  const ParameterTable table(definition, {});
  for (const char* text :
       {"#{myMissing}", "#{@scheduledStartTime}", "#{format(a,'#{myX}')}",
        "#{'}' + myX}", "#{myX", "# {myX}", "${myX}"}) {
    EXPECT_THAT(table.Substitute(text, NoField), ElementsAre(text));
  }
  EXPECT_THAT(
      table.Substitute("#{myX}", [](auto name) { return name == "myX"; }),
      ElementsAre("#{myX}"));
}

TEST(Substitute, DoesNotReplaceWithinAValue) {
  Definition definition;
  definition.values = {{"myX", "#{myY} #{@id}"}, {"myY", "y"}};
  EXPECT_THAT(ParameterTable(definition, {}).Substitute("#{myX}", NoField),
              ElementsAre("#{myY} #{@id}"));
}

TEST(Substitute, MakesATextForEachValueOfAList) {
  Definition definition;
  definition.values = {{"myX", "1"}, {"myX", "2"}, {"myY", "a"}, {"myY", "b"}};
  const ParameterTable table(definition, {});
  EXPECT_THAT(table.Substitute("#{myX}", NoField), ElementsAre("1", "2"));
  EXPECT_THAT(table.Substitute("<#{myX}>", NoField), ElementsAre("<1>", "<2>"));
  EXPECT_THAT(table.Substitute("#{myX}#{myY}", NoField),
              ElementsAre("1a", "1b", "2a", "2b"));
}

TEST(Substitute, KeepsListsUponListsBounded) {
  Definition definition;
  for (int i = 0; i < 100; ++i) definition.values.push_back({"myX", "1"});
  EXPECT_EQ(ParameterTable(definition, {})
                .Substitute("#{myX}#{myX}#{myX}#{myX}", NoField)
                .size(),
            1000u);
}

TEST(Substitute, DropsAFieldThatIsAnOptionalParameterWithoutValue) {
  const ParameterTable table(OneParameter({{"optional", "True"}}), {});
  EXPECT_THAT(table.Substitute("#{myX}", NoField), IsEmpty());
  EXPECT_THAT(table.Substitute("a#{myX}", NoField), ElementsAre("a"));
}

}  // namespace
}  // namespace holdline
