#include "server/notify/name_lookup.h"

#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "boost/asio/as_tuple.hpp"
#include "boost/asio/error.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "boost/asio/this_coro.hpp"
#include "boost/asio/use_awaitable.hpp"

namespace holdline {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// What the thread of a look-up and its waiter share.
class Lookup : public std::enable_shared_from_this<Lookup> {
 public:
  // `bell` is cancelled, on its own context, when the result is there.
  explicit Lookup(asio::steady_timer* bell) : bell_(bell) {}

  // The bell is about to go. On its context's thread.
  void Abandon() {
    const absl::MutexLock lock(&mutex_);
    bell_ = nullptr;
  }

  void Finish(FoundHost found) {
    const absl::MutexLock lock(&mutex_);
    found_ = std::move(found);
    // As long as the bell is there, so is its context.
    if (bell_ == nullptr) return;
    asio::post(bell_->get_executor(), [self = shared_from_this()] {
      const absl::MutexLock lock(&self->mutex_);
      if (self->bell_ != nullptr) self->bell_->cancel();
    });
  }

  std::optional<FoundHost> Take() {
    const absl::MutexLock lock(&mutex_);
    return std::move(found_);
  }

 private:
  absl::Mutex mutex_;
  asio::steady_timer* bell_ ABSL_GUARDED_BY(mutex_);
  std::optional<FoundHost> found_ ABSL_GUARDED_BY(mutex_);
};

// Abandons the look-up when its waiter ends, in whatever way.
class Waiter {
 public:
  explicit Waiter(Lookup* lookup) : lookup_(lookup) {}
  ~Waiter() { lookup_->Abandon(); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

 private:
  Lookup* const lookup_;
};

FoundHost AskSystem(const std::string& host, const std::string& port) {
  FoundHost found;
  asio::io_context context;
  tcp::resolver resolver(context);
  const auto results = resolver.resolve(host, port, found.error);
  for (const auto& result : results) found.endpoints.push_back(result);
  return found;
}

// Returns whether there is a thread for it.
bool Begin(std::shared_ptr<Lookup> lookup, std::string host, std::string port) {
  try {
    std::thread([lookup = std::move(lookup), host = std::move(host),
                 port = std::move(port)] {
      lookup->Finish(AskSystem(host, port));
    }).detach();
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

FoundHost NotFound(error_code error) {
  return {.error = error, .endpoints = {}};
}

}  // namespace

asio::awaitable<FoundHost> FindHost(
    std::string host, std::string port,
    std::chrono::steady_clock::time_point deadline) {
  error_code not_an_address;
  const auto address = asio::ip::make_address(host, not_an_address);
  if (!not_an_address) {
    FoundHost found;
    found.endpoints.emplace_back(
        address, static_cast<asio::ip::port_type>(std::stoi(port)));
    co_return found;
  }
  asio::steady_timer bell(co_await asio::this_coro::executor, deadline);
  const auto lookup = std::make_shared<Lookup>(&bell);
  const Waiter waiter(lookup.get());
  if (!Begin(lookup, std::move(host), std::move(port))) {
    co_return NotFound(asio::error::no_buffer_space);
  }
  co_await bell.async_wait(asio::as_tuple(asio::use_awaitable));
  std::optional<FoundHost> found = lookup->Take();
  co_return found.has_value() ? *std::move(found)
                              : NotFound(asio::error::timed_out);
}

}  // namespace holdline
