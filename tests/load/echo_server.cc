// What the gateway is measured beside: Boost.Beast alone, which sends back the
// body that it was sent, over connections that are kept.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/signal_set.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/message.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/string_body.hpp"
#include "boost/beast/http/write.hpp"

namespace holdline::load {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

using Error = boost::beast::error_code;

class Echo : public std::enable_shared_from_this<Echo> {
 public:
  explicit Echo(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void Read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](Error error, size_t) {
                       if (!error) self->Write();
                     });
  }

 private:
  void Write() {
    answer_ = {};
    answer_.set(http::field::content_type, request_[http::field::content_type]);
    answer_.body() = std::move(request_.body());
    answer_.prepare_payload();
    http::async_write(socket_, answer_,
                      [self = shared_from_this()](Error error, size_t) {
                        if (!error) self->Read();
                      });
  }

  asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> answer_;
};

void Accept(asio::ip::tcp::acceptor* acceptor) {
  acceptor->async_accept([=](Error error, asio::ip::tcp::socket socket) {
    if (error) return;
    socket.set_option(asio::ip::tcp::no_delay(true));
    std::make_shared<Echo>(std::move(socket))->Read();
    Accept(acceptor);
  });
}

void Serve() {
  asio::io_context context(1);
  asio::ip::tcp::acceptor acceptor(
      context, {asio::ip::make_address("127.0.0.1"), uint16_t{0}});
  Accept(&acceptor);
  asio::signal_set stop(context, SIGTERM);
  stop.async_wait([&](Error, int) { context.stop(); });
  std::printf("ready http=127.0.0.1:%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  context.run();
}

}  // namespace
}  // namespace holdline::load

int main() {
  holdline::load::Serve();
  return 0;
}
