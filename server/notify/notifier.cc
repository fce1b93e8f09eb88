#include "server/notify/notifier.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/co_spawn.hpp"
#include "boost/asio/detached.hpp"
#include "boost/asio/executor_work_guard.hpp"
#include "boost/asio/io_context.hpp"
#include "boost/asio/post.hpp"
#include "boost/asio/steady_timer.hpp"
#include "server/notify/delivery_queue.h"
#include "server/notify/sns_message.h"
#include "server/notify/webhook.h"

namespace holdline {
namespace {

namespace asio = boost::asio;

// How long to sleep at most, so that a wall clock that was set is noticed.
constexpr absl::Duration kSleepMax = absl::Minutes(1);

}  // namespace

class Notifier::Loop {
 public:
  Loop(NotifyOptions options, NotifyObserver observer, Tried tried)
      : options_(std::move(options)),
        observer_(std::move(observer)),
        tried_(std::move(tried)),
        queue_(options_) {}

  ~Loop() { Stop(); }

  absl::Status Start() {
    if (!options_.url.empty()) {
      absl::StatusOr<std::unique_ptr<Webhook>> webhook =
          Webhook::Create(options_);
      if (!webhook.ok()) return webhook.status();
      webhook_ = *std::move(webhook);
    }
    thread_ = std::thread([this] { context_.run(); });
    return absl::OkStatus();
  }

  void Deliver(Notification notification) {
    if (context_.stopped()) return;
    asio::post(context_, [this, notification = std::move(notification)] {
      Take(notification);
    });
  }

  void Stop() {
    context_.stop();
    const absl::MutexLock lock(&stopping_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Take(const Notification& notification) {
    const std::optional<NotificationTried> fate = queue_.Add(notification);
    if (fate.has_value()) tried_(*fate);
    BeginTries();
  }

  // Begins the tries that are due and sees to it that it is called again when
  // the next one is.
  void BeginTries() {
    const absl::Time now = absl::Now();
    while (const Notification* due = queue_.BeginTry(now)) {
      asio::co_spawn(context_, Try(*due), asio::detached);
    }
    const absl::Time next = queue_.NextTry();
    if (next == absl::InfiniteFuture()) return;
    timer_.expires_after(
        absl::ToChronoNanoseconds(std::min(next - now, kSleepMax)));
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) BeginTries();
    });
  }

  asio::awaitable<void> Try(const Notification& due) {
    const Notification notification = due;
    TryResult result = {.outcome = TryOutcome::kDelivered,
                        .reason = "there is no webhook"};
    if (webhook_ != nullptr) {
      const SnsMessage message = MakeSnsMessage(notification);
      result = co_await webhook_->Post(message, absl::Now());
    }
    const NotificationTried fate =
        queue_.EndTry(notification.number, result.outcome, absl::Now());
    tried_(fate);
    if (observer_.on_event) {
      observer_.on_event({notification, fate, std::move(result.reason)});
    }
    BeginTries();
  }

  const NotifyOptions options_;
  const NotifyObserver observer_;
  const Tried tried_;
  std::unique_ptr<Webhook> webhook_;

  // On the thread only.
  DeliveryQueue queue_;

  // Goes before what the tries that it holds make use of.
  asio::io_context context_{1};
  const asio::executor_work_guard<asio::io_context::executor_type> guard_ =
      asio::make_work_guard(context_);
  asio::steady_timer timer_{context_};

  // Held by the one who joins the thread.
  absl::Mutex stopping_;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Notifier>> Notifier::Start(
    NotifyOptions options, NotifyObserver observer, Tried tried) {
  auto loop = std::make_unique<Loop>(std::move(options), std::move(observer),
                                     std::move(tried));
  const absl::Status status = loop->Start();
  if (!status.ok()) return status;
  return std::unique_ptr<Notifier>(new Notifier(std::move(loop)));
}

Notifier::Notifier(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

Notifier::~Notifier() = default;

void Notifier::Deliver(Notification notification) {
  loop_->Deliver(std::move(notification));
}

void Notifier::Stop() { loop_->Stop(); }

}  // namespace holdline
