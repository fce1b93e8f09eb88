#include "client/cancellation.h"

#include <utility>

#include "server/base/steady_time.h"

namespace holdline::client {

void Cancellation::Cancel() {
  const absl::MutexLock lock(&mutex_);
  if (cancelled_.given()) return;
  cancelled_.Notify();
  for (const std::function<void()>& listener : listeners_) listener();
}

bool Cancellation::WaitFor(absl::Duration duration) const {
  return cancelled_.WaitUntil(SteadyNow() + duration);
}

Cancellation::Listener::Listener(const Cancellation* cancellation,
                                 std::function<void()> on_cancel)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  const absl::MutexLock lock(&cancellation_->mutex_);
  if (cancellation_->cancelled()) on_cancel();
  place_ = cancellation_->listeners_.insert(cancellation_->listeners_.end(),
                                            std::move(on_cancel));
}

Cancellation::Listener::~Listener() {
  if (cancellation_ == nullptr) return;
  const absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->listeners_.erase(place_);
}

}  // namespace holdline::client
