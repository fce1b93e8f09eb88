#include "server/pipeline/expression/characters.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(Characters, AreNotBytes) {
  EXPECT_EQ(CharactersIn(""), 0u);
  EXPECT_EQ(CharactersIn("abc"), 3u);
  EXPECT_EQ(CharactersIn("äbc"), 3u);
  EXPECT_EQ(CharactersIn("日本"), 2u);
}

TEST(Characters, AreNotCutInTwo) {
  EXPECT_EQ(WholeCharacters("abc", 5), "abc");
  EXPECT_EQ(WholeCharacters("abc", 2), "ab");
  EXPECT_EQ(WholeCharacters("日本", 6), "日本");
  EXPECT_EQ(WholeCharacters("日本", 5), "日");
  EXPECT_EQ(WholeCharacters("日本", 3), "日");
  EXPECT_EQ(WholeCharacters("日本", 2), "");
}

}  // namespace
}  // namespace holdline
