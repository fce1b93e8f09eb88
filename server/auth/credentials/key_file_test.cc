#include "server/auth/credentials/key_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const char kKey[] = "0123456789abcdef";

std::string WriteKey(const std::string& content, mode_t mode = 0600) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/key");
  std::ofstream(path) << content;
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
  return path;
}

std::string Error(const std::string& path) {
  return std::string(ReadKeyFile(path).status().message());
}

TEST(KeyFile, HoldsTheKeyAndALineBreakAtMost) {
  EXPECT_EQ(ReadKeyFile(WriteKey(kKey)).value(), kKey);
  EXPECT_EQ(ReadKeyFile(WriteKey(absl::StrCat(kKey, "\n"))).value(), kKey);
  EXPECT_EQ(ReadKeyFile(WriteKey(absl::StrCat(kKey, "\n\n"))).value(),
            absl::StrCat(kKey, "\n"));
}

TEST(KeyFile, MayBeReadByItsGroup) {
  EXPECT_EQ(ReadKeyFile(WriteKey(kKey, 0640)).value(), kKey);
}

TEST(KeyFile, IsRefusedIfOtherUsersHaveAccess) {
  for (const mode_t mode : {0644, 0602, 0620, 0601}) {
    EXPECT_THAT(Error(WriteKey(kKey, mode)),
                AllOf(HasSubstr("chmod 600"), Not(HasSubstr(kKey))))
        << mode;
  }
}

TEST(KeyFile, HasAKeyOfAReasonableLength) {
  EXPECT_THAT(Error(WriteKey("123456789abcdef\n")),
              AllOf(HasSubstr("16 to 4096 bytes"), Not(HasSubstr("123456"))));
  EXPECT_EQ(ReadKeyFile(WriteKey(std::string(4096, 'k') + "\n"))->size(), 4096);
  EXPECT_THAT(Error(WriteKey(std::string(4097, 'k'))),
              HasSubstr("16 to 4096 bytes"));
  EXPECT_THAT(Error(WriteKey(std::string(100000, 'k'))),
              HasSubstr("has more than 4097 bytes"));
}

TEST(KeyFile, MustBeAFileThatIsThere) {
  EXPECT_THAT(Error("/nowhere/at/all"),
              AllOf(HasSubstr("\"/nowhere/at/all\""), HasSubstr("No such")));
  EXPECT_THAT(Error(std::getenv("TEST_TMPDIR")),
              HasSubstr("is not a regular file"));
}

}  // namespace
}  // namespace holdline
