#include "server/contract/text.h"

#include <string>

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(TextTest, CountsCharactersAndNotBytes) {
  EXPECT_EQ(ExamineText("").characters, 0);
  EXPECT_EQ(ExamineText("worker group").characters, 12);
  EXPECT_EQ(ExamineText("Größe").characters, 5);
  EXPECT_EQ(ExamineText("€uro 日本語").characters, 8);
  EXPECT_EQ(ExamineText("\U0001F600 and 16 plain ones").characters, 19);
}

TEST(TextTest, TellsControlCharactersWhereverTheyStand) {
  EXPECT_TRUE(ExamineText("tab\t, lines\r\n, and DEL \x7F").printable);
  for (size_t at = 0; at < 20; ++at) {
    std::string text(20, 'a');
    text[at] = '\x1B';
    EXPECT_FALSE(ExamineText(text).printable) << at;
    EXPECT_TRUE(ExamineText(text).valid) << at;
    text[at] = '\0';
    EXPECT_FALSE(ExamineText(text).printable) << at;
  }
  EXPECT_FALSE(ExamineText("\xEF\xBF\xBE").printable);
  EXPECT_FALSE(ExamineText("\xEF\xBF\xBF").printable);
  EXPECT_TRUE(ExamineText("\xEF\xBF\xBD").printable);
}

TEST(TextTest, KnowsWhatIsNotUtf8) {
  for (const char* text : {
           "\x80",  // a continuation alone
           "\xC3",  // cut off
           "a plain start \xE2\x82",
           "\xC0\xAF",  // longer than needed
           "\xE0\x80\x80",
           "\xF0\x80\x80\x80",
           "\xED\xA0\x80",      // a surrogate
           "\xF4\x90\x80\x80",  // beyond the last character
           "\xC3(",             // not followed by a continuation
           "\xFF",
       }) {
    EXPECT_FALSE(ExamineText(text).valid) << text;
  }
}

}  // namespace
}  // namespace holdline
