#include "server/log/throttle.h"

#include <utility>

namespace holdline {

Throttle::Verdict Throttle::Admit(absl::string_view kind, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const bool known = windows_.contains(kind);
  const bool full = windows_.size() >= kKindsMax;
  Window& window = windows_[known || !full ? kind : absl::string_view()];
  if (now >= window.end) {
    window.end = now + absl::Seconds(1);
    window.passed = 0;
  }
  if (window.passed == per_second_) {
    ++window.left_out;
    return {};
  }
  ++window.passed;
  return {.pass = true,
          .left_out = std::exchange(window.left_out, 0),
          .last = window.passed == per_second_};
}

}  // namespace holdline
