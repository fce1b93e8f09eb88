#include "tests/load/signed_polls.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "boost/asio/connect.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/message.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/string_body.hpp"
#include "server/auth/testing/test_signer.h"

namespace holdline::load {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Error = boost::beast::error_code;

// The request of a poll. Its number makes its signature its own.
std::string RequestOf(const std::string& host, int64_t number) {
  const std::string body = absl::StrCat(
      R"({"workerGroup": "signed polls", "hostname": "caller-)", number, "\"}");
  const std::map<std::string, std::string> headers = {
      {"content-type", "application/x-amz-json-1.1"},
      {"host", host},
      {"x-amz-date",
       absl::FormatTime("%Y%m%dT%H%M%SZ", absl::Now(), absl::UTCTimeZone())},
      {"x-amz-target", "DataPipeline.PollForTask"}};
  TestSigner signer;
  signer.access_key = kLoadAccessKey;
  signer.secret = kLoadSecret;
  std::string request = "POST / HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) {
    absl::StrAppend(&request, name, ": ", value, "\r\n");
  }
  absl::StrAppend(&request, "authorization: ", signer.Sign(headers, body),
                  "\r\ncontent-length: ", body.size(), "\r\n\r\n", body);
  return request;
}

}  // namespace

class SignedPolls::Caller {
 public:
  Caller(SignedPolls* polls, const std::string& host,
         const asio::ip::tcp::endpoint& endpoint)
      : polls_(polls), host_(host), socket_(polls->context_) {
    socket_.connect(endpoint);
    socket_.set_option(asio::ip::tcp::no_delay(true));
  }

  void Send() {
    request_ = RequestOf(host_, ++polls_->sent_);
    asio::async_write(socket_, asio::buffer(request_),
                      [this](Error error, size_t) {
                        if (error) return Fail(error.message());
                        Read();
                      });
  }

 private:
  void Read() {
    answer_ = {};
    http::async_read(socket_, buffer_, answer_, [this](Error error, size_t) {
      if (error) return Fail(error.message());
      if (answer_.result() != http::status::ok) return Fail(answer_.body());
      ++polls_->answered_;
      Send();
    });
  }

  void Fail(const std::string& why) {
    polls_->error_.Update(absl::UnavailableError(why));
    polls_->context_.stop();
  }

  SignedPolls* const polls_;
  const std::string host_;
  asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  std::string request_;
  http::response<http::string_body> answer_;
};

SignedPolls::SignedPolls(const std::string& address, int callers) {
  const size_t colon = address.rfind(':');
  const asio::ip::tcp::endpoint endpoint(
      asio::ip::make_address(address.substr(0, colon)),
      static_cast<uint16_t>(std::stoi(address.substr(colon + 1))));
  for (int i = 0; i < callers; ++i) {
    callers_.push_back(std::make_unique<Caller>(this, address, endpoint));
    callers_.back()->Send();
  }
}

SignedPolls::~SignedPolls() = default;

absl::Status SignedPolls::Run(absl::Duration duration) {
  context_.run_for(absl::ToChronoNanoseconds(duration));
  return error_;
}

}  // namespace holdline::load
