#include "server/pipeline/expression/parameter_substitution.h"

#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/expression_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::map<std::string, ParameterText>& Parameters() {
  static const auto* const parameters =
      new std::map<std::string, ParameterText>{
          {"myText", {{"value"}}},
          {"*myPassword", {{"se'cr\\et"}}},
          {"myNumber", {{"-5"}, true}},
          {"myOddNumber", {{"1e5"}, true}},
          {"myList", {{"one", "two"}}},
          {"myNumbers", {{"1", "2"}, true}},
          {"myNone", {{}}},
          {"myPath", {{"s3://bucket/#{format(@scheduledStartTime,'YYYY')}"}}},
          {"myTime", {{"#{minusDays(@scheduledStartTime, 1)}"}}},
          {"mySum", {{"#{1}#{2}"}}},
          {"myBroken", {{"#{"}}},
      };
  return *parameters;
}

absl::StatusOr<std::vector<std::string>> Substituted(absl::string_view text) {
  return SubstituteNames(
      text, [](absl::string_view name) -> const ParameterText* {
        const auto found = Parameters().find(std::string(name));
        return found == Parameters().end() ? nullptr : &found->second;
      });
}

// What the second pass makes of the first result.
std::string Evaluated(absl::string_view text) {
  FieldTable fields;
  fields.Set("", "@scheduledStartTime", TimeValue("2011-05-24T17:10:00"));
  fields.Set("", "field", TextValue("f"));
  const auto texts = Substituted(text);
  if (!texts.ok()) return std::string(texts.status().message());
  const auto value = fields.Evaluate(texts->at(0));
  return value.ok() ? ToText(*value) : std::string(value.status().message());
}

TEST(SubstituteNames, LeavesWhatNamesNoParameter) {
  EXPECT_THAT(*Substituted(""), ElementsAre(""));
  EXPECT_THAT(*Substituted("a #{field + 'x'} b"),
              ElementsAre("a #{field + 'x'} b"));
  EXPECT_THAT(*Substituted("#{myText.field} myText #{'myText'}"),
              ElementsAre("#{myText.field} myText #{'myText'}"));
}

TEST(SubstituteNames, PutsTheValueInPlaceOfALoneName) {
  EXPECT_THAT(*Substituted("#{myText}"), ElementsAre("value"));
  EXPECT_THAT(*Substituted("a #{ myText } b"), ElementsAre("a value b"));
  EXPECT_THAT(*Substituted("#{*myPassword}"), ElementsAre("se'cr\\et"));
  EXPECT_THAT(*Substituted("#{myNumber}"), ElementsAre("-5"));
  EXPECT_THAT(*Substituted("#{myPath}"),
              ElementsAre("s3://bucket/#{format(@scheduledStartTime,'YYYY')}"));
  // What a value is, is for the second pass.
  EXPECT_THAT(*Substituted("#{myBroken}"), ElementsAre("#{"));
}

TEST(SubstituteNames, GivesAListSeveralResults) {
  EXPECT_THAT(*Substituted("#{myList}"), ElementsAre("one", "two"));
  EXPECT_THAT(*Substituted("#{myNone}"), IsEmpty());
  EXPECT_THAT(*Substituted("a#{myNone}b"), ElementsAre("ab"));
}

TEST(SubstituteNames, PutsLiteralsIntoExpressions) {
  EXPECT_THAT(*Substituted("#{myText + '/x'}"),
              ElementsAre("#{'value' + '/x'}"));
  EXPECT_THAT(*Substituted("#{myNumber - 1}"), ElementsAre("#{(-5) - 1}"));
  EXPECT_THAT(*Substituted("#{'a ' + myList}"),
              ElementsAre("#{'a ' + ['one', 'two']}"));
  EXPECT_THAT(*Substituted("a #{myList} b"),
              ElementsAre("a #{['one', 'two']} b"));
}

TEST(SubstituteNames, LeavesExpressionsThatTheSecondPassEvaluates) {
  EXPECT_EQ(Evaluated("#{myText + '/x'}"), "value/x");
  EXPECT_EQ(Evaluated("#{*myPassword + field}"), "se'cr\\etf");
  EXPECT_EQ(Evaluated("#{myNumber - 1}"), "-6");
  EXPECT_EQ(Evaluated("#{2*myNumber}"), "-10");
  EXPECT_EQ(Evaluated("#{myOddNumber + 1}"), "1e51");
  EXPECT_EQ(Evaluated("#{'a ' + myList}"), "[a one, a two]");
  EXPECT_EQ(Evaluated("#{myNumbers + 1}"), "[2, 3]");
  EXPECT_EQ(Evaluated("[#{myList}, #{myNumbers}]"), "[one, two, 1, 2]");
  EXPECT_EQ(Evaluated("a #{myList} b"), "a [one, two] b");
}

TEST(SubstituteNames, JoinsTheExpressionsOfAValue) {
  EXPECT_EQ(Evaluated("#{myPath + '/x'}"), "s3://bucket/2011/x");
  EXPECT_EQ(Evaluated("#{format(myTime, 'YYYYMMdd')}"), "20110523");
  EXPECT_EQ(Evaluated("#{mySum + 0}"), "120");
  EXPECT_THAT(Evaluated("#{myBroken + 'x'}"),
              HasSubstr("parameter `myBroken`: expression at character 3"));
}

TEST(SubstituteNames, RefusesWrongSyntax) {
  EXPECT_EQ(Substituted("#{myText").status().message(),
            "expression at character 9: `}` is missing");
}

TEST(SubstituteNames, BoundsTheResult) {
  const ParameterText much{{std::string(10000, 'x')}};
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "#{myX}";
  std::string sum = "#{myX";
  for (int i = 0; i < 1000; ++i) sum += "+myX";
  sum += "}";
  for (const std::string& each : {text, sum}) {
    const auto result =
        SubstituteNames(each, [&](absl::string_view) { return &much; });
    EXPECT_THAT(std::string(result.status().message()),
                HasSubstr("more than 1048576 bytes"));
  }
}

}  // namespace
}  // namespace holdline
