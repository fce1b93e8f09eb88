// The gateway over TLS.

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/asio/ssl/context.hpp"
#include "boost/asio/ssl/stream.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/read.hpp"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/testing/test_certificate.h"
#include "server/auth/tls/tls_contexts.h"
#include "server/base/steady_time.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

namespace asio = boost::asio;

using ::testing::HasSubstr;

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kWorkerGroup[] = R"({"workerGroup": "wg"})";
constexpr char kList[] = "Operator.ListGroups";

// Two files with a certificate and its key.
class CertificateFiles {
 public:
  CertificateFiles() { Renew(); }

  void Renew() {
    const TestCertificate made = MakeTestCertificate("IP:127.0.0.1");
    Write(options_.certificate_file, made.certificate);
    Write(options_.private_key_file, made.key);
  }

  void Write(const std::string& path, const std::string& content) {
    // Replaced, and not written over: so it is another file at once.
    const std::string other = path + ".new";
    std::ofstream(other) << content;
    EXPECT_EQ(chmod(other.c_str(), 0600), 0);
    EXPECT_EQ(rename(other.c_str(), path.c_str()), 0);
  }

  const TlsOptions& options() const { return options_; }

 private:
  const std::string folder_ = std::getenv("TEST_TMPDIR");
  const TlsOptions options_ = {folder_ + "/certificate.pem",
                               folder_ + "/key.pem", ""};
};

// One connection with TLS.
class TlsClient {
 public:
  explicit TlsClient(const std::string& address) {
    const auto where = ParseListenAddress(address);
    stream_.next_layer().connect({asio::ip::make_address(where->host),
                                  static_cast<uint16_t>(where->port)});
    const timeval patience{30, 0};
    setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO,
               &patience, sizeof(patience));
  }

  boost::system::error_code Handshake() {
    boost::system::error_code error;
    stream_.handshake(asio::ssl::stream_base::client, error);
    return error;
  }

  void Send(const std::string& bytes) {
    boost::system::error_code ignored;
    asio::write(stream_, asio::buffer(bytes), ignored);
  }

  RawClient::Answer Read() {
    boost::beast::http::response_parser<boost::beast::http::string_body> parser;
    parser.body_limit(64 << 20);
    boost::system::error_code error;
    boost::beast::http::read(stream_, buffer_, parser, error);
    if (!error) return parser.release();
    RawClient::Answer closed;
    closed.result(0);
    return closed;
  }

  RawClient::Answer Ask(const std::string& target, const std::string& body) {
    Send(ActionRequest(target, body));
    return Read();
  }

  // How the connection ends from the other side.
  boost::system::error_code AwaitEnd() {
    char bytes[4096];
    boost::system::error_code error;
    while (!error) stream_.read_some(asio::buffer(bytes), error);
    return error;
  }

  // Lets go without a word of TLS.
  void Close() { stream_.next_layer().close(); }

  // Says goodbye and waits for the answer.
  void ShutDown() {
    boost::system::error_code ignored;
    stream_.shutdown(ignored);
  }

 private:
  asio::io_context context_;
  asio::ssl::context encryption_{asio::ssl::context::tls_client};
  asio::ssl::stream<asio::ip::tcp::socket> stream_{context_, encryption_};
  boost::beast::flat_buffer buffer_;
};

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : server_({.payload_max = 20 << 20}) { Start({}); }

  void Start(GatewayOptions options) {
    options.address = "127.0.0.1:0";
    options.tls = files_.options();
    gateway_ = nullptr;
    auto gateway = Gateway::Start(
        options, {.broker = server_.server().InProcessChannel()});
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
  }

  std::unique_ptr<TlsClient> Connect() {
    auto client = std::make_unique<TlsClient>(gateway_->address());
    const auto error = client->Handshake();
    EXPECT_FALSE(error) << error.message();
    return client;
  }

  CertificateFiles files_;
  TestServer server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(TlsTest, AConnectionServesOneRequestAfterTheOther) {
  auto client = Connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client->Ask(kList, "{}").body(), R"({"groups":[]})");
  }
}

TEST_F(TlsTest, AHeldPollWakesWhenATaskIsSubmitted) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_THAT(client->Read().body(), HasSubstr("taskId"));
}

TEST_F(TlsTest, AClientThatHangsUpLeavesItsCondition) {
  for (const bool politely : {false, true}) {
    auto client = Connect();
    client->Send(ActionRequest(kPoll, kWorkerGroup));
    server_.AwaitParked("wg", 1);
    politely ? client->ShutDown() : client->Close();
    server_.AwaitParked("wg", 0);
  }
}

TEST_F(TlsTest, RequestsThatArriveDuringACallWaitTheirTurn) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  constexpr int kRequests = 300;
  for (int i = 0; i < kRequests; ++i) client->Send(ActionRequest(kList, "{}"));
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_THAT(client->Read().body(), HasSubstr("taskId"));
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_EQ(client->Read().result_int(), 200);
  }
}

TEST_F(TlsTest, LargeBodiesPassBothWays) {
  auto client = Connect();
  std::string body = R"({"tasks": [{"workerGroup": "wg", "type": "T",
      "fields": [)";
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&body, i == 0 ? "" : ",",
                    R"({"key": "k", "stringValue": ")", std::string(10000, 'x'),
                    R"("})");
  }
  EXPECT_EQ(client->Ask("TaskQueue.SubmitTasks", body + "]}]}").result_int(),
            200);
  EXPECT_GT(client->Ask(kPoll, kWorkerGroup).body().size(), 1000000u);
}

TEST_F(TlsTest, TheEndIsAnnounced) {
  auto client = Connect();
  client->Send(ActionRequest(kList, "{}", "Connection: close\r\n"));
  EXPECT_EQ(client->Read().result_int(), 200);
  EXPECT_EQ(client->AwaitEnd(), asio::error::eof);
}

TEST_F(TlsTest, StoppingAnswersWhatIsDueAndClosesWhatIsIdle) {
  auto idle = Connect();
  EXPECT_EQ(idle->Ask(kList, "{}").result_int(), 200);
  auto shaking = std::make_unique<TlsClient>(gateway_->address());
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  std::thread stop([this] { gateway_->Stop(SteadyNow() + kPatience); });
  idle->AwaitEnd();
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_THAT(runner->Read().body(), HasSubstr("taskId"));
  runner->ShutDown();
  stop.join();
}

TEST_F(TlsTest, WhoDoesNotFinishTheHandshakeIsCutOff) {
  Start({.handshake_timeout = absl::Milliseconds(50)});
  for (const std::string& start :
       {std::string(), std::string("\x16\x03\x01\x02\x00\x01", 6)}) {
    RawClient client(gateway_->address());
    client.Send(start);
    EXPECT_TRUE(client.AwaitClosed());
  }
  EXPECT_EQ(Connect()->Ask(kList, "{}").result_int(), 200);
}

TEST_F(TlsTest, WhoSpeaksNoTlsIsCutOff) {
  for (const std::string& noise :
       {ActionRequest(kList, "{}"), std::string(1000, '\0'),
        std::string("\x16\x03\x01\x00\x05hello", 10)}) {
    RawClient client(gateway_->address());
    client.Send(noise);
    EXPECT_TRUE(client.AwaitClosed());
  }
  EXPECT_EQ(Connect()->Ask(kList, "{}").result_int(), 200);
}

TEST_F(TlsTest, ConnectionsBeyondTheLimitAreClosedIfAllHaveCalls) {
  Start({.connections_max = 1});
  auto first = Connect();
  first->Send(
      ActionRequest("DataPipeline.PollForTask", R"({"workerGroup": "wg"})"));
  server_.AwaitParked("wg", 1);
  EXPECT_TRUE(RawClient(gateway_->address()).AwaitClosed());
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_EQ(first->Read().result_int(), 200);
}

TEST_F(TlsTest, AnUnusableCertificateIsToldAtTheStart) {
  files_.Write(files_.options().private_key_file, "nothing");
  EXPECT_THAT(
      Gateway::Start({.address = "127.0.0.1:0", .tls = files_.options()},
                     {.broker = server_.server().InProcessChannel()})
          .status()
          .message(),
      HasSubstr("key.pem"));
}

TEST_F(TlsTest, ARenewedCertificateIsUsedFromThenOn) {
  auto contexts = TlsContexts::Open(files_.options(), nullptr);
  ASSERT_TRUE(contexts.ok()) << contexts.status();
  const TlsContexts::Context before = (*contexts)->Current();
  EXPECT_EQ((*contexts)->Current(), before);
  files_.Write(files_.options().private_key_file, "nothing");
  EXPECT_EQ((*contexts)->Current(), before);
  files_.Renew();
  EXPECT_NE((*contexts)->Current(), before);
  EXPECT_EQ((*contexts)->Current(), (*contexts)->Current());
}

}  // namespace
}  // namespace holdline
