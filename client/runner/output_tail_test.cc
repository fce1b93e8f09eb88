#include "client/runner/output_tail.h"

#include <sys/stat.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

std::string TailOf(const std::string& text, int64_t start, int64_t bytes_max) {
  const std::string path = absl::StrCat(testing::TempDir(), "/tail");
  std::ofstream(path, std::ios::binary) << text;
  return OutputTail(path, start, bytes_max);
}

TEST(OutputTailTest, AShortOutputIsThereInFull) {
  EXPECT_EQ(TailOf("one\ntwo\n", 0, 100), "one\ntwo\n");
  EXPECT_EQ(TailOf("", 0, 100), "");
}

TEST(OutputTailTest, ALongOneBeginsWithAWholeLine) {
  EXPECT_EQ(TailOf("one\ntwo\nthree\n", 0, 9), "three\n");
}

TEST(OutputTailTest, ALineThatIsTooLongIsCut) {
  EXPECT_EQ(TailOf("0123456789", 0, 4), "6789");
  EXPECT_EQ(TailOf("0123456789\n", 0, 4), "789\n");
}

TEST(OutputTailTest, WhatStoodThereBeforeIsLeftOut) {
  EXPECT_EQ(TailOf("before\nnow\n", 7, 100), "now\n");
  EXPECT_EQ(TailOf("before\n", 7, 100), "");
}

TEST(OutputTailTest, APipeHasNone) {
  const std::string path = absl::StrCat(testing::TempDir(), "/pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(OutputTail(path, 0, 100), "");
}

TEST(OutputTailTest, WhatIsNotUtf8BecomesAQuestionMark) {
  EXPECT_EQ(TailOf("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", 0, 100),
            "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(TailOf("a\xff"
                   "b\xc3",
                   0, 100),
            "a?b?");
  // A character that the limit has cut in two, an overlong one, a surrogate.
  EXPECT_EQ(TailOf("\xe2\x82\xac", 0, 2), "??");
  EXPECT_EQ(TailOf("\xc0\x80", 0, 100), "??");
  EXPECT_EQ(TailOf("\xed\xa0\x80", 0, 100), "???");
}

TEST(OutputTailTest, AFileThatIsNotThereHasNone) {
  EXPECT_EQ(OutputTail("/nowhere/at/all", 0, 100), "");
}

}  // namespace
}  // namespace holdline::client
