#include "server/listen_address.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

std::string Normal(const std::string& text) {
  const auto address = ParseListenAddress(text);
  return address.ok() ? ToString(*address)
                      : std::string(address.status().message());
}

TEST(ListenAddressTest, LoopbackIsAccepted) {
  EXPECT_EQ(Normal("127.0.0.1:7070"), "127.0.0.1:7070");
  EXPECT_EQ(Normal("127.8.8.8:0"), "127.8.8.8:0");
  EXPECT_EQ(Normal("[::1]:65535"), "[::1]:65535");
}

TEST(ListenAddressTest, LocalhostIsTheIpv4Loopback) {
  EXPECT_EQ(Normal("localhost:1"), "127.0.0.1:1");
}

TEST(ListenAddressTest, BeyondLoopbackIsRefused) {
  for (const std::string text :
       {"0.0.0.0:7070", "[::]:7070", "10.0.0.1:1", "[2001:db8::1]:1",
        "[::ffff:10.0.0.1]:1", "128.0.0.1:1"}) {
    EXPECT_THAT(Normal(text),
                HasSubstr("listening beyond loopback needs authentication, "
                          "which is not configured"));
    EXPECT_THAT(Normal(text), HasSubstr(text));
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
