#include "server/auth/credentials/credential_text.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/role_name.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

TEST(CredentialText, AccessKeysCanStandInASignaturesScope) {
  EXPECT_TRUE(IsAccessKey("AKIDEXAMPLE_9"));
  EXPECT_TRUE(IsAccessKey(std::string(128, 'a')));
  for (const std::string& text :
       {std::string(), std::string(129, 'a'), std::string("a/b"),
        std::string("a:b"), std::string("a b"), std::string("a\0", 2)}) {
    EXPECT_FALSE(IsAccessKey(text)) << text;
  }
}

TEST(CredentialText, SecretsAreLongEnoughAndVisible) {
  EXPECT_TRUE(IsSecret("0123456789/+:\"~!"));
  EXPECT_TRUE(IsSecret(std::string(1024, 's')));
  EXPECT_FALSE(IsSecret("0123456789abcde"));
  EXPECT_FALSE(IsSecret(std::string(1025, 's')));
  EXPECT_FALSE(IsSecret("0123456789 abcdef"));
  EXPECT_FALSE(IsSecret("0123456789abcdef\n"));
  EXPECT_TRUE(IsSessionToken(std::string(4096, 't')));
  EXPECT_FALSE(IsSessionToken(std::string(4097, 't')));
}

TEST(CredentialText, AccountsAndUsersAreThoseOfAws) {
  EXPECT_TRUE(IsAccount("012345678901"));
  EXPECT_FALSE(IsAccount("01234567890"));
  EXPECT_FALSE(IsAccount("01234567890x"));
  EXPECT_TRUE(IsUser("a.b+c=d,e@f-G_9"));
  EXPECT_FALSE(IsUser(""));
  EXPECT_FALSE(IsUser("a/b"));
  EXPECT_FALSE(IsUser(std::string(65, 'u')));
}

TEST(CredentialText, APatternHasItsStarAtItsEnd) {
  for (const char* text : {"a", "a*", "*", "a b/c"}) {
    EXPECT_TRUE(IsWorkerGroupPattern(text)) << text;
  }
  for (const char* text : {"", "*a", "a**", "a*b"}) {
    EXPECT_FALSE(IsWorkerGroupPattern(text)) << text;
  }
}

TEST(CredentialText, HoldsAreThoseOfAPoll) {
  absl::Duration hold;
  EXPECT_TRUE(ReadHoldMax("1m30s", &hold));
  EXPECT_EQ(hold, absl::Seconds(90));
  EXPECT_TRUE(ReadHoldMax("1s", &hold));
  for (const char* text : {"999ms", "91s", "50", "inf", "-1s", ""}) {
    EXPECT_FALSE(ReadHoldMax(text, &hold)) << text;
  }
}

TEST(CredentialText, ExpiriesAreWrittenAsTheyAreRead) {
  absl::Time time;
  EXPECT_TRUE(ReadExpiry("2030-01-31T10:00:00+02:00", &time));
  EXPECT_EQ(ExpiryText(time), "2030-01-31T08:00:00Z");
  for (const char* text : {"", "2030-01-31", "infinite-future", "now"}) {
    EXPECT_FALSE(ReadExpiry(text, &time)) << text;
  }
}

TEST(RoleName, LeadsBackToItsRole) {
  const Roles all = {Role::kSubmitter, Role::kRunner, Role::kOperator,
                     Role::kAdministrator, Role::kGateway};
  EXPECT_THAT(Names(all), ElementsAre("submitter", "runner", "operator",
                                      "administrator", "gateway"));
  Roles read;
  for (const std::string& name : Names(all)) read.Add(*ParseRole(name));
  EXPECT_EQ(read, all);
  EXPECT_FALSE(ParseRole("Runner").has_value());
}

}  // namespace
}  // namespace holdline
