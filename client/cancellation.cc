#include "client/cancellation.h"

#include <algorithm>
#include <utility>

namespace holdline::client {
namespace {

// What the clock can count to.
constexpr absl::Duration kLongest = absl::Hours(365 * 24);

}  // namespace

void Cancellation::Cancel() {
  const std::lock_guard lock(mutex_);
  if (cancelled_) return;
  cancelled_ = true;
  told_.notify_all();
  for (const std::function<void()>& listener : listeners_) listener();
}

bool Cancellation::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

bool Cancellation::WaitFor(absl::Duration duration) const {
  std::unique_lock lock(mutex_);
  return told_.wait_for(lock,
                        absl::ToChronoNanoseconds(std::min(duration, kLongest)),
                        [this] { return cancelled_; });
}

Cancellation::Listener::Listener(const Cancellation* cancellation,
                                 std::function<void()> on_cancel)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  const std::lock_guard lock(cancellation_->mutex_);
  if (cancellation_->cancelled_) on_cancel();
  place_ = cancellation_->listeners_.insert(cancellation_->listeners_.end(),
                                            std::move(on_cancel));
}

Cancellation::Listener::~Listener() {
  if (cancellation_ == nullptr) return;
  const std::lock_guard lock(cancellation_->mutex_);
  cancellation_->listeners_.erase(place_);
}

}  // namespace holdline::client
