#include "server/notify/webhook_url.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WebhookUrl, NamesAHost) {
  for (const char* url :
       {"http://a", "https://a", "https://hooks.example:8443/a/b?c=d/e",
        "http://a?b", "http://127.0.0.1:1/", "http://a:65535", "http://[::1]",
        "http://[::1]:8080/", "http://a:/"}) {
    EXPECT_EQ(CheckWebhookUrl(url), absl::OkStatus()) << url;
  }
}

TEST(WebhookUrl, WhatIsWrongIsSaidWithoutShowingIt) {
  const auto error = [](const std::string& text) {
    const absl::Status status = CheckWebhookUrl(text);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
    return std::string(status.message());
  };
  EXPECT_THAT(error(""), HasSubstr("https://"));
  EXPECT_THAT(error("ftp://a/secret"), HasSubstr("https://"));
  EXPECT_THAT(error("file:///secret"), HasSubstr("https://"));
  EXPECT_THAT(error("https:///secret"), HasSubstr("host is missing"));
  EXPECT_THAT(error("https://?secret"), HasSubstr("host is missing"));
  EXPECT_THAT(error("https://:80/secret"), HasSubstr("host is missing"));
  EXPECT_THAT(error("https://user:secret@a"), HasSubstr("no password"));
  EXPECT_THAT(error("https://secret@a"), HasSubstr("no user"));
  EXPECT_THAT(error("https://a/secret#b"), HasSubstr("fragment"));
  EXPECT_THAT(error("https://a/secret#"), HasSubstr("fragment"));
  EXPECT_THAT(error("https://a/secret b"), HasSubstr("printable"));
  EXPECT_THAT(error("https://a/secret\r\nb"), HasSubstr("printable"));
  EXPECT_THAT(error("https://[::1/secret"), HasSubstr("IPv6"));
  for (const char* port : {"0", "00", "65536", "x", "-1"}) {
    EXPECT_THAT(error(std::string("https://a:") + port + "/secret"),
                HasSubstr("1 to 65535"))
        << port;
  }
}

}  // namespace
}  // namespace holdline
