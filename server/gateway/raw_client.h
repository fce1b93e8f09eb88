// An HTTP client for tests that sends arbitrary bytes.

#ifndef HOLDLINE_SERVER_GATEWAY_RAW_CLIENT_H_
#define HOLDLINE_SERVER_GATEWAY_RAW_CLIENT_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/write.hpp"
#include "boost/beast/core/flat_buffer.hpp"
#include "boost/beast/http/parser.hpp"
#include "boost/beast/http/read.hpp"
#include "boost/beast/http/string_body.hpp"
#include "boost/json.hpp"
#include "gtest/gtest.h"
#include "server/base/listen_address.h"

namespace holdline {

// The request of an action, as an SDK sends it.
inline std::string ActionRequest(const std::string& target,
                                 const std::string& body,
                                 const std::string& more_headers = "") {
  return absl::StrCat(
      "POST / HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: ",
      target, "\r\n", more_headers, "Content-Length: ", body.size(), "\r\n\r\n",
      body);
}

// One connection. Reads wait at most 30 seconds.
class RawClient {
 public:
  using Answer = boost::beast::http::response<boost::beast::http::string_body>;

  explicit RawClient(const std::string& address) : socket_(context_) {
    const auto where = ParseListenAddress(address);
    socket_.connect({boost::asio::ip::make_address(where->host),
                     static_cast<uint16_t>(where->port)});
    const timeval patience{30, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof(patience));
  }

  // Sends bytes; a connection that the server has closed takes none.
  void Send(absl::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()),
                       ignored);
  }

  // Reads one answer. An answer of status 0 stands for a closed connection.
  Answer Read(bool without_body = false) {
    boost::beast::http::response_parser<boost::beast::http::string_body> parser;
    parser.skip(without_body);
    parser.body_limit(64 << 20);
    boost::system::error_code error;
    boost::beast::http::read(socket_, buffer_, parser, error);
    if (!error) return parser.release();
    Answer closed;
    closed.result(0);
    return closed;
  }

  // Sends an action and reads its answer.
  Answer Ask(const std::string& target, const std::string& body) {
    Send(ActionRequest(target, body));
    return Read();
  }

  // Whether the server has closed the connection, after what it sent.
  bool AwaitClosed() {
    char bytes[4096];
    boost::system::error_code error;
    while (!error) {
      socket_.read_some(boost::asio::buffer(bytes, sizeof(bytes)), error);
    }
    return error != boost::asio::error::would_block;
  }

  void ShutDownSending() {
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send);
  }
  void Close() { socket_.close(); }

  // Closes so that the server finds the connection reset.
  void Reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

// A string member of the answer's body.
inline std::string TextOf(const RawClient::Answer& answer, const char* member) {
  const boost::json::value body = boost::json::parse(answer.body());
  const boost::json::value* value = body.as_object().if_contains(member);
  return value == nullptr ? "" : std::string(value->as_string());
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_RAW_CLIENT_H_
