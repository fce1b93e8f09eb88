#include "server/rpc/testing/cut_wire.h"

#include <future>
#include <utility>

#include "boost/asio/as_tuple.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/detached.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/use_awaitable.hpp"
#include "boost/asio/write.hpp"

namespace holdline {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr bool kNever = false;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

tcp::endpoint Loopback(int port) {
  return {asio::ip::address_v4::loopback(), static_cast<uint16_t>(port)};
}

}  // namespace

CutWire::CutWire(const std::string& target)
    : listener_(thread_, Loopback(0)), client_(thread_), server_(thread_) {
  const int port = std::stoi(target.substr(target.rfind(':') + 1));
  asio::co_spawn(thread_, Connect(Loopback(port)), asio::detached);
}

CutWire::~CutWire() {
  Do([this] { listener_.close(); });
  Cut();
  thread_.join();
}

std::string CutWire::address() const {
  return "127.0.0.1:" + std::to_string(listener_.local_endpoint().port());
}

void CutWire::StopAnswers() {
  Do([this] { answers_stopped_ = true; });
}

void CutWire::Cut() {
  Do([this] {
    for (tcp::socket* const socket : {&server_, &client_}) {
      boost::system::error_code ignored;
      // Resets it, as a connection that ends with unread bytes.
      socket->set_option(asio::socket_base::linger(true, 0), ignored);
      socket->close(ignored);
    }
  });
}

void CutWire::Do(std::function<void()> what) {
  std::promise<void> done;
  asio::post(thread_, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

asio::awaitable<void> CutWire::Connect(tcp::endpoint target) {
  const auto [refused] = co_await listener_.async_accept(client_, kAwait);
  if (refused) co_return;
  const auto [failed] = co_await server_.async_connect(target, kAwait);
  if (failed) co_return;
  asio::co_spawn(thread_, Pass(&server_, &client_, &answers_stopped_),
                 asio::detached);
  co_await Pass(&client_, &server_, &kNever);
}

asio::awaitable<void> CutWire::Pass(tcp::socket* from, tcp::socket* to,
                                    const bool* stopped) {
  char bytes[4096];
  for (;;) {
    // Takes nothing before it is known that it may.
    const auto [gone] =
        co_await from->async_wait(tcp::socket::wait_read, kAwait);
    if (gone || *stopped) co_return;
    boost::system::error_code error;
    const size_t size = from->read_some(asio::buffer(bytes), error);
    if (error) co_return;
    const auto [lost, sent] =
        co_await asio::async_write(*to, asio::buffer(bytes, size), kAwait);
    if (lost) co_return;
  }
}

}  // namespace holdline
