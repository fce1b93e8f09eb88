#include "server/auth/credentials/credential_check.h"

#include "gtest/gtest.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1900000000);

Credential Named(const std::string& access_key) {
  Credential credential;
  credential.access_key = access_key;
  credential.secret = "open-sesame";
  credential.principal.user = access_key;
  return credential;
}

Credentials Sample() {
  Credential temporary = Named("temporary");
  temporary.session_token = "token";
  temporary.expires_at = kNow + absl::Seconds(1);
  Credential expired = Named("expired");
  expired.expires_at = kNow;
  Credential disabled = Named("disabled");
  disabled.disabled = true;
  return Credentials({Named("plain"), temporary, expired, disabled}, {});
}

// The name of the error, or the user that was let in.
std::string Outcome(const absl::StatusOr<const Credential*>& credential) {
  return credential.ok() ? (*credential)->principal.user
                         : NamedReason(credential.status());
}

std::string Check(const std::string& access_key, const std::string& secret,
                  const std::string& token = "") {
  const Credentials credentials = Sample();
  return Outcome(CheckSecret(credentials, access_key, secret, token, kNow));
}

TEST(CredentialCheck, LetsInWhoKnowsTheSecret) {
  EXPECT_EQ(Check("plain", "open-sesame"), "plain");
  EXPECT_EQ(Check("temporary", "open-sesame", "token"), "temporary");
}

TEST(CredentialCheck, SaysTheSameOfUnknownKeysAndWrongSecrets) {
  for (const std::string& outcome :
       {Check("nobody", "open-sesame"), Check("plain", "open-sesamf"),
        Check("plain", ""), Check("plain", "open-sesame-2"),
        Check("plain", "open-sesame", "token"),
        Check("temporary", "open-sesame"),
        Check("temporary", "open-sesame", "tokem"),
        Check("disabled", "open-sesame"), Check("expired", "wrong")}) {
    EXPECT_EQ(outcome, "UnrecognizedClientException");
  }
}

TEST(CredentialCheck, TellsThatTheTimeIsOver) {
  EXPECT_EQ(Check("expired", "open-sesame"), "ExpiredTokenException");
}

TEST(CredentialCheck, FindsTheUsableOnes) {
  const Credentials credentials = Sample();
  EXPECT_EQ(Outcome(FindUsable(credentials, "plain", kNow)), "plain");
  EXPECT_EQ(Outcome(FindUsable(credentials, "temporary", kNow)), "temporary");
  EXPECT_EQ(Outcome(FindUsable(credentials, "disabled", kNow)),
            "UnrecognizedClientException");
  EXPECT_EQ(Outcome(FindUsable(credentials, "expired", kNow)),
            "ExpiredTokenException");
}

TEST(CredentialCheck, EveryErrorIsUnauthenticated) {
  for (const absl::Status& error :
       {MissingCredentialError(), UnrecognizedClientError(),
        ExpiredCredentialError(), IncompleteCredentialError("form")}) {
    EXPECT_EQ(error.code(), absl::StatusCode::kUnauthenticated);
  }
}

}  // namespace
}  // namespace holdline
