#include "server/auth/credentials/instance_identity.h"

#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/testing/test_certificate.h"
#include "server/auth/testing/test_issuer.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Policy = InstanceIdentityPolicy;

constexpr char kDocument[] =
    R"({"accountId": "111122223333", "instanceId": "i-0123456789abcdef0",
        "region": "us-east-1", "architecture": "x86_64"})";
constexpr char kMachine[] =
    "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0";

std::string WriteFile(const std::string& content) {
  const std::string path = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name());
  std::ofstream(path) << content;
  return path;
}

class InstanceIdentityTest : public testing::Test {
 protected:
  std::unique_ptr<InstanceIdentityVerifier> Verifier(Policy policy) {
    auto verifier = InstanceIdentityVerifier::Open(
        {policy,
         WriteFile(absl::StrCat(other_.certificate(), issuer_.certificate()))});
    EXPECT_TRUE(verifier.ok()) << verifier.status();
    return *std::move(verifier);
  }

  static std::string ErrorOf(const absl::StatusOr<std::string>& machine) {
    EXPECT_EQ(machine.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(machine.status().message());
  }

  const TestIssuer issuer_;
  const TestIssuer other_;
};

TEST_F(InstanceIdentityTest, NamesTheMachineOfASignedDocument) {
  for (const Policy policy : {Policy::kVerifyIfPresent, Policy::kRequire}) {
    const auto machine =
        Verifier(policy)->Verify(kDocument, issuer_.Sign(kDocument));
    ASSERT_TRUE(machine.ok()) << machine.status();
    EXPECT_EQ(*machine, kMachine);
  }
}

TEST_F(InstanceIdentityTest, EveryIssuerIsBelieved) {
  EXPECT_TRUE(Verifier(Policy::kRequire)
                  ->Verify(kDocument, other_.Sign(kDocument))
                  .ok());
}

TEST_F(InstanceIdentityTest, SignaturesMayHaveLineBreaks) {
  std::string signature = issuer_.Sign(kDocument);
  signature.insert(64, "\n");
  EXPECT_TRUE(Verifier(Policy::kRequire)->Verify(kDocument, signature).ok());
}

TEST_F(InstanceIdentityTest, WhatNobodySignedIsRefusedAndNotShown) {
  const auto verifier = Verifier(Policy::kVerifyIfPresent);
  const std::string signature = issuer_.Sign(kDocument);
  std::string changed = kDocument;
  changed[changed.find("i-0") + 3] = '9';
  const TestIssuer stranger;
  const std::pair<std::string, std::string> cases[] = {
      {changed, signature},
      {kDocument, stranger.Sign(kDocument)},
      {kDocument, ""},
      {"", signature},
      {kDocument, "not base64!"},
      {kDocument, absl::Base64Escape("short")}};
  for (const auto& [document, given] : cases) {
    const std::string error = ErrorOf(verifier->Verify(document, given));
    EXPECT_THAT(error, HasSubstr("'instanceIdentity'"));
    EXPECT_THAT(error, HasSubstr("known issuer"));
    EXPECT_THAT(error, Not(HasSubstr("i-0")));
  }
}

TEST_F(InstanceIdentityTest, ADocumentMustNameInstanceAndAccount) {
  const auto verifier = Verifier(Policy::kRequire);
  for (const std::string document :
       {"[]", "nonsense", R"({"instanceId": "i-1"})",
        R"({"accountId": "111122223333"})",
        R"({"accountId": "1", "instanceId": "i-1"})",
        R"({"accountId": "111122223333", "instanceId": "i 1"})"}) {
    EXPECT_THAT(ErrorOf(verifier->Verify(document, issuer_.Sign(document))),
                HasSubstr("instanceId"));
  }
}

TEST_F(InstanceIdentityTest, OnlyThePolicySaysWhetherOneMayDoWithout) {
  EXPECT_EQ(*Verifier(Policy::kVerifyIfPresent)->Verify("", ""), "");
  EXPECT_THAT(ErrorOf(Verifier(Policy::kRequire)->Verify("", "")),
              HasSubstr("must not be null"));
}

TEST_F(InstanceIdentityTest, NothingIsReadIfItIsIgnored) {
  const auto verifier = InstanceIdentityVerifier::Open({});
  ASSERT_TRUE(verifier.ok());
  EXPECT_EQ(*(*verifier)->Verify(kDocument, "nonsense"), "");
}

TEST_F(InstanceIdentityTest, CertificatesThatCannotBeUsedAreRefusedByName) {
  const std::pair<std::string, std::string> cases[] = {
      {"/nowhere", "cannot be read"},
      {WriteFile("nonsense"), "holds no certificate"}};
  for (const auto& [path, why] : cases) {
    const auto verifier =
        InstanceIdentityVerifier::Open({Policy::kRequire, path});
    EXPECT_THAT(std::string(verifier.status().message()),
                AllOf(HasSubstr(path), HasSubstr(why)));
  }
  const std::string path =
      WriteFile(MakeTestCertificate("DNS:elliptic").certificate);
  EXPECT_THAT(
      std::string(InstanceIdentityVerifier::Open({Policy::kRequire, path})
                      .status()
                      .message()),
      HasSubstr("not RSA"));
}

}  // namespace
}  // namespace holdline
