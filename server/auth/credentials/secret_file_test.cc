#include "server/auth/credentials/secret_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SecretFileTest : public ::testing::Test {
 protected:
  SecretFileTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }

  static mode_t ModeOf(const std::string& path) {
    struct stat found;
    EXPECT_EQ(stat(path.c_str(), &found), 0);
    return found.st_mode & 07777;
  }

  // How many files there are in the folder.
  int Count() const {
    int count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(folder_)) {
      ++count;
    }
    return count;
  }

  const std::string folder_ =
      absl::StrCat(std::getenv("TEST_TMPDIR"), "/secrets");
  const std::string path_ = folder_ + "/file";
};

TEST_F(SecretFileTest, IsReadAsItWasWritten) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(WriteSecretFile(path_, content).ok());
  EXPECT_EQ(ReadSecretFile(path_, "file", 4).value(), content);
  EXPECT_EQ(Count(), 1);
}

TEST_F(SecretFileTest, ANewOneIsItsOwnersOnly) {
  ASSERT_TRUE(WriteSecretFile(path_, "new").ok());
  EXPECT_EQ(ModeOf(path_), 0600);
}

TEST_F(SecretFileTest, OneThatIsReplacedKeepsItsMode) {
  ASSERT_TRUE(WriteSecretFile(path_, "old").ok());
  ASSERT_EQ(chmod(path_.c_str(), 0640), 0);
  ASSERT_TRUE(WriteSecretFile(path_, "new").ok());
  EXPECT_EQ(ModeOf(path_), 0640);
  EXPECT_EQ(ReadSecretFile(path_, "file", 9).value(), "new");
}

TEST_F(SecretFileTest, ASymbolicLinkStays) {
  const std::string link = folder_ + "/link";
  ASSERT_TRUE(WriteSecretFile(path_, "old").ok());
  ASSERT_EQ(symlink(path_.c_str(), link.c_str()), 0);
  ASSERT_TRUE(WriteSecretFile(link, "new").ok());
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(ReadSecretFile(path_, "file", 9).value(), "new");
}

TEST_F(SecretFileTest, WhatCannotBeWrittenLeavesNothingBehind) {
  const absl::Status status = WriteSecretFile(folder_, "a file's");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr(folder_));
  EXPECT_EQ(Count(), 0);
  EXPECT_EQ(WriteSecretFile("/nowhere/at/all", "x").code(),
            absl::StatusCode::kUnavailable);
}

TEST_F(SecretFileTest, OneThatIsMissingIsToldFromOneThatIsRefused) {
  const absl::Status missing = ReadSecretFile(path_, "file", 9).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()),
              AllOf(HasSubstr("the file \""), HasSubstr(path_)));
  ASSERT_TRUE(WriteSecretFile(path_, "content").ok());
  ASSERT_EQ(chmod(path_.c_str(), 0604), 0);
  EXPECT_EQ(ReadSecretFile(path_, "file", 9).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SecretFileTest, OneThatIsTooLongIsRefused) {
  ASSERT_TRUE(WriteSecretFile(path_, "0123456789").ok());
  EXPECT_THAT(std::string(ReadSecretFile(path_, "file", 9).status().message()),
              HasSubstr("has more than 9 bytes"));
}

}  // namespace
}  // namespace holdline
