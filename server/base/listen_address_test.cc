#include "server/base/listen_address.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

// What the text stands for, in its normal form, or why it stands for nothing.
std::string Normal(const std::string& text) {
  const auto address = ParseListenAddress(text);
  return address.ok() ? ToString(*address)
                      : std::string(address.status().message());
}

TEST(ListenAddressTest, LoopbackIsKnown) {
  for (const std::string text :
       {"127.0.0.1:7070", "127.8.8.8:0", "[::1]:65535"}) {
    EXPECT_EQ(Normal(text), text);
    EXPECT_TRUE(IsLoopback(*ParseListenAddress(text))) << text;
  }
}

TEST(ListenAddressTest, LocalhostIsTheIpv4Loopback) {
  EXPECT_EQ(Normal("localhost:1"), "127.0.0.1:1");
}

TEST(ListenAddressTest, SoIsWhatIsBeyondLoopback) {
  for (const std::string text :
       {"0.0.0.0:7070", "[::]:7070", "10.0.0.1:1", "[2001:db8::1]:1",
        "[::ffff:10.0.0.1]:1", "128.0.0.1:1"}) {
    EXPECT_EQ(Normal(text), text);
    EXPECT_FALSE(IsLoopback(*ParseListenAddress(text))) << text;
  }
}

TEST(ListenAddressTest, SomeAuthoritiesAlwaysMeanThisMachine) {
  for (const std::string text :
       {"localhost", "LOCALHOST", "localhost:7071", "localhost:", "127.0.0.1",
        "127.8.8.8:1", "[::1]", "[::1]:7071"}) {
    EXPECT_TRUE(NamesLoopback(text)) << text;
  }
}

TEST(ListenAddressTest, NoOtherAuthorityDoes) {
  for (const std::string text :
       {"", ":", ":7071", "localhost.", "localhost.example", "xlocalhost",
        "a@localhost", "localhost:x", "127.0.0.1.example", "127.0.0.1:1:2",
        "[127.0.0.1]", "::1", "[::1", "[::1]x", "0.0.0.0", "[::]", "10.0.0.1",
        "example.com:7071"}) {
    EXPECT_FALSE(NamesLoopback(text)) << text;
  }
}

TEST(ListenAddressTest, OtherFormsAreRefused) {
  for (const std::string text :
       {"", ":", "7070", "127.0.0.1", "127.0.0.1:", ":7070", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:+1", "127.0.0.1: 1", "127.0.0.1:http",
        "::1:7070", "[::1:7070", "[127.0.0.1]:1", "example.com:1",
        "127.0.0.1,0.0.0.0:1", "127.1:80"}) {
    EXPECT_THAT(Normal(text), HasSubstr("must be HOST:PORT")) << text;
  }
}

}  // namespace
}  // namespace holdline
