#include "server/queries/seal.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kSecret(32, 's');

TEST(SealTest, OpensWhatItClosed) {
  const Seal seal(kSecret, "test");
  for (const size_t size : {0, 1, 31, 32, 33, 200}) {
    const std::string content(size, 'x');
    const std::string closed = seal.Close("account", content);
    EXPECT_EQ(closed.size(), size + kSealBytes);
    EXPECT_EQ(Seal(kSecret, "test").Open("account", closed), content);
  }
}

TEST(SealTest, HidesTheContent) {
  const Seal seal(kSecret, "test");
  EXPECT_THAT(seal.Close("account", "content"), Not(HasSubstr("content")));
  EXPECT_NE(seal.Close("account", "1").back() ^ '1',
            seal.Close("account", "2").back() ^ '2');
}

TEST(SealTest, OpensInTheSameContextForTheSamePurposeOnly) {
  const Seal seal(kSecret, "test");
  const std::string closed = seal.Close("a", "bc");
  EXPECT_FALSE(seal.Open("ab", closed).has_value());
  EXPECT_FALSE(seal.Open("", closed).has_value());
  EXPECT_FALSE(Seal(kSecret, "other").Open("a", closed).has_value());
  EXPECT_FALSE(
      Seal(std::string(32, 't'), "test").Open("a", closed).has_value());
}

TEST(SealTest, DoesNotOpenWhatWasCutOrChanged) {
  const Seal seal(kSecret, "test");
  const std::string closed = seal.Close("account", "content");
  for (size_t at = 0; at < closed.size(); ++at) {
    EXPECT_FALSE(seal.Open("account", closed.substr(0, at)).has_value());
    std::string changed = closed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(seal.Open("account", changed).has_value());
  }
  EXPECT_FALSE(seal.Open("account", closed + "x").has_value());
}

}  // namespace
}  // namespace holdline
