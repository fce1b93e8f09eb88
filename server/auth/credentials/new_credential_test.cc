#include "server/auth/credentials/new_credential.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credential_text.h"

namespace holdline {
namespace {

TEST(NewCredential, HasTheFormThatTheFileAsksFor) {
  const std::string key = RandomAccessKey().value();
  EXPECT_EQ(key.size(), 20);
  EXPECT_TRUE(IsAccessKey(key)) << key;
  const std::string secret = RandomSecret().value();
  EXPECT_EQ(secret.size(), 40);
  EXPECT_TRUE(IsAccessKey(secret)) << secret;  // letters and digits
  EXPECT_TRUE(IsSecret(secret)) << secret;
  const std::string token = RandomSessionToken().value();
  EXPECT_EQ(token.size(), 64);
  EXPECT_TRUE(IsSessionToken(token)) << token;
}

TEST(NewCredential, IsNeverTheSameTwice) {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) {
    made.insert(RandomAccessKey().value());
    made.insert(RandomSecret().value());
    made.insert(RandomSessionToken().value());
  }
  EXPECT_EQ(made.size(), 300);
}

}  // namespace
}  // namespace holdline
