#include "server/base/steady_notification.h"

#include <algorithm>

#include "server/base/steady_time.h"

namespace holdline {
namespace {

// What the clock can count to.
constexpr absl::Duration kLongest = absl::Hours(365 * 24);

}  // namespace

void SteadyNotification::Notify() {
  const std::lock_guard lock(mutex_);
  given_ = true;
  told_.notify_all();
}

bool SteadyNotification::given() const {
  const std::lock_guard lock(mutex_);
  return given_;
}

bool SteadyNotification::WaitUntil(absl::Time deadline) const {
  const absl::Duration left =
      std::clamp(deadline - SteadyNow(), absl::ZeroDuration(), kLongest);
  std::unique_lock lock(mutex_);
  return told_.wait_for(lock, absl::ToChronoNanoseconds(left),
                        [this] { return given_; });
}

}  // namespace holdline
