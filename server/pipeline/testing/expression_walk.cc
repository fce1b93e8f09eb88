#include "server/pipeline/testing/expression_walk.h"

#include <cstddef>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/expression/parameter_substitution.h"
#include "server/pipeline/testing/expression_harness.h"

namespace holdline {
namespace {

constexpr EvaluationLimits kLimits = {
    .depth_max = 8, .steps_max = 2000, .bytes_max = 100 * 1000};

// What no error may tell, and no value that is not marked as a secret. No text
// of the walk has it but for secret ones.
constexpr absl::string_view kPlanted = "hunter2";

constexpr absl::string_view kNames[] = {"a",    "myB", "@c",     "*d",
                                        "@*e",  "ref", "refs",   "list",
                                        "none", "id",  "unknown"};
constexpr absl::string_view kFunctions[] = {
    "day",       "sunday",    "midnight",   "makeDate", "plusMonths",
    "minusDays", "plusHours", "plusPeriod", "format",   "inTimeZone"};
constexpr absl::string_view kLiterals[] = {"1",
                                           "0",
                                           ".5",
                                           "9223372036854775807",
                                           "'x'",
                                           "\"it's\"",
                                           "'it''s'",
                                           "'2012-02-29T01:02:03'",
                                           "'1 month'",
                                           "'YYYY-MM-dd'",
                                           "'Europe/Paris'",
                                           "''",
                                           "'#{'",
                                           "2.5"};
constexpr absl::string_view kOperators[] = {"+", "-", "*", "/", "^", " + "};
constexpr absl::string_view kJunk[] = {"#{", "}", "'", "\"", "\\", "(", ")",
                                       "[",  "]", ",", ".",  "@",  "*", "#",
                                       "{",  " ", "$", "\n", "ü",  "%"};

// Writes texts as the tape says: mostly right ones, some with a slip. At the
// end of the tape everything comes to its end.
class Writer {
 public:
  explicit Writer(const std::vector<uint8_t>& tape) : tape_(tape) {}

  std::string Template() {
    std::string text;
    do {
      switch (Next() % 4) {
        case 0:
          absl::StrAppend(&text, Pick(kJunk));
          break;
        case 1:
          absl::StrAppend(&text, "text ");
          break;
        default:
          absl::StrAppend(&text, "#{", Expression(0), "}");
      }
    } while (Next() % 3 != 0 && !AtEnd());
    return text;
  }

  bool AtEnd() const { return position_ >= tape_.size(); }

 private:
  uint8_t Next() { return AtEnd() ? 0 : tape_[position_++]; }

  template <size_t size>
  absl::string_view Pick(const absl::string_view (&choices)[size]) {
    return choices[Next() % size];
  }

  std::string Expression(int depth) {
    if (AtEnd() || depth > 12) return std::string(Pick(kLiterals));
    switch (Next() % 12) {
      case 0:
      case 1:
        return std::string(Pick(kLiterals));
      case 2:
      case 3:
        return std::string(Pick(kNames));
      case 4:
        return absl::StrCat(Pick(kNames), ".", Pick(kNames));
      case 5:
        return absl::StrCat("(", Expression(depth + 1), ")");
      case 6:
        return absl::StrCat("-", Expression(depth + 1));
      case 7:
        return absl::StrCat("[", Arguments(depth), "]");
      case 8:
        return absl::StrCat(Expression(depth + 1), ".", Pick(kFunctions), "(",
                            Arguments(depth), ")");
      case 9:
        return absl::StrCat(Pick(kFunctions), "(", Arguments(depth), ")");
      case 10:
        return Next() % 8 == 0 ? std::string(Pick(kJunk))
                               : std::string(Pick(kNames));
      default:
        return absl::StrCat(Expression(depth + 1), Pick(kOperators),
                            Expression(depth + 1));
    }
  }

  std::string Arguments(int depth) {
    const int count = Next() % 4;
    std::string arguments;
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&arguments, i == 0 ? "" : ", ", Expression(depth + 1));
    }
    return arguments;
  }

  const std::vector<uint8_t>& tape_;
  size_t position_ = 0;
};

FieldTable MakeFields(Writer* writer) {
  FieldTable fields;
  for (const char* object : {"", "Other"}) {
    fields.Set(object, "a", TextValue(writer->Template()));
    fields.Set(object, "myB", TextValue(writer->Template()));
    fields.Set(object, "@c", TimeValue("2012-02-29T01:02:03"));
    fields.Set(object, "*d", TextValue(kPlanted));
    fields.Set(object, "@*e",
               TextValue(absl::StrCat("#{", kPlanted, writer->Template())));
    fields.Set(object, "ref", ReferenceValue("Other"));
    fields.Set(
        object, "refs",
        {ExpressionList{ReferenceValue("Other"), ReferenceValue("Missing")}});
    fields.Set(object, "list",
               {ExpressionList{IntegerValue(1), TextValue("b"),
                               TimeValue("2012-01-31T00:00:00")}});
    fields.Set(object, "none", {ExpressionList{}});
  }
  return fields;
}

void ExpectTheOneError(const absl::Status& status) {
  EXPECT_FALSE(absl::StrContains(status.message(), kPlanted)) << status;
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_TRUE(absl::StartsWith(status.message(), "expression at character "))
      << status;
}

// A secret parameter can hold anything.
void SubstituteASecret(const std::string& text, const std::string& value) {
  const ParameterText parameter{{absl::StrCat("#{", kPlanted, "(", value)},
                                /*is_number=*/false,
                                /*is_secret=*/true};
  const auto substituted = SubstituteNames(
      text, [&](absl::string_view name) -> const ParameterText* {
        return name == "*d" ? &parameter : nullptr;
      });
  EXPECT_FALSE(absl::StrContains(substituted.status().message(), kPlanted))
      << substituted.status();
  if (!substituted.ok()) return;
  const FieldTable fields;
  for (const std::string& each : *substituted) {
    EvaluationBudget budget(kLimits);
    const auto evaluated = fields.Evaluate("", each, &budget, true);
    if (!evaluated.ok()) ExpectTheOneError(evaluated.status());
  }
}

// Parameters go before evaluation, and give what can be evaluated.
void SubstituteAndCheck(const std::string& text, const std::string& value) {
  const ParameterText parameter{{value, "two"}};
  const auto find = [&](absl::string_view name) {
    return name == "myB" ? &parameter : nullptr;
  };
  const auto substituted = SubstituteNames(text, find);
  if (!substituted.ok() || !CheckExpressions(value).ok()) return;
  for (const std::string& each : *substituted) {
    const absl::Status status = CheckExpressions(each);
    const bool accepted =
        status.ok() || absl::StrContains(status.message(), "nested deeper");
    EXPECT_TRUE(accepted) << text << " became " << each << ": " << status;
  }
}

}  // namespace

bool WalkExpression(const std::vector<uint8_t>& tape) {
  Writer writer(tape);
  const std::string text = writer.Template();
  const FieldTable fields = MakeFields(&writer);
  SCOPED_TRACE(testing::Message() << "the text is " << text);

  EvaluationBudget budget(kLimits);
  const auto value = fields.Evaluate("", text, &budget);
  EvaluationBudget again(kLimits);
  const auto second = fields.Evaluate("", text, &again);
  const absl::Status check = CheckExpressions(text);
  EXPECT_EQ(check, NamesUsed(text).status());
  SubstituteAndCheck(text, writer.Template());
  SubstituteASecret(text, writer.Template());

  if (!value.ok()) {
    ExpectTheOneError(value.status());
    EXPECT_EQ(value.status(), second.status());
    return false;
  }
  EXPECT_TRUE(check.ok()) << check;
  EXPECT_TRUE(IsSecret(*value) || !absl::StrContains(ToText(*value), kPlanted));
  EXPECT_TRUE(second.ok() && *value == *second);
  EXPECT_LE(ToText(*value).size(), static_cast<size_t>(kLimits.bytes_max) * 2);
  return true;
}

}  // namespace holdline
