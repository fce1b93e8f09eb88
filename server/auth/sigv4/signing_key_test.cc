#include "server/auth/sigv4/signing_key.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/auth/sigv4/signing_keys.h"

namespace holdline {
namespace {

constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr char kDocumentedKey[] =
    "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";

SigningScope ScopeOf(absl::string_view region) {
  return {kSecret, "20150830", region, "iam"};
}

TEST(SigningKey, IsDerivedAsDocumented) {
  EXPECT_EQ(ToHex(SigningKeyOf(ScopeOf("us-east-1"))), kDocumentedKey);
}

TEST(SigningKeysTest, RememberWhatWasDerived) {
  SigningKeys keys;
  EXPECT_EQ(ToHex(keys.Find(ScopeOf("us-east-1"))), kDocumentedKey);
  EXPECT_EQ(ToHex(keys.Find(ScopeOf("us-east-1"))), kDocumentedKey);
  EXPECT_EQ(keys.size(), 1u);
}

TEST(SigningKeysTest, TellScopesApart) {
  SigningKeys keys;
  const Sha256Digest key = keys.Find(ScopeOf("us-east-1"));
  for (const SigningScope& other :
       {SigningScope{"another", "20150830", "us-east-1", "iam"},
        SigningScope{kSecret, "20150831", "us-east-1", "iam"},
        SigningScope{kSecret, "20150830", "us-east-2", "iam"},
        SigningScope{kSecret, "20150830", "us-east-1", "sts"}}) {
    EXPECT_NE(keys.Find(other), key);
    EXPECT_EQ(keys.Find(other), SigningKeyOf(other));
  }
}

TEST(SigningKeysTest, ForgetTheOldestAndKeepNoLongNames) {
  SigningKeys keys;
  for (size_t i = 0; i < SigningKeys::kKeysMax + 10; ++i) {
    keys.Find(ScopeOf(absl::StrCat("region-", i)));
  }
  EXPECT_EQ(keys.size(), SigningKeys::kKeysMax);
  EXPECT_EQ(ToHex(keys.Find(ScopeOf("us-east-1"))), kDocumentedKey);
  SigningKeys others;
  const std::string longest(SigningKeys::kRegionBytesMax + 1, 'r');
  EXPECT_EQ(others.Find(ScopeOf(longest)), SigningKeyOf(ScopeOf(longest)));
  EXPECT_EQ(others.size(), 0u);
}

}  // namespace
}  // namespace holdline
