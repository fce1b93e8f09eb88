#include "server/base/utf8.h"

#include <string>

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(FirstCharacterTest, IsReadWithItsLength) {
  const auto expect = [](const char* text, char32_t code, size_t bytes) {
    const Utf8Character character = FirstCharacter(text);
    EXPECT_EQ(character.code, code) << text;
    EXPECT_EQ(character.bytes, bytes) << text;
  };
  expect("a", U'a', 1);
  expect("äb", U'ä', 2);
  expect("€uro", U'€', 3);
  expect("\U0001F600\xFF", U'\U0001F600', 4);
  expect("\xF4\x8F\xBF\xBF", 0x10FFFF, 4);
  expect("\xEF\xBF\xBF", 0xFFFF, 3);  // no character, but well-formed
  EXPECT_EQ(FirstCharacter(absl::string_view("\0", 1)).bytes, 1u);
}

TEST(FirstCharacterTest, IsNotThereWithoutWellFormedUtf8) {
  for (const char* text : {
           "",
           "\x80",  // a continuation alone
           "\xC3",  // cut off
           "\xE2\x82",
           "\xF0\x9F\x98",
           "\xC0\xAF",  // longer than needed
           "\xE0\x80\x80",
           "\xF0\x80\x80\x80",
           "\xED\xA0\x80",      // a surrogate
           "\xF4\x90\x80\x80",  // beyond the last character
           "\xC3(",             // not followed by a continuation
           "\xFF",
       }) {
    EXPECT_EQ(FirstCharacter(text).bytes, 0u) << text;
  }
}

TEST(CountCharactersTest, CharactersAreNotBytes) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("abc"), 3u);
  EXPECT_EQ(CountCharacters("äbc"), 3u);
  EXPECT_EQ(CountCharacters("日本"), 2u);
}

TEST(WholeCharactersTest, NoneIsCutInTwo) {
  EXPECT_EQ(WholeCharacters("abc", 5), "abc");
  EXPECT_EQ(WholeCharacters("abc", 3), "abc");
  EXPECT_EQ(WholeCharacters("abc", 2), "ab");
  EXPECT_EQ(WholeCharacters("日本", 6), "日本");
  EXPECT_EQ(WholeCharacters("日本", 5), "日");
  EXPECT_EQ(WholeCharacters("日本", 3), "日");
  EXPECT_EQ(WholeCharacters("日本", 2), "");
  EXPECT_EQ(WholeCharacters("a€", 2), "a");
}

TEST(WholeCharactersTest, WhatIsNotUtf8IsCutSomewhere) {
  EXPECT_EQ(WholeCharacters("\x80\x80\x80", 2), "");
  EXPECT_EQ(WholeCharacters("ab\xFF\xFF", 3), "ab\xFF");
}

}  // namespace
}  // namespace holdline
