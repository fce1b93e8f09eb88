#include "server/notify/webhook.h"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/notify/sample_notification.h"
#include "server/notify/test_receiver.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1700000000);

SnsMessage Message() { return MakeSnsMessage(SampleNotification(7, kNow)); }

DeliveryResult Post(const NotifyOptions& options) {
  const auto webhook = Webhook::Create(options);
  EXPECT_TRUE(webhook.ok()) << webhook.status();
  std::optional<DeliveryResult> result;
  HttpPosts posts;
  (*webhook)->Post(Message(), kNow, &posts,
                   [&](const DeliveryResult& found) { result = found; });
  while (!result.has_value()) posts.Run(absl::Minutes(1));
  return *result;
}

// Posts to a receiver that answers `answer`.
DeliveryResult PostFor(const std::string& answer) {
  TestReceiver receiver({answer});
  return Post(OptionsFor(receiver));
}

std::string Error(const NotifyOptions& options) {
  const absl::Status status = Webhook::Create(options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(Webhook, PostsTheMessageWithItsHeadersAndItsSignature) {
  TestReceiver receiver({AnswerOf(200)});
  NotifyOptions options = OptionsFor(receiver);
  options.url += "?a=b";
  EXPECT_EQ(Post(options).outcome, DeliveryOutcome::kDelivered);
  ReceivedPost post = receiver.Next();
  EXPECT_EQ(post.method, "POST");
  EXPECT_EQ(post.target, "/hook?a=b");
  EXPECT_EQ(post.body, Message().body);
  EXPECT_EQ(post.headers["host"], absl::StrCat("127.0.0.1:", receiver.port()));
  EXPECT_THAT(post.headers["user-agent"], StartsWith("holdline/"));
  EXPECT_EQ(post.headers["connection"], "close");
  EXPECT_EQ(post.headers["content-type"], "text/plain; charset=UTF-8");
  EXPECT_EQ(post.headers["x-amz-sns-message-type"], "Notification");
  EXPECT_EQ(post.headers["x-holdline-signature"],
            SignatureOf(post.body, kTestKey, kNow));
  EXPECT_EQ(post.headers.size(), 9u);  // with Host and Content-Length
}

TEST(Webhook, TheStatusDecides) {
  for (const int status : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(PostFor(AnswerOf(status)).outcome, DeliveryOutcome::kDelivered)
        << status;
  }
  for (const int status : {408, 429, 500, 502, 503, 599}) {
    EXPECT_EQ(PostFor(AnswerOf(status)).outcome, DeliveryOutcome::kRetry)
        << status;
  }
  for (const int status : {301, 307, 400, 401, 403, 404, 410, 422}) {
    EXPECT_EQ(PostFor(AnswerOf(status)).outcome, DeliveryOutcome::kGiveUp)
        << status;
  }
  EXPECT_EQ(PostFor(AnswerOf(503)).reason, "answered 503");
}

TEST(Webhook, ARedirectionIsNotFollowed) {
  TestReceiver elsewhere({AnswerOf(200)});
  TestReceiver receiver({absl::StrCat(
      "HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:", elsewhere.port(),
      "/\r\nContent-Length: 0\r\n\r\n")});
  const DeliveryResult result = Post(OptionsFor(receiver));
  EXPECT_EQ(result.outcome, DeliveryOutcome::kGiveUp);
  EXPECT_EQ(result.reason, "answered 307");
  EXPECT_EQ(elsewhere.count(), 0);
}

TEST(Webhook, AProxyOfTheEnvironmentIsNotUsed) {
  TestReceiver proxy({AnswerOf(404)});
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    setenv(name, absl::StrCat("http://127.0.0.1:", proxy.port()).c_str(), 1);
  }
  TestReceiver receiver({AnswerOf(200)});
  const DeliveryResult result = Post(OptionsFor(receiver));
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    unsetenv(name);
  }
  EXPECT_EQ(result.outcome, DeliveryOutcome::kDelivered) << result.reason;
  EXPECT_EQ(proxy.count(), 0);
}

TEST(Webhook, AnInterimAnswerIsNotTheAnswer) {
  EXPECT_EQ(PostFor("HTTP/1.1 100 Continue\r\n\r\n" + AnswerOf(404)).reason,
            "answered 404");
}

TEST(Webhook, ABodyDoesNotMatterHoweverLong) {
  EXPECT_EQ(PostFor("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nhi")
                .outcome,
            DeliveryOutcome::kDelivered);
  EXPECT_EQ(
      PostFor("HTTP/1.1 200 OK\r\n\r\n" + std::string(1 << 20, 'x')).outcome,
      DeliveryOutcome::kDelivered);
}

TEST(Webhook, WhatIsNoAnswerIsTriedAgain) {
  for (const std::string& answer :
       {std::string("nonsense\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\n"),
        "HTTP/1.1 200 OK\r\na: " + std::string(1 << 20, 'x') + "\r\n\r\n",
        "HTTP/1.1 200 OK\r\na: " + std::string(16 << 10, 'x') + "\r\n\r\n"}) {
    const DeliveryResult result = PostFor(answer);
    EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
    EXPECT_THAT(result.reason, StartsWith("no answer: "));
  }
}

TEST(Webhook, SilenceEndsWithTheTimeout) {
  TestReceiver receiver({TestReceiver::kSilence});
  NotifyOptions options = OptionsFor(receiver);
  options.timeout = absl::Milliseconds(20);
  const DeliveryResult result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
}

TEST(Webhook, WhereNobodyListensIsTriedAgain) {
  NotifyOptions options;
  options = OptionsFor(TestReceiver({AnswerOf(200)}));
  const DeliveryResult result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
  EXPECT_EQ(result.reason, "cannot connect: Connection refused");
}

TEST(Webhook, AHostIsFoundByItsName) {
  TestReceiver receiver({AnswerOf(200)});
  NotifyOptions options = OptionsFor(receiver);
  options.url = absl::StrCat("http://localhost:", receiver.port(), "/");
  EXPECT_EQ(Post(options).outcome, DeliveryOutcome::kDelivered);
}

TEST(Webhook, AHostThatIsNotFoundIsTriedAgain) {
  NotifyOptions options = OptionsFor(TestReceiver({AnswerOf(200)}));
  options.url = "http://nowhere.invalid/";
  options.timeout = absl::Seconds(1);
  const DeliveryResult result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
  EXPECT_THAT(result.reason, StartsWith("cannot find the host: "));
}

// Options to post to `host` of a receiver that has `certificate`, trusted.
NotifyOptions EncryptedOptions(const TestReceiver& receiver,
                               const TestCertificate& certificate,
                               const std::string& host) {
  NotifyOptions options = OptionsFor(receiver);
  options.url = absl::StrCat("https://", host, ":", receiver.port(), "/");
  options.ca_file = WriteTestFile("trusted.pem", certificate.certificate);
  return options;
}

TEST(Webhook, PostsEncryptedToWhomItTrusts) {
  for (const std::string name : {"IP:127.0.0.1", "DNS:localhost"}) {
    const TestCertificate certificate = MakeTestCertificate(name);
    TestReceiver receiver({AnswerOf(204)}, certificate);
    const DeliveryResult result = Post(EncryptedOptions(
        receiver, certificate, name.substr(name.find(':') + 1)));
    EXPECT_EQ(result.outcome, DeliveryOutcome::kDelivered) << result.reason;
    EXPECT_EQ(receiver.Next().body, Message().body);
  }
}

TEST(Webhook, SaysNothingToWhomItDoesNotTrust) {
  const TestCertificate certificate = MakeTestCertificate("IP:127.0.0.1");
  TestReceiver receiver({AnswerOf(204)}, certificate);
  NotifyOptions options = EncryptedOptions(
      receiver, MakeTestCertificate("IP:127.0.0.1"), "127.0.0.1");
  DeliveryResult result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
  EXPECT_EQ(result.reason,
            "cannot encrypt: certificate verify failed: "
            "self-signed certificate");
  options.ca_file = "";
  result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
  EXPECT_THAT(result.reason, StartsWith("cannot encrypt: "));
  EXPECT_EQ(receiver.count(), 0);
}

TEST(Webhook, SaysNothingToAnotherHostThanIsMeant) {
  for (const std::string name : {"IP:127.0.0.2", "DNS:elsewhere.example"}) {
    const TestCertificate certificate = MakeTestCertificate(name);
    TestReceiver receiver({AnswerOf(204)}, certificate);
    for (const std::string host : {"127.0.0.1", "localhost"}) {
      const DeliveryResult result =
          Post(EncryptedOptions(receiver, certificate, host));
      EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
      EXPECT_EQ(result.reason,
                "cannot encrypt: certificate verify failed: "
                "hostname mismatch");
    }
    EXPECT_EQ(receiver.count(), 0);
  }
}

TEST(Webhook, DoesNotEncryptWithWhoCannot) {
  TestReceiver receiver({AnswerOf(200)});
  NotifyOptions options = OptionsFor(receiver);
  options.url = absl::StrCat("https://127.0.0.1:", receiver.port(), "/");
  const DeliveryResult result = Post(options);
  EXPECT_EQ(result.outcome, DeliveryOutcome::kRetry);
  EXPECT_EQ(receiver.count(), 0);
}

TEST(Webhook, WhatCannotBeUsedIsNamed) {
  NotifyOptions options = OptionsFor(TestReceiver({AnswerOf(200)}));
  options.ca_file = options.key_file;
  EXPECT_THAT(Error(options), AllOf(StartsWith("alarm-webhook-ca-file: "),
                                    HasSubstr("holds no certificate")));
  options.ca_file = "/nowhere/at/all";
  EXPECT_THAT(Error(options), StartsWith("alarm-webhook-ca-file: "));
  options.key_file = "/nowhere/at/all";
  EXPECT_THAT(Error(options), StartsWith("alarm-webhook-key-file: "));
  options.url = "nowhere";
  EXPECT_THAT(Error(options), StartsWith("alarm-webhook-url: "));
}

}  // namespace
}  // namespace holdline
