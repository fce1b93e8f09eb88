#include "server/log/line.h"

#include <string>

#include "boost/json/parse.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

const absl::Time kTime = absl::FromUnixMillis(1795491000123);

LogEvent WithValue(std::string value) {
  return {LogLevel::kInfo, "event", {{"value", std::move(value)}}};
}

std::string Text(std::string value) {
  return RenderLine(LogFormat::kText, kTime, WithValue(std::move(value)));
}

std::string Json(std::string value) {
  return RenderLine(LogFormat::kJson, kTime, WithValue(std::move(value)));
}

std::string ReadBack(const std::string& json) {
  return std::string(boost::json::parse(json).at("value").as_string());
}

TEST(LineTest, TextHasTimeLevelEventAndFields) {
  const LogEvent event{LogLevel::kWarning,
                       "refused",
                       {{"code", "NOT_FOUND"},
                        {"count", 3},
                        {"seconds", 0.25},
                        {"again", true}}};
  EXPECT_EQ(RenderLine(LogFormat::kText, kTime, event),
            "2026-11-24T03:30:00.123Z warning refused code=NOT_FOUND count=3 "
            "seconds=0.25 again=true");
}

TEST(LineTest, JsonHasTheSame) {
  const LogEvent event{LogLevel::kWarning,
                       "refused",
                       {{"code", "NOT_FOUND"}, {"count", 3}, {"again", true}}};
  EXPECT_EQ(RenderLine(LogFormat::kJson, kTime, event),
            R"({"time":"2026-11-24T03:30:00.123Z","level":"warning",)"
            R"("event":"refused","code":"NOT_FOUND","count":3,"again":true})");
}

TEST(LineTest, TextQuotesWhatIsNotPlain) {
  EXPECT_THAT(Text(""), EndsWith(R"(value="")"));
  EXPECT_THAT(Text("two words"), EndsWith(R"(value="two words")"));
  EXPECT_THAT(Text("a=b"), EndsWith(R"(value="a=b")"));
  EXPECT_THAT(Text(R"(say "hi" \o/)"), EndsWith(R"(="say \"hi\" \\o/")"));
}

TEST(LineTest, ReadableCharactersOfAnyScriptStay) {
  EXPECT_THAT(Text("größe"), EndsWith("value=\"größe\""));
  EXPECT_THAT(Json("作業"), HasSubstr("作業"));
}

TEST(LineTest, AValueCannotPassForALine) {
  const std::string forged = "x\n2026-11-24T03:30:00.123Z info  ready\r\x1b[2J";
  for (const std::string& line : {Text(forged), Json(forged)}) {
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  }
  EXPECT_EQ(ReadBack(Json(forged)), forged);
}

TEST(LineTest, HiddenCharactersAreEscapedAndKept) {
  const std::string hidden =
      "a\x7f\xC2\x85\xE2\x80\xA8\xE2\x80\xAE\xC2\x9B"
      "b";
  for (const std::string& line : {Text(hidden), Json(hidden)}) {
    EXPECT_THAT(line, HasSubstr(R"("a\u007f\u0085\u2028\u202e\u009bb")"));
  }
  EXPECT_EQ(ReadBack(Json(hidden)), hidden);
}

TEST(LineTest, WhatIsNotUtf8IsReplaced) {
  // A stray continuation, an overlong slash, a surrogate, a cut sequence.
  for (const std::string bad :
       {"\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x80"}) {
    const std::string line = Json("a" + bad + "z");
    EXPECT_THAT(line, HasSubstr("a\xEF\xBF\xBD"));
    EXPECT_THAT(line, Not(HasSubstr(bad)));
    EXPECT_THAT(ReadBack(line), EndsWith("z"));
  }
}

TEST(LineTest, LongValuesAreCutBetweenCharacters) {
  std::string value(kLogValueBytesMax - 1, 'x');
  EXPECT_EQ(ReadBack(Json(value + "y")), value + "y");
  EXPECT_EQ(ReadBack(Json(value + "ü")), value + "...");
  EXPECT_THAT(Text(value + "yz"), EndsWith("y...\""));
}

}  // namespace
}  // namespace holdline
