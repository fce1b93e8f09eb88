#include "client/cancellation.h"

#include <utility>

namespace holdline::client {

void Cancellation::Cancel() {
  absl::MutexLock lock(&mutex_);
  if (cancelled_) return;
  cancelled_ = true;
  for (const std::function<void()>& listener : listeners_) listener();
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

bool Cancellation::WaitFor(absl::Duration duration) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&cancelled_), duration);
}

Cancellation::Listener::Listener(const Cancellation* cancellation,
                                 std::function<void()> on_cancel)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  absl::MutexLock lock(&cancellation_->mutex_);
  if (cancellation_->cancelled_) on_cancel();
  place_ = cancellation_->listeners_.insert(cancellation_->listeners_.end(),
                                            std::move(on_cancel));
}

Cancellation::Listener::~Listener() {
  if (cancellation_ == nullptr) return;
  absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->listeners_.erase(place_);
}

}  // namespace holdline::client
