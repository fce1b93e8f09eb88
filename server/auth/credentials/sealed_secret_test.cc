#include "server/auth/credentials/sealed_secret.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const char kSecret[] = "a secret of some length";
const char kKey[] = "0123456789abcdef";

std::string Seal() { return SealSecret(kSecret, "AK", kKey).value(); }

bool Opens(const std::string& sealed, const std::string& access_key = "AK",
           const std::string& key = kKey) {
  const auto secret = OpenSecret(sealed, access_key, key);
  EXPECT_TRUE(secret.ok() ? *secret == kSecret
                          : absl::IsInvalidArgument(secret.status()));
  return secret.ok();
}

TEST(SealedSecret, OpensWithItsAccessKeyAndItsKeyOnly) {
  const std::string sealed = Seal();
  EXPECT_TRUE(Opens(sealed));
  EXPECT_FALSE(Opens(sealed, "AL"));
  EXPECT_FALSE(Opens(sealed, "AK", "0123456789abcdeg"));
}

TEST(SealedSecret, ShowsNothingAndIsNeverTheSameTwice) {
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(Seal(), &bytes));
  EXPECT_EQ(bytes.size(), 12 + sizeof(kSecret) - 1 + 16);
  EXPECT_THAT(bytes, Not(HasSubstr("secret")));
  EXPECT_NE(Seal(), Seal());
}

TEST(SealedSecret, IsRefusedIfAnyBitOfItHasChanged) {
  std::string bytes;
  ASSERT_TRUE(absl::Base64Unescape(Seal(), &bytes));
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] ^= 1;
    EXPECT_FALSE(Opens(absl::Base64Escape(changed))) << i;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Opens(absl::Base64Escape(bytes.substr(0, size)))) << size;
  }
  EXPECT_FALSE(Opens("no base64!"));
}

// The form stays: files that were written before must open.
TEST(SealedSecret, OpensWhatAnEarlierVersionSealed) {
  EXPECT_TRUE(Opens(
      "bm9uY2Utb2YtMTJiVVF8KGE9lMhQQXgqckgkD0bIQFwUt17U9CELfTrBnULpHEoVNgH9"));
}

}  // namespace
}  // namespace holdline
