// A TCP proxy that a test can cut, as when a client's host, process or network
// fails.

#ifndef HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_
#define HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_

#include <functional>
#include <string>

#include "boost/asio/awaitable.hpp"
#include "boost/asio/ip/tcp.hpp"
#include "boost/asio/thread_pool.hpp"

namespace holdline {

// Forwards the bytes of one TCP connection, both ways, until StopAnswers or
// Cut.
class CutWire {
 public:
  // Forwards to `target`, which is `127.0.0.1:PORT`.
  explicit CutWire(const std::string& target);

  // Cuts.
  ~CutWire();

  // Where to connect to instead of the target.
  std::string address() const;

  // Stops reading from the target, before it returns.
  void StopAnswers();

  // Closes the connection to the target, as the system does when the process
  // that holds it is killed.
  void Cut();

 private:
  using Tcp = boost::asio::ip::tcp;

  boost::asio::awaitable<void> Connect(Tcp::endpoint target);
  static boost::asio::awaitable<void> Pass(Tcp::socket* from, Tcp::socket* to,
                                           const bool* stopped);

  // Runs `what` on the thread, and waits for it.
  void Do(std::function<void()> what);

  boost::asio::thread_pool thread_{1};
  Tcp::acceptor listener_;
  Tcp::socket client_;
  Tcp::socket server_;
  bool answers_stopped_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_
