#include "server/settings/settings_file.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// What a line sets its name `a` to, or the error.
std::string ValueIn(const std::string& text) {
  const auto lines = ParseSettingsFile(text);
  if (!lines.ok()) return std::string(lines.status().message());
  return lines->size() == 1 && lines->front().name == "a"
             ? lines->front().value
             : "not one line that sets a";
}

TEST(SettingsFileTest, LinesHaveNumbersNamesAndValues) {
  const auto lines = ParseSettingsFile(
      "# A comment\n"
      "\n"
      "grpc-address = \"127.0.0.1:7070\"  # another\r\n"
      "live-tasks-max=1000\n"
      "  hold-max = \"1m30s\"");
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_THAT(*lines, SizeIs(3));
  EXPECT_EQ((*lines)[0].number, 3);
  EXPECT_EQ((*lines)[0].name, "grpc-address");
  EXPECT_EQ((*lines)[0].value, "127.0.0.1:7070");
  EXPECT_EQ((*lines)[1].value, "1000");
  EXPECT_EQ((*lines)[2].number, 5);
  EXPECT_EQ((*lines)[2].value, "1m30s");
}

TEST(SettingsFileTest, QuotesKeepWhatIsBetweenThem) {
  EXPECT_EQ(ValueIn("a = \"\""), "");
  EXPECT_EQ(ValueIn("a = \"/a b#c=d,e\" # f"), "/a b#c=d,e");
  EXPECT_EQ(ValueIn(R"(a = "say \"hi\" \\o/")"), R"(say "hi" \o/)");
}

TEST(SettingsFileTest, QuotedValuesAreReadBack) {
  for (const std::string value : {"", "x", R"(\"#= ,)", "größe"}) {
    EXPECT_EQ(ValueIn(absl::StrCat("a = ", QuoteValue(value))), value);
  }
}

TEST(SettingsFileTest, OtherLinesAreRefusedByNumber) {
  EXPECT_THAT(ValueIn("\n\n[server]"), HasSubstr("line 3: there are no sect"));
  for (const char* wrong :
       {"a", "= 1", "a b = 1", "a =", "a = # 1", "a = 1 2", "a = \"x\" y",
        "a = \"x", "a = \"\\x\"", "a = 1m", "a = 1\na = 2"}) {
    EXPECT_THAT(ValueIn(wrong), HasSubstr("line ")) << wrong;
  }
  for (const char* wrong : {"a = [1, 2]", "a = 1.5", "a = true"}) {
    EXPECT_THAT(ValueIn(wrong),
                HasSubstr("line 1: the value must be a whole number"));
  }
}

}  // namespace
}  // namespace holdline
