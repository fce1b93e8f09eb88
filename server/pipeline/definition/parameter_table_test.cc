#include "server/pipeline/definition/parameter_table.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointee;

bool NoField(absl::string_view) { return false; }

std::vector<std::string> Substituted(const ParameterTable& table,
                                     absl::string_view text) {
  return table.Substitute(text, NoField).value().texts;
}

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
  definition.values = {{"myX", "x"}, {"*myY", "#{myX}"}};
  const ParameterTable table(definition, {});
  EXPECT_THAT(Substituted(table, "plain"), ElementsAre("plain"));
  EXPECT_THAT(Substituted(table, "s3://#{myX}/#{ *myY }.gz"),
              ElementsAre("s3://x/#{myX}.gz"));
  EXPECT_THAT(Substituted(table, "#{'a' + myX}"), ElementsAre("#{'a' + 'x'}"));
}

TEST(Substitute, TakesDeclaredNumbersForNumbers) {
  Definition definition = OneParameter({{"type", "integer"}});
  definition.values = {{"myX", "2"}, {"myY", "2"}};
  const ParameterTable table(definition, {});
  EXPECT_THAT(Substituted(table, "#{myX + myY}"), ElementsAre("#{(2) + '2'}"));
}

TEST(Substitute, LeavesWhatIsNoParameter) {
  Definition definition;
  definition.values = {{"myX", "x"}};
  const ParameterTable table(definition, {});
  for (const char* text : {"#{myMissing}", "#{@scheduledStartTime}",
                           "#{format(a,'#{myX}')}", "# {myX}", "${myX}"}) {
    EXPECT_THAT(Substituted(table, text), ElementsAre(text));
  }
  const auto is_field = [](auto name) { return name == "myX"; };
  EXPECT_THAT(table.Substitute("#{myX}", is_field).value().texts,
              ElementsAre("#{myX}"));
  EXPECT_FALSE(table.Substitute("#{myX", NoField).ok());
}

TEST(Substitute, TellsWhetherASecretIsInTheText) {
  Definition definition = OneParameter({{"default", "x"}});
  definition.values = {{"*myY", "y"}};
  const ParameterTable table(definition, {});
  const auto holds_secret = [&](absl::string_view text) {
    return table.Substitute(text, NoField)->holds_secret;
  };
  EXPECT_TRUE(holds_secret("#{*myY}"));
  EXPECT_TRUE(holds_secret("a #{myX + *myY}"));
  EXPECT_FALSE(holds_secret("a #{myX}"));
}

TEST(Substitute, SaysNothingOfASecretThatCannotBeRead) {
  Definition definition;
  definition.values = {{"*myY", "#{hunter2(1)}"}};
  EXPECT_EQ(ParameterTable(definition, {})
                .Substitute("#{*myY + 'x'}", NoField)
                .status()
                .message(),
            "parameter `*myY`: an expression in its value cannot be read");
}

TEST(Substitute, MakesATextForEachValueOfAList) {
  Definition definition;
  definition.values = {{"myX", "1"}, {"myX", "2"}};
  EXPECT_THAT(Substituted(ParameterTable(definition, {}), "#{myX}"),
              ElementsAre("1", "2"));
}

TEST(Substitute, DropsAFieldThatIsAnOptionalParameterWithoutValue) {
  const ParameterTable table(OneParameter({{"optional", "True"}}), {});
  EXPECT_THAT(Substituted(table, "#{myX}"), IsEmpty());
  EXPECT_THAT(Substituted(table, "a#{myX}"), ElementsAre("a"));
  EXPECT_THAT(Substituted(table, "#{'a' + myX}"), ElementsAre("#{'a' + ''}"));
}

}  // namespace
}  // namespace holdline
