#include "server/pipeline/expression/expression.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/expression_harness.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ExpressionValue Texts(const std::vector<std::string>& texts) {
  ExpressionList list;
  for (const std::string& text : texts) list.push_back(TextValue(text));
  return {std::move(list)};
}

// An activity at 17:10 of 24 May 2011 that reads what another made.
FieldTable Sample() {
  FieldTable fields;
  fields.Set("", "id", TextValue("@Copy_2011-05-24T17:10:00"));
  fields.Set("", "@scheduledStartTime", TimeValue("2011-05-24T17:10:00"));
  fields.Set("", "parent", ReferenceValue("Copy"));
  fields.Set("", "input", ReferenceValue("In"));
  fields.Set("", "inputs",
             {ExpressionList{ReferenceValue("In"), ReferenceValue("Out")}});
  fields.Set("", "*password", TextValue("hunter2"));
  fields.Set("", "@*token", TextValue("token"));
  fields.Set("", "@*broken", TextValue("#{'secret' - hunter2(1)}"));
  fields.Set("", "*link", ReferenceValue("In"));
  fields.Set("", "myIndirect", TextValue("is #{*password}"));
  fields.Set("", "mySecrets", TextValue("#{[*password, *password]}"));
  fields.Set("", "myText", TextValue("text"));
  fields.Set("", "myNumber", IntegerValue(5));
  fields.Set("", "myDigits", TextValue("7"));
  fields.Set("", "myList", Texts({"one", "two"}));
  fields.Set("", "myList1", {ExpressionList{IntegerValue(1), IntegerValue(2)}});
  fields.Set("", "myList2", {ExpressionList{IntegerValue(3), IntegerValue(4)}});
  fields.Set("", "myNone", {ExpressionList{}});
  fields.Set("", "myPath", TextValue("s3://#{myText}/#{input.key}"));
  fields.Set("", "node", ReferenceValue("In"));
  fields.Set("Copy", "@id", TextValue("Copy"));
  fields.Set("In", "@status", TextValue("FINISHED"));
  fields.Set("In", "*password", TextValue("hunter2"));
  fields.Set("In", "key", TextValue("#{name}.csv"));
  fields.Set("In", "name", TextValue("first"));
  fields.Set("In", "next", ReferenceValue("Out"));
  fields.Set("Out", "name", TextValue("second"));
  fields.Set("Out", "@status", TextValue("FAILED"));
  return fields;
}

// The value as a text, or the message of the error.
std::string Evaluated(absl::string_view text) {
  const absl::StatusOr<ExpressionValue> value = Sample().Evaluate(text);
  if (value.ok()) return ToText(*value);
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(value.status().message());
}

// What is in `#{}`, likewise.
std::string Value(absl::string_view expression) {
  return Evaluated(absl::StrCat("#{", expression, "}"));
}

TEST(Template, KeepsWhatIsNoExpression) {
  EXPECT_EQ(Evaluated(""), "");
  EXPECT_EQ(Evaluated("echo # {} $ { } } #"), "echo # {} $ { } } #");
  EXPECT_EQ(Evaluated("a #{1}#{ 2 } b #{3} c"), "a 12 b 3 c");
  EXPECT_EQ(Evaluated("ä#{'ö'}ü"), "äöü");
}

TEST(Template, EndsAnExpressionAtTheBraceThatIsNotQuoted) {
  EXPECT_EQ(Evaluated("#{'}' + \"}\"}}"), "}}}");
  EXPECT_EQ(Evaluated("#{'#{'}"), "#{");
}

TEST(Grammar, GroupsOperatorsByTheirRank) {
  EXPECT_EQ(Value("1 + 2 * 3"), "7");
  EXPECT_EQ(Value("(1 + 2) * 3"), "9");
  EXPECT_EQ(Value("10 - 4 - 3"), "3");
  EXPECT_EQ(Value("100 / 10 / 5"), "2");
  EXPECT_EQ(Value("2 ^ 3 ^ 2"), "512.0");
  EXPECT_EQ(Value("2 * 3 ^ 2"), "18.0");
  EXPECT_EQ(Value("- 2 ^ 2"), "4.0");
  EXPECT_EQ(Value("2 - -2"), "4");
  EXPECT_EQ(Value("2 ^ -1"), "0.5");
}

TEST(Grammar, EscapesQuotes) {
  EXPECT_EQ(Value(R"('it''s')"), "it's");
  EXPECT_EQ(Value(R"('it\'s')"), "it's");
  EXPECT_EQ(Value(R"("say \"so\"")"), R"(say "so")");
  EXPECT_EQ(Value(R"("it's")"), "it's");
  EXPECT_EQ(Value(R"('a\\')"), R"(a\)");
  EXPECT_EQ(Value(R"('\d')"), R"(\d)");
  EXPECT_EQ(Value(R"('')"), "");
}

TEST(Grammar, TellsAnEncryptedNameFromAProduct) {
  EXPECT_EQ(Value("*password"), "hunter2");
  EXPECT_EQ(Value("'a' + *password"), "ahunter2");
  EXPECT_EQ(Value("@*token"), "token");
  EXPECT_EQ(Value("2*myNumber"), "10");
  EXPECT_EQ(Value("2 *myNumber"), "10");
  EXPECT_EQ(Value("(2)*myNumber"), "10");
}

TEST(Secrets, AreNotToldInErrors) {
  for (const char* expression :
       {"*password - 1", "-*password", "year(*password)",
        "format('2012-12-12T00:00:00', 1 + *password - 1)",
        "format(*password, 'YYYY')", "minusDays('2012-12-12', *password)",
        "(*password + 1) * 2", "[1, *password] * 2", "('a' + *password) - 1",
        "myIndirect - 1", "mySecrets - 1", "node.*password - 1",
        "inTimeZone(*password, 'UTC')", "makeDate(1, 2, *password)"}) {
    EXPECT_THAT(Value(expression), AllOf(HasSubstr("`(secret)` is not "),
                                         Not(HasSubstr("hunter2"))))
        << expression;
  }
  EXPECT_EQ(Value("*link.color"),
            "expression at character 9: `(secret)` has no `color`");
  EXPECT_EQ(Value("format('2012-12-12T00:00:00', *password)"),
            "expression at character 3: `format`: the pattern is wrong");
}

TEST(Secrets, StayMarkedInWhatIsMadeOfThem) {
  for (const char* text :
       {"#{*password}", "a #{*password} b", "#{'a' + *password}",
        "#{myIndirect}", "#{mySecrets}", "[#{mySecrets}, #{1}]",
        "#{node.*password}", "#{mySecrets + 'x'}"}) {
    const absl::StatusOr<ExpressionValue> value = Sample().Evaluate(text);
    EXPECT_TRUE(value.ok() && IsSecret(*value)) << text;
  }
  EXPECT_FALSE(IsSecret(*Sample().Evaluate("#{myText}")));
}

TEST(Secrets, HideAllThatIsWrongWithTheirOwnText) {
  const std::string hidden =
      "expression at character 3: `@*broken`: expression at character 1: it "
      "has no value, and what is wrong is not said because the text is secret";
  EXPECT_EQ(Value("@*broken"), hidden);
}

TEST(Grammar, ReadsNumbersWithAndWithoutDigitsBeforeThePoint) {
  EXPECT_EQ(Value(".5 + 1"), "1.5");
  EXPECT_EQ(Value("2.50"), "2.5");
  EXPECT_EQ(Value("9223372036854775807"), "9223372036854775807");
}

TEST(Operators, KeepIntegersApartFromDoubles) {
  EXPECT_EQ(Value("7 / 2"), "3");
  EXPECT_EQ(Value("-7 / 2"), "-3");
  EXPECT_EQ(Value("7 / 2.0"), "3.5");
  EXPECT_EQ(Value("1 + 1.0"), "2.0");
  EXPECT_EQ(Value("3 * 0.5"), "1.5");
  EXPECT_EQ(Value("2.0 ^ 100"), "1.2676506002282294e+30");
}

TEST(Operators, JoinATextWithAnything) {
  EXPECT_EQ(Value("'a' + 1 + 2"), "a12");
  EXPECT_EQ(Value("1 + 2 + 'a'"), "3a");
  EXPECT_EQ(Value("'at ' + @scheduledStartTime"), "at 2011-05-24T17:10:00");
  EXPECT_EQ(Value("1.0 + 'x'"), "1.0x");
  EXPECT_EQ(Value("input + 1"), "In1");
  EXPECT_EQ(Value("myDigits + 1"), "71");
}

TEST(Operators, TakeATextThatIsANumberForOneUnlessTheyJoin) {
  EXPECT_EQ(Value("myDigits * 2"), "14");
  EXPECT_EQ(Value("myDigits - 0.5"), "6.5");
}

TEST(Operators, FailWithoutAResult) {
  EXPECT_EQ(Value("1 / 0"), "expression at character 5: `/`: division by zero");
  EXPECT_THAT(Value("1 / 0.0"), HasSubstr("division by zero"));
  EXPECT_THAT(Value("9223372036854775807 + 1"),
              HasSubstr("does not fit into 64 bits"));
  EXPECT_THAT(Value("(-9223372036854775807 - 1) / -1"),
              HasSubstr("does not fit into 64 bits"));
  EXPECT_THAT(Value("-9223372036854775807 - 2"),
              HasSubstr("does not fit into 64 bits"));
  EXPECT_THAT(Value("9223372036854775807 * 2"),
              HasSubstr("does not fit into 64 bits"));
  EXPECT_THAT(Value("10 ^ 1000"), HasSubstr("the result is no number"));
  EXPECT_THAT(Value("(-1) ^ 0.5"), HasSubstr("the result is no number"));
  EXPECT_THAT(Value("'a' * 2"), HasSubstr("the text `a` is not a number"));
  EXPECT_THAT(Value("@scheduledStartTime + 1"),
              HasSubstr("the time `2011-05-24T17:10:00` is not a number"));
}

TEST(Functions, TakeATextThatIsATimeForOne) {
  EXPECT_EQ(Value("plusDays('2012-02-28T01:02:03', 1)"), "2012-02-29T01:02:03");
  EXPECT_EQ(Value("hour('2012-02-28')"), "0");
  EXPECT_EQ(Value("makeDate('2012', '2', '29')"), "2012-02-29T00:00:00");
  EXPECT_EQ(Value("plusDays('2012-02-28', 2 ^ 2)"), "2012-03-03T00:00:00");
}

TEST(Functions, EndMonthsWhereTheyEnd) {
  EXPECT_EQ(Value("minusMonths('2011-03-31', 1)"), "2011-02-28T00:00:00");
  EXPECT_EQ(Value("plusMonths('2012-01-31', 1)"), "2012-02-29T00:00:00");
  EXPECT_EQ(Value("plusYears('2012-02-29', 1)"), "2013-02-28T00:00:00");
  EXPECT_EQ(Value("plusMonths('2012-01-31', -2)"), "2011-11-30T00:00:00");
}

TEST(Functions, SundayIsTheDayItselfOrTheOneBefore) {
  EXPECT_EQ(Value("sunday('2011-05-22T08:00:00')"), "2011-05-22T08:00:00");
  EXPECT_EQ(Value("sunday('2011-05-23T08:00:00')"), "2011-05-22T08:00:00");
  EXPECT_EQ(Value("sunday('2011-05-28T08:00:00')"), "2011-05-22T08:00:00");
}

TEST(Functions, PlusPeriodCountsByTheCalendar) {
  EXPECT_EQ(Value("plusPeriod('2011-01-31', '1 month')"),
            "2011-02-28T00:00:00");
  EXPECT_EQ(Value("plusPeriod('2011-01-31', '15 Minutes')"),
            "2011-01-31T00:15:00");
  EXPECT_THAT(Value("plusPeriod('2011-01-31', 'a while')"),
              HasSubstr("not a period"));
}

TEST(Functions, InATimeZoneGoByItsClocks) {
  const std::string local =
      "inTimeZone(@scheduledStartTime, 'America/Los_Angeles')";
  EXPECT_EQ(Value("hour(" + local + ")"), "10");
  EXPECT_EQ(Value("midnight(" + local + ")"), "2011-05-24T00:00:00");
  EXPECT_EQ(Value("midnight(" + local + ").inTimeZone('UTC')"),
            "2011-05-24T07:00:00");
  EXPECT_EQ(Value(local + ".format('HH:mm z Z')"), "10:10 PDT -0700");
  // A day over the change to winter time has 25 hours.
  EXPECT_EQ(Value("inTimeZone('2011-11-05T19:00:00', 'America/Los_Angeles')"
                  ".plusDays(1).inTimeZone('UTC')"),
            "2011-11-06T20:00:00");
  EXPECT_THAT(Value("inTimeZone(@scheduledStartTime, 'Mars')"),
              HasSubstr("not a time zone"));
}

TEST(Functions, RefuseTimesThatFieldsCannotHold) {
  EXPECT_THAT(Value("makeDate(2011, 2, 29)"), HasSubstr("calendar"));
  EXPECT_THAT(Value("makeDate(2011, 13, 1)"), HasSubstr("calendar"));
  EXPECT_THAT(Value("makeDate(0, 1, 1)"), HasSubstr("calendar"));
  EXPECT_THAT(Value("makeDateTime(2011, 1, 1, 24, 0)"), HasSubstr("calendar"));
  EXPECT_THAT(Value("makeDate(9223372036854775807, 1, 1)"),
              HasSubstr("calendar"));
  for (const char* unit :
       {"Years", "Months", "Weeks", "Days", "Hours", "Minutes"}) {
    EXPECT_THAT(Value(absl::StrCat("plus", unit,
                                   "('2011-01-01', 9223372036854775807)")),
                HasSubstr("within the years 1 to 9999"));
    EXPECT_THAT(Value(absl::StrCat("minus", unit,
                                   "('2011-01-01', 9223372036854775807)")),
                HasSubstr("within the years 1 to 9999"));
  }
  EXPECT_THAT(Value("sunday('0001-01-01')"), HasSubstr("within the years"));
}

TEST(Functions, SayWhatTheyWereGiven) {
  EXPECT_EQ(Value("day('soon')"),
            "expression at character 3: `day`: the text `soon` is not a time "
            "like 2012-12-12T00:00:00");
  EXPECT_THAT(Value("plusDays(@scheduledStartTime, 'a')"),
              HasSubstr("the text `a` is not an integer"));
  EXPECT_THAT(Value("plusDays(@scheduledStartTime, 0.5)"),
              HasSubstr("the double `0.5` is not an integer"));
  EXPECT_THAT(Value("format(@scheduledStartTime, 5)"),
              HasSubstr("the integer `5` is not a text"));
}

TEST(Names, AreFieldsOfTheObject) {
  EXPECT_EQ(Value("id"), "@Copy_2011-05-24T17:10:00");
  EXPECT_EQ(Value("@scheduledStartTime"), "2011-05-24T17:10:00");
  EXPECT_EQ(Evaluated("run #{myText} #{myNumber}"), "run text 5");
  EXPECT_EQ(Value("myUnknown"),
            "expression at character 3: there is no `myUnknown`");
}

TEST(Names, FollowReferences) {
  EXPECT_EQ(Value("input.name"), "first");
  EXPECT_EQ(Value("input.next.name"), "second");
  EXPECT_EQ(Value("(input).name"), "first");
  EXPECT_EQ(Value("node.next.name"), "second");
  EXPECT_EQ(Value("parent.@id"), "Copy");
  EXPECT_EQ(Value("input.size"),
            "expression at character 9: `In` has no `size`");
  EXPECT_THAT(Value("myText.name"), HasSubstr("only a reference has a field"));
  EXPECT_THAT(Value("day(id).name"), HasSubstr("only a reference has a field"));
}

TEST(Names, ReachRuntimeFieldsOneReferenceAway) {
  EXPECT_EQ(Value("input.@status"), "FINISHED");
  EXPECT_EQ(Value("node.@status"), "FINISHED");
  EXPECT_EQ(Value("input.next.@status"),
            "expression at character 14: the runtime field `@status` is more "
            "than one reference away");
}

TEST(Names, OfReferencesAreTheIdAsAValue) {
  EXPECT_EQ(Value("node"), "In");
  EXPECT_EQ(Value("node.next"), "Out");
}

TEST(Names, MayStandForExpressionsOfTheirOwnObject) {
  EXPECT_EQ(Value("input.key"), "first.csv");
  EXPECT_EQ(Value("myPath"), "s3://text/first.csv");
}

TEST(Lists, AreMappedOver) {
  EXPECT_EQ(Sample().Evaluate("#{'this is ' + myList}").value(),
            Texts({"this is one", "this is two"}));
  EXPECT_EQ(Value("myList1 * 2 + 1"), "[3, 5]");
  EXPECT_EQ(Value("2 - myList1"), "[1, 0]");
  EXPECT_EQ(Value("plusDays('2011-01-01', myList1)"),
            "[2011-01-02T00:00:00, 2011-01-03T00:00:00]");
  EXPECT_EQ(Value("-myList1"), "[-1, -2]");
  EXPECT_EQ(Value("myNone + 1"), "[]");
}

TEST(Lists, AreJoined) {
  EXPECT_EQ(Evaluated("[#{myList1}, #{myList2}]"), "[1, 2, 3, 4]");
  EXPECT_EQ(Sample().Evaluate("[#{myList1}, #{5}]").value(),
            (ExpressionValue{ExpressionList{IntegerValue(1), IntegerValue(2),
                                            IntegerValue(5)}}));
  EXPECT_EQ(Value("myList1 + myList2"), "[1, 2, 3, 4]");
  EXPECT_EQ(Value("['a', myList, 1]"), "[a, one, two, 1]");
  EXPECT_EQ(Value("[]"), "[]");
  EXPECT_THAT(Value("myList1 * myList2"), HasSubstr("two lists"));
}

TEST(Lists, InATextAreWrittenInBrackets) {
  EXPECT_EQ(Evaluated("echo #{myList} #{myNone}"), "echo [one, two] []");
  // No list among these, so that the brackets are text.
  EXPECT_EQ(Sample().Evaluate("[#{1}, #{2}]").value(), TextValue("[1, 2]"));
  EXPECT_EQ(Sample().Evaluate("[#{myList1}#{myList2}]").value(),
            TextValue("[[1, 2][3, 4]]"));
  EXPECT_EQ(Sample().Evaluate("[#{myList1}; #{myList2}]").value(),
            TextValue("[[1, 2]; [3, 4]]"));
}

TEST(Lists, OfReferencesHaveListsOfFields) {
  EXPECT_EQ(Value("inputs.name"), "[first, second]");
  EXPECT_EQ(Value("'x' + inputs.@status"), "[xFINISHED, xFAILED]");
}

TEST(EvaluateTemplate, GivesAFieldOneTextOrSeveral) {
  ExpressionScope scope;
  scope.find = [](absl::string_view, absl::string_view name)
      -> absl::StatusOr<std::optional<ExpressionValue>> {
    if (name == "none") return ExpressionValue{ExpressionList{}};
    return Texts({"a", "b"});
  };
  EvaluationBudget budget;
  EXPECT_THAT(*EvaluateTemplate("#{x}", scope, &budget), ElementsAre("a", "b"));
  EXPECT_THAT(*EvaluateTemplate("[#{x}, #{x}]", scope, &budget),
              ElementsAre("a", "b", "a", "b"));
  EXPECT_THAT(*EvaluateTemplate("x #{x}", scope, &budget),
              ElementsAre("x [a, b]"));
  EXPECT_THAT(*EvaluateTemplate("", scope, &budget), ElementsAre(""));
  EXPECT_THAT(*EvaluateTemplate("#{none}", scope, &budget), IsEmpty());
  EXPECT_EQ(*EvaluateToText("#{x}", scope, &budget), "[a, b]");
}

TEST(Errors, KeepCharactersWhole) {
  EXPECT_THAT(Value("day('" + std::string(59, 'x') + "ä')"),
              HasSubstr("the text `" + std::string(59, 'x') + "...`"));
}

TEST(Errors, SayWhereAndWhat) {
  EXPECT_EQ(Evaluated("run #{foo(1)}"),
            "expression at character 7: unknown function `foo`");
  EXPECT_EQ(Evaluated("über #{foo(1)}"),
            "expression at character 8: unknown function `foo`");
  EXPECT_EQ(Value("Day(id)"),
            "expression at character 3: unknown function `Day`");
  EXPECT_EQ(Value("plusDays(id)"),
            "expression at character 3: `plusDays` takes 2 arguments, not 1");
  EXPECT_EQ(Value("id.plusDays()"),
            "expression at character 6: `plusDays` takes 2 arguments, not 1");
  EXPECT_EQ(Value(""),
            "expression at character 3: a value is missing before "
            "this");
  EXPECT_EQ(Evaluated("#{1 + "), "expression at character 7: `}` is missing");
  EXPECT_EQ(Value("1 +"),
            "expression at character 6: a value is missing before this");
  EXPECT_EQ(Value("1 2"),
            "expression at character 5: an operator or `}` is "
            "missing before this");
  EXPECT_EQ(Value("'a"), "expression at character 3: this quote is not closed");
  EXPECT_EQ(Value("(1"),
            "expression at character 5: `)` is missing before "
            "this");
  EXPECT_EQ(Value("day(id"),
            "expression at character 9: `,` or `)` is missing before this");
  EXPECT_EQ(Value("day(,)"),
            "expression at character 7: a value is missing before this");
  EXPECT_EQ(Value("1 % 2"),
            "expression at character 5: this character has no meaning here");
  EXPECT_EQ(Value("@"),
            "expression at character 3: a name is missing after `@`");
  EXPECT_EQ(Value("a.1"),
            "expression at character 5: a name is missing after `.`");
  EXPECT_EQ(Value("99999999999999999999"),
            "expression at character 3: this number does not fit into 64 bits");
}

TEST(Errors, OfWhatANameStandsForTellTheWay) {
  FieldTable fields;
  fields.Set("", "outer", TextValue("a #{inner}"));
  fields.Set("", "inner", TextValue("#{missing}"));
  EXPECT_EQ(fields.Evaluate("#{outer}").status().message(),
            "expression at character 3: `outer`: expression at character 5: "
            "`inner`: expression at character 3: there is no `missing`");
}

TEST(CheckExpressions, KnowsWhatIsWrongWhateverNamesMean) {
  EXPECT_TRUE(CheckExpressions("").ok());
  EXPECT_TRUE(CheckExpressions("#{myUnknown.field} #{day('soon')}").ok());
  EXPECT_FALSE(CheckExpressions("#{").ok());
  EXPECT_FALSE(CheckExpressions("#{foo()}").ok());
  EXPECT_FALSE(CheckExpressions("#{day()}").ok());
  EXPECT_FALSE(CheckExpressions("#{a.b.@c}").ok());
}

TEST(NamesUsed, AreThoseOfFieldsWithTheirPathsAndPlaces) {
  EXPECT_THAT(
      *NamesUsed("ä #{myA + node.input.name} #{format(@b, 'YYYY')}"),
      ElementsAre(NameUse{{"myA"}, 5}, NameUse{{"node", "input", "name"}, 11},
                  NameUse{{"@b"}, 37}));
  EXPECT_THAT(*NamesUsed("no names #{1} #{'myA'}"), IsEmpty());
  EXPECT_FALSE(NamesUsed("#{").ok());
}

}  // namespace
}  // namespace holdline
