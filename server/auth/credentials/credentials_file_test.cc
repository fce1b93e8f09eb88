#include "server/auth/credentials/credentials_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/sealed_secret.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const char kWhole[] = R"({
  "credentials": [
    {"accessKey":"AKIDEXAMPLE","secret":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","sessionToken":"token-of-a-session","expires":"2030-01-31T08:00:00Z","account":"123456789012","user":"reports","roles":["submitter","runner"],"workerGroups":["reports","etl-*"],"holdMax":"50s","disabled":true},
    {"accessKey":"PROTECTED","protectedSecret":"c2VhbGVk","account":"000000000000","user":"a@b","roles":["administrator"]}
  ],
  "certificates": [
    {"name":"spiffe://example.org/gateway","account":"123456789012","user":"gateway","roles":["operator","gateway"]}
  ]
}
)";

// A file with one entry, which has `text` behind what each must have.
std::string WithEntry(const std::string& text) {
  return absl::StrCat(
      R"({"credentials": [{"accessKey": "AK", "secret": ")", kSecret,
      R"(", "account": "123456789012", "user": "u", "roles": ["operator"])",
      text.empty() ? "" : ", ", text, "}]}");
}

// A file with one entry, in which `from` is `to`.
std::string WithChange(const std::string& from, const std::string& to) {
  const std::string before = WithEntry("");
  EXPECT_THAT(before, HasSubstr(from));
  return absl::StrReplaceAll(before, {{from, to}});
}

std::string Error(const std::string& text) {
  return std::string(ParseCredentialsFile(text).status().message());
}

TEST(CredentialsFile, HasEverythingThatIsKnownOfACaller) {
  const auto file = ParseCredentialsFile(kWhole);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->credentials.size(), 2);
  const Credential& first = file->credentials[0].credential;
  EXPECT_EQ(first.access_key, "AKIDEXAMPLE");
  EXPECT_EQ(first.secret, kSecret);
  EXPECT_EQ(first.session_token, "token-of-a-session");
  EXPECT_EQ(first.expires_at, absl::FromUnixSeconds(1896076800));
  EXPECT_TRUE(first.disabled);
  EXPECT_EQ(first.principal.account.value, "123456789012");
  EXPECT_EQ(first.principal.user, "reports");
  EXPECT_EQ(first.principal.access_key, "AKIDEXAMPLE");
  EXPECT_EQ(first.principal.roles, (Roles{Role::kSubmitter, Role::kRunner}));
  EXPECT_THAT(first.principal.worker_groups, ElementsAre("reports", "etl-*"));
  EXPECT_EQ(first.principal.hold_max, absl::Seconds(50));
  const CredentialEntry& second = file->credentials[1];
  EXPECT_EQ(second.sealed_secret, "c2VhbGVk");
  EXPECT_EQ(second.credential.secret, "");
  EXPECT_FALSE(second.credential.disabled);
  EXPECT_EQ(second.credential.expires_at, absl::InfiniteFuture());
  EXPECT_EQ(second.credential.principal.hold_max, absl::InfiniteDuration());
  ASSERT_EQ(file->certificates.size(), 1);
  EXPECT_EQ(file->certificates[0].name, "spiffe://example.org/gateway");
  EXPECT_EQ(file->certificates[0].principal.user, "gateway");
}

TEST(CredentialsFile, IsWrittenAsItIsRead) {
  EXPECT_EQ(ToJson(*ParseCredentialsFile(kWhole)), kWhole);
  const std::string empty = ToJson(CredentialsFile());
  EXPECT_TRUE(ParseCredentialsFile(empty).ok()) << empty;
}

TEST(CredentialsFile, MayBeEmpty) {
  EXPECT_TRUE(ParseCredentialsFile(" {} \n").ok());
  EXPECT_TRUE(ParseCredentialsFile(R"({"credentials": []})").ok());
}

TEST(CredentialsFile, ErrorsNameTheLineOfWhatIsNotJson) {
  EXPECT_THAT(Error("{\n\"credentials\": [\n}"),
              StartsWith("line 3 is not JSON: "));
  EXPECT_THAT(Error("{}\n x"), StartsWith("line 2 is not JSON: "));
  EXPECT_THAT(Error(""), HasSubstr("truncated JSON"));
  EXPECT_THAT(Error("{\"credentials\": ["), HasSubstr("truncated JSON"));
}

TEST(CredentialsFile, ErrorsNameTheEntryAndTheMember) {
  EXPECT_EQ(Error("[]"), "the file must be an object");
  EXPECT_EQ(Error(R"({"credentials": {}})"), "credentials must be a list");
  EXPECT_EQ(Error(R"({"certificates": [7]})"),
            "certificates[0] must be an object");
  EXPECT_EQ(Error(WithChange("\"user\": \"u\", ", "")),
            "credentials[0].user is missing");
  EXPECT_EQ(Error(WithChange("123456789012", "12345678901")),
            "credentials[0].account must have 12 digits");
  EXPECT_THAT(Error(WithChange("operator", "boss")),
              AllOf(StartsWith("credentials[0].roles must be a list"),
                    HasSubstr("submitter, runner, operator")));
  EXPECT_EQ(Error(WithChange("\"operator\"", "")),
            "credentials[0].roles must name at least one");
  EXPECT_THAT(Error(WithChange("operator", "runner")),
              StartsWith("credentials[0].workerGroups must name at least one"));
  EXPECT_THAT(
      Error(WithEntry(R"("workerGroups": ["etl-*"])")),
      StartsWith("credentials[0].workerGroups must not be given without the"));
  EXPECT_THAT(Error(absl::StrReplaceAll(WithEntry(R"("holdMax": "9s")"),
                                        {{"operator", "gateway"}})),
              StartsWith("credentials[0].holdMax must not be given with the "
                         "role gateway"));
  EXPECT_THAT(Error(WithEntry(R"("workerGroups": ["a*b"])")),
              HasSubstr("workerGroups must be a list, of which each must"));
  EXPECT_THAT(Error(WithEntry(R"("holdMax": "91s")")),
              StartsWith("credentials[0].holdMax must be a length from 1s"));
  EXPECT_EQ(Error(WithEntry(R"("disabled": "yes")")),
            "credentials[0].disabled must be true or false");
  EXPECT_THAT(Error(WithEntry(R"("expires": "2030-01-31")")),
              StartsWith("credentials[0].expires must be a time"));
  EXPECT_THAT(Error(WithEntry(R"("sessionToken": "0123456789abcdef")")),
              StartsWith("credentials[0].expires is required"));
}

TEST(CredentialsFile, AnEntryHasOneSecret) {
  EXPECT_THAT(Error(WithEntry(R"("protectedSecret": "c2VhbGVk")")),
              HasSubstr("secret or protectedSecret is required"));
  EXPECT_THAT(Error(WithChange("\"secret\"", "\"user\"")),
              HasSubstr("secret or protectedSecret is required"));
}

TEST(CredentialsFile, WhatIsNotKnownIsRefused) {
  EXPECT_THAT(Error(WithEntry(R"("role": "runner")")),
              AllOf(HasSubstr("credentials[0] has a member role that is not"),
                    HasSubstr("roles")));
  EXPECT_THAT(Error(R"({"users": []})"),
              StartsWith("the file has a member users"));
}

TEST(CredentialsFile, NothingIsThereTwice) {
  const std::string file = WithEntry("");
  const std::string entry = file.substr(17, file.size() - 19);
  EXPECT_EQ(Error(absl::StrCat("{\"credentials\": [", entry, ",", entry, "]}")),
            "credentials[1].accessKey is used by another entry, too");
}

TEST(CredentialsFile, ErrorsNeverShowASecret) {
  for (const std::string& text :
       {WithChange("\"secret\"", "\"accessKey\""),
        WithChange("\"u\"", absl::StrCat("\"", kSecret, "\"")),
        WithChange("\"AK\"", absl::StrCat("\"", kSecret, "\"")),
        WithChange("operator", kSecret),
        WithEntry(absl::StrCat("\"", kSecret, "\": 1")),
        WithEntry(absl::StrCat("\"holdMax\": \"", kSecret, "\"")),
        WithEntry(absl::StrCat("\"", kSecret, "\""))}) {
    EXPECT_THAT(Error(text), AllOf(Not(""), Not(HasSubstr("wJalr")))) << text;
  }
}

class LoadTest : public ::testing::Test {
 protected:
  // Writes a file that only this user may read, and returns its path.
  static std::string Write(const std::string& name, const std::string& text) {
    const std::string path =
        absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
    std::ofstream(path) << text;
    EXPECT_EQ(chmod(path.c_str(), 0600), 0);
    return path;
  }

  // A file whose one secret is protected with a key of kKey.
  static std::string WriteSealed(const std::string& access_key) {
    const std::string sealed = *SealSecret(kSecret, access_key, kKey);
    return Write("sealed",
                 absl::StrReplaceAll(WithEntry(""),
                                     {{"\"secret\"", "\"protectedSecret\""},
                                      {kSecret, sealed}}));
  }

  std::string LoadError() {
    return std::string(LoadCredentials(options_).status().message());
  }

  static constexpr char kKey[] = "a key of some bytes";
  CredentialOptions options_;
};

TEST_F(LoadTest, FindsWhatIsInTheFile) {
  options_.file = Write("file", WithEntry(""));
  const auto credentials = LoadCredentials(options_);
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  ASSERT_NE(credentials->Find("AK"), nullptr);
  EXPECT_EQ(credentials->Find("AK")->secret, kSecret);
}

TEST_F(LoadTest, OpensProtectedSecretsWithTheKey) {
  options_ = {WriteSealed("AK"), Write("key", kKey)};
  const auto credentials = LoadCredentials(options_);
  ASSERT_TRUE(credentials.ok()) << credentials.status();
  EXPECT_EQ(credentials->Find("AK")->secret, kSecret);
}

TEST_F(LoadTest, SaysWhenItIsAnotherKeyOrNone) {
  options_.file = WriteSealed("AK");
  EXPECT_THAT(LoadError(), HasSubstr("credentials[0].protectedSecret needs "
                                     "credentials-key-file"));
  options_.key_file = Write("key", "another key than that");
  EXPECT_THAT(LoadError(), HasSubstr("was not encrypted for this accessKey"));
  options_ = {WriteSealed("ANOTHER"), Write("key", kKey)};
  EXPECT_THAT(LoadError(), HasSubstr("was not encrypted for this accessKey"));
}

TEST_F(LoadTest, RefusesAFileThatOthersMayRead) {
  options_.file = Write("file", WithEntry(""));
  ASSERT_EQ(chmod(options_.file.c_str(), 0644), 0);
  EXPECT_THAT(LoadError(),
              AllOf(StartsWith("the credentials file \""),
                    HasSubstr(options_.file), HasSubstr("chmod 600")));
}

TEST_F(LoadTest, ErrorsNameTheFile) {
  options_.file = Write("file", "{");
  EXPECT_THAT(LoadError(),
              StartsWith(absl::StrCat("the credentials file \"", options_.file,
                                      "\": it is truncated JSON")));
}

}  // namespace
}  // namespace holdline
