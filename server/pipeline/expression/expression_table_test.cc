// The table of DATAPIPELINE section 8.5, a test each row.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/expression_harness.h"

namespace holdline {
namespace {

struct Row {
  const char* name;
  const char* expression;
  const char* result;
};

class ExpressionTable : public testing::TestWithParam<Row> {};

TEST_P(ExpressionTable, Holds) {
  FieldTable fields;
  // A Tuesday.
  fields.Set("", "myDateTime", TimeValue("2011-05-24T17:10:00"));
  fields.Set("", "@scheduledStartTime", TimeValue("2011-05-24T17:10:00"));
  const absl::StatusOr<ExpressionValue> value =
      fields.Evaluate(absl::StrCat("#{", GetParam().expression, "}"));
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(ToText(*value), GetParam().result);
}

INSTANTIATE_TEST_SUITE_P(
    Row, ExpressionTable,
    testing::ValuesIn<Row>({
        {"AddIntegers", "1 + 2", "3"},
        {"SubtractIntegers", "1 - 2", "-1"},
        {"MultiplyIntegers", "1 * 2", "2"},
        {"DivideIntegersTruncates", "1 / 2", "0"},
        {"DivideWithADouble", "1.0 / 2", "0.5"},
        {"PowerIsADouble", "2 ^ 2", "4.0"},
        {"JoinTexts", "\"hel\" + \"lo\"", "hello"},
        {"Day", "day(myDateTime)", "24"},
        {"DayOfYear", "dayOfYear(myDateTime)", "144"},
        {"Hour", "hour(myDateTime)", "17"},
        {"Minute", "minute(myDateTime)", "10"},
        {"Month", "month(myDateTime)", "5"},
        {"Year", "year(myDateTime)", "2011"},
        {"FirstOfMonth", "firstOfMonth(myDateTime)", "2011-05-01T17:10:00"},
        {"Midnight", "midnight(myDateTime)", "2011-05-24T00:00:00"},
        {"Sunday", "sunday(myDateTime)", "2011-05-22T17:10:00"},
        {"Yesterday", "yesterday(myDateTime)", "2011-05-23T17:10:00"},
        {"MakeDate", "makeDate(2011,5,24)", "2011-05-24T00:00:00"},
        {"MakeDateTime", "makeDateTime(2011,5,24,14,21)",
         "2011-05-24T14:21:00"},
        {"MinusYears", "minusYears(myDateTime,1)", "2010-05-24T17:10:00"},
        {"MinusMonths", "minusMonths(myDateTime,1)", "2011-04-24T17:10:00"},
        {"MinusWeeks", "minusWeeks(myDateTime,1)", "2011-05-17T17:10:00"},
        {"MinusDays", "minusDays(myDateTime,1)", "2011-05-23T17:10:00"},
        {"MinusHours", "minusHours(myDateTime,1)", "2011-05-24T16:10:00"},
        {"MinusMinutes", "minusMinutes(myDateTime,1)", "2011-05-24T17:09:00"},
        {"PlusYears", "plusYears(myDateTime,1)", "2012-05-24T17:10:00"},
        {"PlusMonths", "plusMonths(myDateTime,1)", "2011-06-24T17:10:00"},
        {"PlusWeeks", "plusWeeks(myDateTime,1)", "2011-05-31T17:10:00"},
        {"PlusDays", "plusDays(myDateTime,1)", "2011-05-25T17:10:00"},
        {"PlusHours", "plusHours(myDateTime,1)", "2011-05-24T18:10:00"},
        {"PlusMinutes", "plusMinutes(myDateTime,1)", "2011-05-24T17:11:00"},
        {"PlusPeriod", "plusPeriod(myDateTime,\"1 day\")",
         "2011-05-25T17:10:00"},
        {"InTimeZone", "inTimeZone(myDateTime,'America/Los_Angeles')",
         "2011-05-24T10:10:00"},
        {"Format", "format(myDateTime,'YYYY-MM-dd HH:mm:ss z')",
         "2011-05-24 17:10:00 UTC"},
        {"FormatOfACall",
         "format(minusMinutes(@scheduledStartTime,30),'YYYY-MM-dd hh:mm:ss')",
         "2011-05-24 04:40:00"},
        {"FormatAsAMethod", "@scheduledStartTime.format('YYYY-MM-dd-hh:mm')",
         "2011-05-24-05:10"},
    }),
    [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

}  // namespace
}  // namespace holdline
