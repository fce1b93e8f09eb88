// Signed requests over real sockets.

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "server/auth/sigv4/signing_date.h"
#include "server/auth/testing/test_signer.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kList[] = "Operator.ListGroups";
constexpr char kHost[] = "holdline.example";

class AuthenticationTest : public ::testing::Test {
 protected:
  AuthenticationTest() {
    Credential credential;
    credential.access_key = "AKID";
    credential.secret = "secret";
    credential.principal = LocalPrincipal();
    store_.Replace(Credentials({credential}, {}));
    auto gateway =
        Gateway::Start({.address = "127.0.0.1:0"},
                       {.broker = server_.server().InProcessChannel(),
                        .credentials = &store_});
    EXPECT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    client_ = std::make_unique<RawClient>(gateway_->address());
  }

  // The headers of a request that is signed for a body.
  std::string SignedHeaders(const std::string& target, const std::string& body,
                            std::map<std::string, std::string> more = {}) {
    std::map<std::string, std::string> headers = std::move(more);
    headers["host"] = kHost;
    headers["x-amz-target"] = target;
    headers["x-amz-date"] = FormatSigningDate(absl::Now());
    std::string text = absl::StrCat("POST ", target_, " HTTP/1.1\r\n");
    for (const auto& [name, value] : headers) {
      absl::StrAppend(&text, name, ": ", value, "\r\n");
    }
    return absl::StrCat(text, "Authorization: ", signer_.Sign(headers, body),
                        "\r\nContent-Length: ", body.size(), "\r\n\r\n");
  }

  RawClient::Answer Ask(const std::string& target, const std::string& body) {
    client_->Send(SignedHeaders(target, body) + body);
    return client_->Read();
  }

  void ExpectError(const RawClient::Answer& answer, int http_status,
                   const std::string& name) {
    EXPECT_EQ(answer.result_int(), http_status) << answer.body();
    EXPECT_EQ(answer["x-amzn-ErrorType"], name);
    EXPECT_NE(answer["Date"], "");
    EXPECT_EQ(TextOf(answer, "__type"), name);
  }

  // What the first line asks for; `/` is what is signed.
  std::string target_ = "/";

  TestServer server_;
  CredentialStore store_{Credentials()};
  TestSigner signer_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<RawClient> client_;
};

TEST_F(AuthenticationTest, WhoSignsIsServed) {
  EXPECT_EQ(Ask(kList, "{}").body(), R"({"groups":[]})");
  client_->Send(SignedHeaders(kPoll, R"({"workerGroup": "wg"})") +
                R"({"workerGroup": "wg"})");
  server_.AwaitParked("wg", 1);
  client_->Close();
  server_.AwaitParked("wg", 0);
}

TEST_F(AuthenticationTest, WhoDoesNotSignIsNot) {
  ExpectError(client_->Ask(kList, "{}"), 403,
              "MissingAuthenticationTokenException");
}

TEST_F(AuthenticationTest, AuthenticationComesBeforeEverythingElse) {
  for (const std::string& request :
       {ActionRequest("DataPipeline.Nothing", "{"), ActionRequest(kPoll, "{"),
        std::string(
            "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"),
        std::string("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                    "0\r\n\r\n")}) {
    RawClient client(gateway_->address());
    client.Send(request);
    ExpectError(client.Read(), 403, "MissingAuthenticationTokenException");
  }
  ExpectError(Ask("DataPipeline.Nothing", "{"), 400,
              "UnknownOperationException");
  ExpectError(Ask(kPoll, "{"), 400, "SerializationException");
  ExpectError(Ask(kPoll, "{}"), 400, "InvalidRequestException");
}

TEST_F(AuthenticationTest, TheBodyOfARefusedRequestIsNotAwaited) {
  client_->Send(
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n"
      "Expect: 100-continue\r\n\r\n");
  ExpectError(client_->Read(), 403, "MissingAuthenticationTokenException");
  EXPECT_TRUE(client_->AwaitClosed());
}

TEST_F(AuthenticationTest, NorThatOfAForgedOneIfItTellsItsHash) {
  signer_.secret = "guessed";
  client_->Send(SignedHeaders(kList, "{}",
                              {{"x-amz-content-sha256", ToHex(Sha256("{}"))}}));
  ExpectError(client_->Read(), 403, "InvalidSignatureException");
  EXPECT_TRUE(client_->AwaitClosed());
}

TEST_F(AuthenticationTest, AnotherBodyThanTheSignedOneIsRefused) {
  client_->Send(SignedHeaders(kList, "{}") + "[]");
  ExpectError(client_->Read(), 403, "InvalidSignatureException");
  EXPECT_EQ(Ask(kList, "{}").result_int(), 200);
}

TEST_F(AuthenticationTest, ChunkedBodiesAreSignedAsTheyAreWithoutChunks) {
  std::string headers = SignedHeaders(kList, "{}");
  const size_t length = headers.find("Content-Length");
  client_->Send(headers.substr(0, length) +
                "Transfer-Encoding: chunked\r\n\r\n"
                "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n");
  EXPECT_EQ(client_->Read().result_int(), 200);
}

TEST_F(AuthenticationTest, ATargetMayNameTheHostAndIsSignedByItsPath) {
  for (const char* target :
       {"http://proxied.example/", "HTTPS://proxied.example:7071",
        "http://proxied.example?", "/?"}) {
    target_ = target;
    EXPECT_EQ(Ask(kList, "{}").result_int(), 200) << target;
  }
  // A query is a part of what is signed, and none was.
  target_ = "/?x=1";
  ExpectError(Ask(kList, "{}"), 403, "InvalidSignatureException");
}

TEST_F(AuthenticationTest, WithCredentialsAnyHostAndOriginWillDo) {
  const auto headers =
      SignedHeaders(kList, "{}", {{"origin", "https://console.example"}});
  client_->Send(headers + "{}");
  EXPECT_EQ(client_->Read().result_int(), 200);
}

TEST_F(AuthenticationTest, TheHealthPageIsForEverybody) {
  client_->Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client_->Read().result_int(), 200);
  client_->Send("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client_->Read().result_int(), 200);
}

TEST_F(AuthenticationTest, ACredentialThatIsTakenAwayIsNoLongerGood) {
  EXPECT_EQ(Ask(kList, "{}").result_int(), 200);
  store_.Replace(Credentials());
  ExpectError(Ask(kList, "{}"), 403, "UnrecognizedClientException");
}

}  // namespace
}  // namespace holdline
