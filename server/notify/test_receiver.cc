#include "server/notify/test_receiver.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/detached.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/ssl/context.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http.hpp"
#include "boost/beast/ssl/ssl_stream.hpp"
#include "gtest/gtest.h"

namespace holdline {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

}  // namespace

class TestReceiver::Loop {
 public:
  Loop(std::vector<std::string> answers,
       const std::optional<TestCertificate>& certificate)
      : answers_(std::move(answers)), encrypted_(certificate.has_value()) {
    if (encrypted_) {
      encryption_.use_certificate_chain(asio::buffer(certificate->certificate));
      encryption_.use_private_key(asio::buffer(certificate->key),
                                  asio::ssl::context::pem);
    }
    asio::co_spawn(context_, Accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }

  ~Loop() {
    context_.stop();
    thread_.join();
  }

  int port() const { return port_; }

  ReceivedPost Next() {
    const absl::MutexLock lock(&mutex_);
    const auto has_come = [this] {
      mutex_.AssertReaderHeld();
      return taken_ < posts_.size();
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&has_come), kPatience)) {
      ADD_FAILURE() << "nothing was posted";
      return {};
    }
    return posts_[taken_++];
  }

  int count() const {
    const absl::MutexLock lock(&mutex_);
    return static_cast<int>(posts_.size());
  }

 private:
  using Request = http::request<http::string_body>;

  asio::awaitable<void> Accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(kAwait);
      if (error) co_return;
      asio::co_spawn(context_, Serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> Serve(tcp::socket socket) {
    if (!encrypted_) {
      co_await Answer(socket);
      co_return;
    }
    beast::ssl_stream<tcp::socket> stream(std::move(socket), encryption_);
    const auto [error] =
        co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
    if (!error) co_await Answer(stream);
  }

  template <typename Stream>
  asio::awaitable<void> Answer(Stream& stream) {
    beast::flat_buffer buffer;
    Request request;
    const auto [error, bytes] =
        co_await http::async_read(stream, buffer, request, kAwait);
    if (error) co_return;
    const std::string answer = Receive(request);
    if (answer == kSilence) {
      asio::steady_timer never(context_, std::chrono::hours(1));
      co_await never.async_wait(kAwait);
    }
    co_await asio::async_write(stream, asio::buffer(answer), kAwait);
  }

  // Keeps the post and returns the answer to it.
  std::string Receive(const Request& request) {
    ReceivedPost post = {.method = std::string(request.method_string()),
                         .target = std::string(request.target()),
                         .headers = {},
                         .body = request.body()};
    for (const auto& field : request) {
      post.headers[absl::AsciiStrToLower(std::string(field.name_string()))] =
          std::string(field.value());
    }
    const absl::MutexLock lock(&mutex_);
    posts_.push_back(std::move(post));
    return answers_[std::min(posts_.size(), answers_.size()) - 1];
  }

  const std::vector<std::string> answers_;
  const bool encrypted_;

  mutable absl::Mutex mutex_;
  std::vector<ReceivedPost> posts_ ABSL_GUARDED_BY(mutex_);
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;

  asio::ssl::context encryption_{asio::ssl::context::tls_server};
  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_,
                          tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  const int port_ = acceptor_.local_endpoint().port();
  std::thread thread_;
};

TestReceiver::TestReceiver(std::vector<std::string> answers,
                           const std::optional<TestCertificate>& certificate)
    : loop_(std::make_unique<Loop>(std::move(answers), certificate)) {}

TestReceiver::~TestReceiver() = default;

int TestReceiver::port() const { return loop_->port(); }

ReceivedPost TestReceiver::Next() { return loop_->Next(); }

int TestReceiver::count() const { return loop_->count(); }

std::string AnswerOf(int status) {
  return absl::StrCat("HTTP/1.1 ", status, " X\r\nContent-Length: 0\r\n\r\n");
}

std::string WriteTestFile(const std::string& name, const std::string& content) {
  const std::string path = absl::StrCat(std::getenv("TEST_TMPDIR"), "/", name);
  std::ofstream(path) << content;
  EXPECT_EQ(chmod(path.c_str(), 0600), 0);
  return path;
}

NotifyOptions OptionsFor(const TestReceiver& receiver) {
  return {.url = absl::StrCat("http://127.0.0.1:", receiver.port(), "/hook"),
          .key_file = WriteTestFile("key", kTestKey),
          .ca_file = "",
          .timeout = absl::Hours(1),
          .retry_min = absl::Microseconds(1)};
}

}  // namespace holdline
