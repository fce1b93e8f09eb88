#include "client/access_key.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string WriteFile(const std::string& content, mode_t mode = 0600) {
  const std::string path = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name());
  std::ofstream(path) << content;
  EXPECT_EQ(chmod(path.c_str(), mode), 0);
  return path;
}

TEST(AccessKeyTest, IsReadAsCreatePrintsIt) {
  const absl::StatusOr<AccessKey> key = ReadAccessKey(WriteFile(
      R"({"accessKey": "K", "secret": "s:\"", "sessionToken": "t",
          "expires": "2030-01-01T00:00:00Z"})"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->id, "K");
  EXPECT_EQ(key->secret, "s:\"");
  EXPECT_EQ(key->session_token, "t");
}

TEST(AccessKeyTest, AFileThatOthersMayReadIsRefused) {
  const absl::StatusOr<AccessKey> key = ReadAccessKey(
      WriteFile(R"({"accessKey": "K", "secret": "hidden"})", 0644));
  EXPECT_THAT(key.status().message(), HasSubstr("chmod 600"));
}

TEST(AccessKeyTest, WhatIsNoKeyIsRefusedAndNotShown) {
  for (const char* content : {"", "hidden", "[]", R"({"accessKey": "hidden"})",
                              R"({"accessKey": 1, "secret": "hidden"})"}) {
    const absl::StatusOr<AccessKey> key = ReadAccessKey(WriteFile(content));
    EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(key.status().message(), HasSubstr("credentials create"));
    EXPECT_THAT(key.status().message(), Not(HasSubstr("hidden")));
  }
  EXPECT_THAT(ReadAccessKey("/nowhere").status().message(),
              HasSubstr("/nowhere"));
}

TEST(AccessKeyTest, ComesFromTheEnvironment) {
  unsetenv("HOLDLINE_ACCESS_KEY");
  ASSERT_TRUE(AccessKeyOfEnvironment().ok());
  EXPECT_TRUE(AccessKeyOfEnvironment()->empty());
  setenv("HOLDLINE_ACCESS_KEY", "K", 1);
  EXPECT_THAT(AccessKeyOfEnvironment().status().message(),
              HasSubstr("HOLDLINE_SECRET"));
  setenv("HOLDLINE_SECRET", "s", 1);
  setenv("HOLDLINE_SESSION_TOKEN", "t", 1);
  ASSERT_TRUE(AccessKeyOfEnvironment().ok());
  EXPECT_EQ(AccessKeyOfEnvironment()->secret, "s");
  EXPECT_EQ(AccessKeyOfEnvironment()->session_token, "t");
  const char* const secret = getenv("HOLDLINE_SECRET");
  ForgetAccessKeyOfEnvironment();
  EXPECT_STREQ(secret, "") << "overwritten where it was";
  EXPECT_TRUE(AccessKeyOfEnvironment()->empty());
  EXPECT_EQ(getenv("HOLDLINE_SECRET"), nullptr);
  EXPECT_EQ(getenv("HOLDLINE_SESSION_TOKEN"), nullptr);
}

}  // namespace
}  // namespace holdline::client
