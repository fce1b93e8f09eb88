// That no expression takes more than it is given.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/expression/expression_syntax.h"
#include "server/pipeline/testing/expression_harness.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

// The value as a text, or the message of the error.
std::string Evaluated(absl::string_view text) {
  const absl::StatusOr<ExpressionValue> value = FieldTable().Evaluate(text);
  return value.ok() ? ToText(*value) : std::string(value.status().message());
}

// What is in `#{}`, likewise.
std::string Value(absl::string_view expression) {
  return Evaluated(absl::StrCat("#{", expression, "}"));
}

TEST(Budget, EndsCircles) {
  FieldTable fields;
  fields.Set("", "a", TextValue("#{b}"));
  fields.Set("", "b", TextValue("#{a}"));
  EXPECT_THAT(std::string(fields.Evaluate("#{a}").status().message()),
              HasSubstr("perhaps in a circle"));
}

TEST(Budget, EndsWhatGrowsByDoubling) {
  FieldTable fields;
  fields.Set("", "a0", TextValue(std::string(100, 'x')));
  for (int i = 1; i < 19; ++i) {
    const std::string before = absl::StrCat("a", i - 1);
    fields.Set("", absl::StrCat("a", i),
               TextValue(absl::StrCat("#{", before, " + ", before, "}")));
  }
  EvaluationBudget budget(
      {.depth_max = 20, .steps_max = 1000000, .bytes_max = 100000});
  EXPECT_THAT(
      std::string(fields.Evaluate("", "#{a18}", &budget).status().message()),
      HasSubstr("more than 100000 bytes"));
  EvaluationBudget steps({.depth_max = 20, .steps_max = 1000});
  EXPECT_THAT(
      std::string(fields.Evaluate("", "#{a18}", &steps).status().message()),
      HasSubstr("takes more than 1000 steps"));
}

TEST(Budget, CountsTheElementsOfLists) {
  FieldTable fields;
  ExpressionList list(1000, IntegerValue(1));
  fields.Set("", "list", {list});
  EvaluationBudget budget({.steps_max = 5000});
  EXPECT_THAT(
      std::string(
          fields.Evaluate("", "#{list + list + list + list + 1}", &budget)
              .status()
              .message()),
      HasSubstr("takes more than 5000 steps"));
}

TEST(Budget, IsSharedByAllItIsGivenTo) {
  FieldTable fields;
  EvaluationBudget budget({.steps_max = 10});
  EXPECT_TRUE(fields.Evaluate("", "#{1+2+3}", &budget).ok());
  EXPECT_TRUE(fields.Evaluate("", "#{1+2+3}", &budget).ok());
  EXPECT_FALSE(fields.Evaluate("", "#{1+2+3}", &budget).ok());
}

TEST(Nesting, HasALimit) {
  const auto nested = [](int depth, absl::string_view open,
                         absl::string_view close) {
    std::string text = "#{";
    for (int i = 0; i < depth; ++i) absl::StrAppend(&text, open);
    text += "1";
    for (int i = 0; i < depth; ++i) absl::StrAppend(&text, close);
    return text + "}";
  };
  EXPECT_EQ(Evaluated(nested(kExpressionNestingMax, "(", ")")), "1");
  for (const auto& [open, close] :
       std::vector<std::pair<const char*, const char*>>{
           {"(", ")"}, {"[", "]"}, {"-", ""}, {"1^", ""}, {"1+(", ")"}}) {
    EXPECT_THAT(Evaluated(nested(100000, open, close)),
                HasSubstr("nested deeper than 60 times"));
  }
}

TEST(Length, OfOneExpressionHasALimit) {
  const std::string longest(kExpressionLengthMax - 5, 'x');
  EXPECT_EQ(Value("'" + longest + "'"), longest);
  EXPECT_EQ(Value("'" + longest + "x'"),
            "expression at character 1: this is longer than 65536 bytes");
}

TEST(Length, OfATextCostsTimeInProportion) {
  // As long as EvaluateExpression allows. Ten thousand expressions of it, were
  // each to cost time by the length of the text, would not end in this test.
  constexpr size_t kLongest = 20971520;
  constexpr int kExpressions = 10000;
  const absl::string_view expression = "#{1 + 2}";
  const std::string stretch(kLongest / kExpressions - expression.size(), 'x');
  std::string text;
  for (int i = 0; i < kExpressions; ++i) {
    absl::StrAppend(&text, stretch, expression);
  }
  EvaluationBudget budget(
      {.steps_max = 4 * kExpressions, .bytes_max = 3 * kLongest});
  const absl::StatusOr<ExpressionValue> value =
      FieldTable().Evaluate("", text, &budget);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(ToText(*value).size(), kExpressions * (stretch.size() + 1));
}

TEST(Length, OfAChainIsNotNesting) {
  std::string text = "#{0";
  for (int i = 0; i < 5000; ++i) text += "+1";
  EXPECT_EQ(Evaluated(text + "}"), "5000");
}

}  // namespace
}  // namespace holdline
