#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "boost/json/parse.hpp"
#include "boost/json/value.hpp"
#include "client/command_line/command_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credentials_file.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline::client {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class CredentialVerbsTest : public testing::Test {
 protected:
  CredentialVerbsTest() { std::remove(file_.c_str()); }

  ExitCode Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "credentials");
    arguments.insert(arguments.end(), {"--file", file_});
    std::ostringstream out, err;
    const ExitCode code = RunCommandLine(arguments, out, err, false);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  // Runs a verb with --json and returns a member of what it prints.
  std::string Member(std::vector<std::string> arguments, const char* name) {
    arguments.insert(arguments.begin(), "--json");
    EXPECT_EQ(Run(arguments), ExitCode::kDone) << err_;
    return Printed(name);
  }

  std::string Printed(const char* name) const {
    const boost::json::value value = boost::json::parse(out_);
    const auto& text = value.at(name).as_string();
    return {text.data(), text.size()};
  }

  // Makes a credential and returns its access key.
  std::string Create(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {
        "create", "--account", "123456789012", "--user",
        "u",      "--role",    "operator"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Member(arguments, "accessKey");
  }

  // The credentials that a server would read.
  Credentials Load(const std::string& key_file = "") {
    auto credentials = LoadCredentials({file_, key_file});
    EXPECT_TRUE(credentials.ok()) << credentials.status();
    return credentials.ok() ? *credentials : Credentials();
  }

  std::string KeyFile() {
    const std::string path = absl::StrCat(testing::TempDir(), "/key");
    EXPECT_TRUE(WriteSecretFile(path, "a key of some bytes").ok());
    return path;
  }

  const std::string file_ =
      absl::StrCat(testing::TempDir(), "/credentials.json");
  std::string out_;
  std::string err_;
};

TEST_F(CredentialVerbsTest, WhatIsCreatedIsWhatTheServerReads) {
  const std::string key =
      Create({"--role", "runner", "--worker-group", "reports", "--worker-group",
              "etl-*", "--hold-max", "50s"});
  const std::string secret = Printed("secret");
  const Credentials credentials = Load();
  const Credential* const found = credentials.Find(key);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->secret, secret);
  EXPECT_EQ(found->session_token, "");
  EXPECT_EQ(found->expires_at, absl::InfiniteFuture());
  EXPECT_EQ(found->principal.account.value, "123456789012");
  EXPECT_EQ(found->principal.user, "u");
  EXPECT_EQ(found->principal.roles, (Roles{Role::kRunner, Role::kOperator}));
  EXPECT_THAT(found->principal.worker_groups, ElementsAre("reports", "etl-*"));
  EXPECT_EQ(found->principal.hold_max, absl::Seconds(50));
}

TEST_F(CredentialVerbsTest, TheFileIsItsOwnersOnly) {
  Create();
  struct stat found;
  ASSERT_EQ(stat(file_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600);
}

TEST_F(CredentialVerbsTest, ASecretIsPrintedOnce) {
  ASSERT_EQ(Run({"create", "--account", "123456789012", "--user", "u", "--role",
                 "operator"}),
            ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_, AllOf(StartsWith("access key:    HOLDLINE"),
                          HasSubstr("\nsecret:        ")));
  EXPECT_THAT(err_, HasSubstr("it is not shown again"));
  const std::string secret = out_.substr(out_.find("secret:        ") + 15, 40);
  EXPECT_THAT(*ReadSecretFile(file_, "file", 4096), HasSubstr(secret));
  EXPECT_EQ(Run({"list"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("HOLDLINE"), HasSubstr("123456789012"),
                          HasSubstr("in the clear"), Not(HasSubstr(secret))));
  EXPECT_EQ(Run({"--json", "list"}), ExitCode::kDone);
  EXPECT_THAT(out_,
              AllOf(HasSubstr("\"state\":\"active\""), Not(HasSubstr(secret))));
}

TEST_F(CredentialVerbsTest, WhatExpiresHasASessionToken) {
  const std::string key = Create({"--expires-in", "1h"});
  const std::string token = Printed("sessionToken");
  const Credentials credentials = Load();
  const Credential* const found = credentials.Find(key);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->session_token, token);
  EXPECT_GT(found->expires_at, absl::Now());
  EXPECT_LE(found->expires_at, absl::Now() + absl::Hours(1));
  EXPECT_EQ(Run({"list"}), ExitCode::kDone);
  EXPECT_THAT(out_, Not(HasSubstr(token)));
}

TEST_F(CredentialVerbsTest, AKeyFileProtectsTheSecret) {
  const std::string key_file = KeyFile();
  const std::string key = Create({"--key-file", key_file});
  const std::string secret = Printed("secret");
  EXPECT_THAT(*ReadSecretFile(file_, "file", 4096), Not(HasSubstr(secret)));
  EXPECT_EQ(Load(key_file).Find(key)->secret, secret);
  EXPECT_EQ(Run({"rotate", key}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--key-file"));
  const std::string next =
      Member({"rotate", key, "--key-file", key_file}, "accessKey");
  EXPECT_EQ(Load(key_file).Find(next)->secret, Printed("secret"));
}

TEST_F(CredentialVerbsTest, WhatIsDisabledCanBeEnabled) {
  const std::string key = Create();
  EXPECT_EQ(Run({"disable", key}), ExitCode::kDone) << err_;
  EXPECT_TRUE(Load().Find(key)->disabled);
  EXPECT_EQ(Run({"list"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("disabled"));
  EXPECT_EQ(Run({"enable", key}), ExitCode::kDone) << err_;
  EXPECT_FALSE(Load().Find(key)->disabled);
}

TEST_F(CredentialVerbsTest, RotationLetsTheOldOneEndLater) {
  const std::string old = Create();
  const std::string key = Member({"rotate", old}, "accessKey");
  const Credentials credentials = Load();
  EXPECT_NE(key, old);
  EXPECT_EQ(credentials.Find(key)->expires_at, absl::InfiniteFuture());
  EXPECT_EQ(credentials.Find(key)->principal.user, "u");
  EXPECT_NE(credentials.Find(key)->secret, credentials.Find(old)->secret);
  EXPECT_GT(credentials.Find(old)->expires_at, absl::Now() + absl::Hours(23));
  EXPECT_LE(credentials.Find(old)->expires_at, absl::Now() + absl::Hours(24));
}

TEST_F(CredentialVerbsTest, RotationCanEndTheOldOneAtOnce) {
  const std::string old = Create({"--expires-in", "1h"});
  const std::string key =
      Member({"rotate", old, "--keep-old", "0"}, "accessKey");
  const Credentials credentials = Load();
  EXPECT_EQ(credentials.Find(old), nullptr);
  EXPECT_EQ(credentials.Find(key)->session_token, Printed("sessionToken"));
  EXPECT_LT(credentials.Find(key)->expires_at, absl::InfiniteFuture());
}

TEST_F(CredentialVerbsTest, WhatIsDeletedIsForgotten) {
  const std::string key = Create();
  const std::string other = Create();
  EXPECT_EQ(Run({"delete", key}), ExitCode::kDone) << err_;
  EXPECT_EQ(Load().Find(key), nullptr);
  EXPECT_NE(Load().Find(other), nullptr);
  EXPECT_EQ(Run({"delete", key}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr(absl::StrCat("no access key ", key)));
}

TEST_F(CredentialVerbsTest, AMistakeIsNamedAndChangesNothing) {
  const auto error = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"create", "--role", "operator"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(Run(arguments), ExitCode::kUsage);
    return err_;
  };
  EXPECT_THAT(error({"--account", "12", "--user", "u"}),
              HasSubstr("--account must have 12 digits"));
  const std::vector<std::string> who = {"--account", "123456789012", "--user",
                                        "u"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), who.begin(), who.end());
    return error(more);
  };
  EXPECT_THAT(with({"--role", "boss"}), HasSubstr("There is no role boss"));
  EXPECT_THAT(with({"--role", "runner"}),
              HasSubstr("--worker-group must name at least one"));
  EXPECT_THAT(with({"--worker-group", "etl-*"}),
              HasSubstr("--worker-group must not be given without the role"));
  EXPECT_THAT(with({"--hold-max", "2m"}), HasSubstr("--hold-max must"));
  EXPECT_THAT(with({"--expires-in", "0"}), HasSubstr("--expires-in must"));
  EXPECT_THAT(with({"--key-file", "/nowhere"}), HasSubstr("\"/nowhere\""));
  EXPECT_EQ(Run({"list"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("cannot be read: No such file"));
}

TEST_F(CredentialVerbsTest, CertificatesAreListedToo) {
  ASSERT_TRUE(WriteSecretFile(file_, R"({"certificates": [{"name": "a.example",
          "account": "123456789012", "user": "u", "roles": ["operator"]}]})")
                  .ok());
  EXPECT_EQ(Run({"list"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, StartsWith("CERTIFICATE"));
  EXPECT_EQ(Member({"list"}, "certificate"), "a.example");
  Create();
  EXPECT_EQ(Run({"list"}), ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("ACCESS KEY"), HasSubstr("CERTIFICATE")));
}

}  // namespace
}  // namespace holdline::client
