#include "server/auth/sigv4/sha256.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(Sha256, HashesAreThoseOfTheStandards) {
  EXPECT_EQ(ToHex(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace holdline
