#include "server/notify/webhook_url.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WebhookUrl, HasAHostAPortAndATarget) {
  const WebhookUrl url =
      ReadWebhookUrl("https://hooks.example:8443/a/b?c=d/e").value();
  EXPECT_TRUE(url.encrypted);
  EXPECT_EQ(url.host, "hooks.example");
  EXPECT_EQ(url.port, "8443");
  EXPECT_EQ(url.authority, "hooks.example:8443");
  EXPECT_EQ(url.target, "/a/b?c=d/e");
}

TEST(WebhookUrl, ItsSchemeTellsThePort) {
  EXPECT_EQ(ReadWebhookUrl("https://a")->port, "443");
  EXPECT_EQ(ReadWebhookUrl("http://a")->port, "80");
  EXPECT_FALSE(ReadWebhookUrl("http://a")->encrypted);
}

TEST(WebhookUrl, ItsTargetBeginsWithASlash) {
  EXPECT_EQ(ReadWebhookUrl("http://a")->target, "/");
  EXPECT_EQ(ReadWebhookUrl("http://a?b")->target, "/?b");
  EXPECT_EQ(ReadWebhookUrl("http://a?b")->host, "a");
}

TEST(WebhookUrl, AddressesOfIpv6AreInBrackets) {
  const WebhookUrl url = ReadWebhookUrl("http://[::1]:8080/").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, "8080");
  EXPECT_EQ(url.authority, "[::1]:8080");
  EXPECT_EQ(ReadWebhookUrl("http://[::1]")->port, "80");
}

TEST(WebhookUrl, WhatIsWrongIsSaidWithoutShowingIt) {
  const auto error = [](const std::string& text) {
    const absl::Status status = ReadWebhookUrl(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
    return std::string(status.message());
  };
  EXPECT_THAT(error(""), HasSubstr("https://"));
  EXPECT_THAT(error("ftp://a/secret"), HasSubstr("https://"));
  EXPECT_THAT(error("https:///secret"), HasSubstr("host is missing"));
  EXPECT_THAT(error("https://user:secret@a"), HasSubstr("no password"));
  EXPECT_THAT(error("https://a/secret#b"), HasSubstr("fragment"));
  EXPECT_THAT(error("https://a/secret b"), HasSubstr("printable"));
  EXPECT_THAT(error("https://a/secret\r\nb"), HasSubstr("printable"));
  EXPECT_THAT(error("https://[::1/secret"), HasSubstr("bracket"));
  for (const char* port : {"", "0", "65536", "x", "-1"}) {
    EXPECT_THAT(error(std::string("https://a:") + port + "/secret"),
                HasSubstr("1 to 65535"))
        << port;
  }
}

}  // namespace
}  // namespace holdline
