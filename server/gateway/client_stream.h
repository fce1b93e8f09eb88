// The byte stream of one HTTP client, with or without TLS.

#ifndef HOLDLINE_SERVER_GATEWAY_CLIENT_STREAM_H_
#define HOLDLINE_SERVER_GATEWAY_CLIENT_STREAM_H_

#include <memory>
#include <optional>
#include <utility>

#include "boost/asio/io_context.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/ssl/context.hpp"
#include "boost/asio/ssl/stream.hpp"
#include "boost/system/error_code.hpp"

namespace holdline {

// An asynchronous stream of Asio. At most one read and one write may be
// pending; none when it is destroyed.
class ClientStream {
 public:
  // Bound to the concrete executor: a type-erased one costs an indirection at
  // every step.
  using Socket = boost::asio::ip::tcp::socket::rebind_executor<
      boost::asio::io_context::executor_type>::other;
  using executor_type = Socket::executor_type;

  // A null context is a stream without TLS.
  ClientStream(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls)
      : tls_(std::move(tls)), socket_(std::move(socket)) {
    if (tls_ != nullptr) encrypted_.emplace(socket_, *tls_);
  }

  ClientStream(const ClientStream&) = delete;
  ClientStream& operator=(const ClientStream&) = delete;

  bool encrypted() const { return encrypted_.has_value(); }
  const Socket& socket() const { return socket_; }

  // Names are Asio's from here on.
  executor_type get_executor() { return socket_.get_executor(); }

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    encrypted()
        ? encrypted_->async_read_some(buffers, std::forward<Handler>(handler))
        : socket_.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    encrypted()
        ? encrypted_->async_write_some(buffers, std::forward<Handler>(handler))
        : socket_.async_write_some(buffers, std::forward<Handler>(handler));
  }

  // Does the TLS handshake. REQUIRES: encrypted().
  template <typename Handler>
  void async_handshake(Handler&& handler) {
    encrypted_->async_handshake(boost::asio::ssl::stream_base::server,
                                std::forward<Handler>(handler));
  }

  // Shuts down sending. `handler`, which takes an error code, is called when
  // that is done or has failed.
  template <typename Handler>
  void EndSending(Handler&& handler) {
    if (encrypted()) {
      encrypted_->async_shutdown(std::forward<Handler>(handler));
      return;
    }
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  // Cancels pending operations, with an error.
  void Cancel() {
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

  // Closes at once, without a TLS shutdown.
  void Close() {
    boost::system::error_code ignored;
    socket_.shutdown(Socket::shutdown_both, ignored);
    socket_.close(ignored);
  }

 private:
  const std::shared_ptr<boost::asio::ssl::context> tls_;
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> encrypted_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_CLIENT_STREAM_H_
