#include "server/notify/notifier.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/notify/delivery_queue.h"
#include "server/notify/http_posts.h"
#include "server/notify/sns_message.h"
#include "server/notify/webhook.h"

namespace holdline {
namespace {

// How long to sleep at most, so that a wall clock that was set is noticed.
constexpr absl::Duration kSleepMax = absl::Minutes(1);

}  // namespace

class Notifier::Loop {
 public:
  Loop(NotifyOptions options, NotifyObserver observer,
       AttemptEnded attempt_ended)
      : options_(std::move(options)),
        observer_(std::move(observer)),
        attempt_ended_(std::move(attempt_ended)),
        queue_(options_) {}

  ~Loop() { Stop(); }

  absl::Status Start() {
    if (!options_.url.empty()) {
      absl::StatusOr<std::unique_ptr<Webhook>> webhook =
          Webhook::Create(options_);
      if (!webhook.ok()) return webhook.status();
      webhook_ = *std::move(webhook);
    }
    thread_ = std::thread([this] { Run(); });
    return absl::OkStatus();
  }

  void Deliver(Notification notification) {
    {
      const absl::MutexLock lock(&mutex_);
      if (stopped_) return;
      arrived_.push_back(std::move(notification));
    }
    posts_.Wake();
  }

  void Stop() {
    {
      const absl::MutexLock lock(&mutex_);
      stopped_ = true;
    }
    posts_.Wake();
    const absl::MutexLock lock(&stopping_);
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    while (TakeArrived()) {
      BeginDeliveries();
      posts_.Run(std::min(queue_.NextDelivery() - absl::Now(), kSleepMax));
    }
  }

  // Returns whether to go on.
  bool TakeArrived() {
    std::vector<Notification> arrived;
    {
      const absl::MutexLock lock(&mutex_);
      if (stopped_) return false;
      arrived.swap(arrived_);
    }
    for (Notification& notification : arrived) {
      const std::optional<DeliveryEnded> ended =
          queue_.Add(std::move(notification));
      if (ended.has_value()) attempt_ended_(*ended);
    }
    return true;
  }

  // Begins the delivery attempts that are due.
  void BeginDeliveries() {
    const absl::Time now = absl::Now();
    while (const Notification* due = queue_.BeginDelivery(now)) {
      if (webhook_ == nullptr) {
        EndDelivery(*due, {.outcome = DeliveryOutcome::kDelivered,
                           .reason = "there is no webhook"});
        continue;
      }
      webhook_->Post(MakeSnsMessage(*due), now, &posts_,
                     [this, due](const DeliveryResult& result) {
                       EndDelivery(*due, result);
                     });
    }
  }

  void EndDelivery(const Notification& attempted,
                   const DeliveryResult& result) {
    const Notification notification = attempted;
    const DeliveryEnded ended =
        queue_.EndDelivery(notification.number, result.outcome, absl::Now());
    attempt_ended_(ended);
    if (observer_.on_event) {
      observer_.on_event({notification, ended, result.reason});
    }
  }

  const NotifyOptions options_;
  const NotifyObserver observer_;
  const AttemptEnded attempt_ended_;
  std::unique_ptr<Webhook> webhook_;

  // On the thread only, but for HttpPosts::Wake.
  DeliveryQueue queue_;
  HttpPosts posts_;

  absl::Mutex mutex_;
  std::vector<Notification> arrived_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;

  // Held by the one who joins the thread.
  absl::Mutex stopping_;
  std::thread thread_;
};

absl::StatusOr<std::unique_ptr<Notifier>> Notifier::Start(
    NotifyOptions options, NotifyObserver observer,
    AttemptEnded attempt_ended) {
  auto loop = std::make_unique<Loop>(std::move(options), std::move(observer),
                                     std::move(attempt_ended));
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
