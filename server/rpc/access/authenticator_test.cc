#include "server/rpc/access/authenticator.h"

#include "gtest/gtest.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1900000000);

Principal User(const std::string& name) {
  Principal user;
  user.account = AccountId{"111122223333"};
  user.user = name;
  user.roles = {Role::kRunner};
  return user;
}

Credential Named(const std::string& access_key) {
  Credential credential;
  credential.access_key = access_key;
  credential.secret = "a:b";
  credential.principal = User(access_key);
  credential.principal.access_key = access_key;
  return credential;
}

Credentials Sample() {
  Credential temporary = Named("temporary");
  temporary.session_token = "token";
  temporary.expires_at = kNow + absl::Hours(1);
  Credential disabled = Named("disabled");
  disabled.disabled = true;
  Credential gateway = Named("front");
  gateway.principal.roles = {Role::kGateway};
  return Credentials({Named("plain"), temporary, disabled, gateway},
                     {{"runner.example", User("by-name")},
                      {"spiffe://example/runner", User("by-uri")}});
}

CallerClaims Bearer(absl::string_view authorization) {
  CallerClaims claims;
  claims.authorization = authorization;
  claims.confidential = true;
  return claims;
}

class AuthenticatorTest : public testing::Test {
 protected:
  // The user that was found, or the name of the error.
  std::string Identify(const CallerClaims& claims, absl::Time now = kNow) {
    const absl::StatusOr<Caller> caller = authenticator_.Identify(claims, now);
    return caller.ok() ? (*caller)->user : NamedReason(caller.status());
  }

  CredentialStore store_{Sample()};
  Authenticator authenticator_{&store_};
};

TEST_F(AuthenticatorTest, EverybodyIsLocalWithoutCredentials) {
  const Authenticator open(nullptr);
  EXPECT_FALSE(open.required());
  CallerClaims claims = Bearer("Bearer plain:wrong");
  claims.on_behalf_of = "other";
  const absl::StatusOr<Caller> caller = open.Identify(claims, kNow);
  ASSERT_TRUE(caller.ok());
  EXPECT_EQ((*caller)->account.value, kLocalAccount);
  EXPECT_TRUE((*caller)->roles.Has(Role::kAdministrator));
}

TEST_F(AuthenticatorTest, KnowsAnAccessKeyByItsSecret) {
  EXPECT_EQ(Identify(Bearer("Bearer plain:a:b")), "plain");
  EXPECT_EQ(Identify(Bearer("bearer plain:a:b")), "plain");
  EXPECT_EQ(Identify(Bearer("Bearer plain:a")), "UnrecognizedClientException");
  EXPECT_EQ(Identify(Bearer("Bearer other:a:b")),
            "UnrecognizedClientException");
  EXPECT_EQ(Identify(Bearer("Bearer disabled:a:b")),
            "UnrecognizedClientException");
}

TEST_F(AuthenticatorTest, TemporaryCredentialsTakeTheirTokenAndTheirTime) {
  CallerClaims claims = Bearer("Bearer temporary:a:b");
  EXPECT_EQ(Identify(claims), "UnrecognizedClientException");
  claims.session_token = "token";
  EXPECT_EQ(Identify(claims), "temporary");
  EXPECT_EQ(Identify(claims, kNow + absl::Hours(1)), "ExpiredTokenException");
}

TEST_F(AuthenticatorTest, WhatCannotBeReadIsIncomplete) {
  for (const char* authorization :
       {"plain:a:b", "Bearer plain", "Basic cGxhaW46YTpi",
        "AWS4-HMAC-SHA256 Credential=plain/20300101/r/datapipeline/x"}) {
    EXPECT_EQ(Identify(Bearer(authorization)), "IncompleteSignatureException");
  }
  CallerClaims claims = Bearer("Bearer plain:a:b");
  claims.ambiguous = true;
  EXPECT_EQ(Identify(claims), "IncompleteSignatureException");
}

TEST_F(AuthenticatorTest, NothingSaidIsMissing) {
  EXPECT_EQ(Identify({}), "MissingAuthenticationTokenException");
}

TEST_F(AuthenticatorTest, AKeyThatOthersCanReadIsRefusedEvenIfItIsRight) {
  CallerClaims claims = Bearer("Bearer plain:a:b");
  claims.confidential = false;
  EXPECT_EQ(Identify(claims), "MissingAuthenticationTokenException");
}

TEST_F(AuthenticatorTest, KnowsACertificateByAnyOfItsNames) {
  CallerClaims claims;
  claims.confidential = true;
  claims.certificate_names = {"other.example", "runner.example"};
  EXPECT_EQ(Identify(claims), "by-name");
  claims.certificate_names = {"spiffe://example/runner"};
  EXPECT_EQ(Identify(claims), "by-uri");
  claims.certificate_names = {"other.example"};
  EXPECT_EQ(Identify(claims), "UnrecognizedClientException");
}

TEST_F(AuthenticatorTest, AKeyCountsBeforeACertificate) {
  CallerClaims claims = Bearer("Bearer plain:a:b");
  claims.certificate_names = {"runner.example"};
  EXPECT_EQ(Identify(claims), "plain");
  claims.authorization = "Bearer plain:wrong";
  EXPECT_EQ(Identify(claims), "UnrecognizedClientException");
}

TEST_F(AuthenticatorTest, AGatewaySpeaksForOthers) {
  CallerClaims claims = Bearer("Bearer front:a:b");
  EXPECT_EQ(Identify(claims), "front");
  claims.on_behalf_of = "plain";
  EXPECT_EQ(Identify(claims), "plain");
  claims.on_behalf_of = "temporary";
  EXPECT_EQ(Identify(claims), "temporary");
  EXPECT_EQ(Identify(claims, kNow + absl::Hours(1)), "ExpiredTokenException");
  for (const char* other : {"disabled", "nobody", ""}) {
    claims.on_behalf_of = other;
    EXPECT_EQ(Identify(claims), "UnrecognizedClientException");
  }
}

TEST_F(AuthenticatorTest, NobodyElseSpeaksForOthers) {
  CallerClaims claims = Bearer("Bearer plain:a:b");
  for (const char* other : {"temporary", "plain", "nobody", ""}) {
    claims.on_behalf_of = other;
    EXPECT_EQ(Identify(claims), "AccessDenied");
  }
}

TEST_F(AuthenticatorTest, TheGatewayInThisProcessHasACredentialOfItsOwn) {
  const std::string authorization = authenticator_.gateway_authorization();
  CallerClaims claims = Bearer(authorization);
  claims.confidential = false;  // as nobody can tell
  claims.on_behalf_of = "plain";
  EXPECT_EQ(Identify(claims), "plain");
  EXPECT_NE(Authenticator(&store_).gateway_authorization(), authorization);
  std::string wrong = authorization;
  wrong.back() = wrong.back() == 'x' ? 'y' : 'x';
  claims.authorization = wrong;
  EXPECT_EQ(Identify(claims), "UnrecognizedClientException");
}

TEST_F(AuthenticatorTest, ACallerStaysWhoItWasWhenCredentialsChange) {
  const absl::StatusOr<Caller> caller =
      authenticator_.Identify(Bearer("Bearer plain:a:b"), kNow);
  ASSERT_TRUE(caller.ok());
  store_.Replace(Credentials());
  EXPECT_EQ((*caller)->user, "plain");
  EXPECT_EQ(Identify(Bearer("Bearer plain:a:b")),
            "UnrecognizedClientException");
}

TEST(CallerClaims, TellPeersOnThisMachine) {
  for (const char* peer :
       {"unix:/tmp/socket", "ipv4:127.0.0.1:5", "ipv4:127.8.0.1:5",
        "ipv6:%5B::1%5D:5", "ipv6:[::1]:5", "ipv6:%5B::ffff:127.0.0.1%5D:5"}) {
    EXPECT_TRUE(IsLocalPeer(peer)) << peer;
  }
  for (const char* peer : {"", "unknown", "ipv4:10.0.0.1:5", "ipv4:1.127.0.0:5",
                           "ipv6:%5B::11%5D:5", "ipv6:%5Bfe80::1%5D:5",
                           "ipv6:%5B::ffff:10.127.0.1%5D:5"}) {
    EXPECT_FALSE(IsLocalPeer(peer)) << peer;
  }
}

}  // namespace
}  // namespace holdline
