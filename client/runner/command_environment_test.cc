#include "client/runner/command_environment.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(CommandEnvironmentTest, WhatIsGivenGoesBeforeWhatIsInherited) {
  setenv("OTHER", "kept", 1);
  setenv("HOME", "/home", 1);
  const std::vector<std::string> all =
      CommandEnvironment({"HOME=/elsewhere", "HOLDLINE_ATTEMPT_ID=@a"});
  EXPECT_THAT(all, Contains("OTHER=kept"));
  EXPECT_THAT(all, Contains("HOME=/elsewhere"));
  EXPECT_THAT(all, Not(Contains("HOME=/home")));
  EXPECT_THAT(all, Contains("HOLDLINE_ATTEMPT_ID=@a"));
}

TEST(CommandEnvironmentTest, WhoTheRunnerIsStaysWithIt) {
  for (const char* name :
       {"HOLDLINE_ACCESS_KEY", "HOLDLINE_SECRET", "HOLDLINE_SESSION_TOKEN",
        "HOLDLINE_ACCESS_KEY_FILE", "HOLDLINE_TLS_CERTIFICATE",
        "HOLDLINE_TLS_PRIVATE_KEY", "HOLDLINE_CREDENTIALS_FILE",
        "HOLDLINE_WHATEVER_COMES"}) {
    setenv(name, absl::StrCat("hidden-", name).c_str(), 1);
  }
  for (const std::string& variable : CommandEnvironment({})) {
    EXPECT_THAT(variable, Not(HasSubstr("hidden-")));
  }
}

TEST(CommandEnvironmentTest, WhereTheServerIsIsToldOn) {
  setenv("HOLDLINE_ADDRESS", "host:7070", 1);
  setenv("HOLDLINE_TLS_AUTHORITIES", "/etc/a.pem", 1);
  const std::vector<std::string> all = CommandEnvironment({});
  EXPECT_THAT(all, Contains("HOLDLINE_ADDRESS=host:7070"));
  EXPECT_THAT(all, Contains("HOLDLINE_TLS_AUTHORITIES=/etc/a.pem"));
}

}  // namespace
}  // namespace holdline::client
