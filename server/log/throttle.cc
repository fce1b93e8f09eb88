#include "server/log/throttle.h"

#include <utility>

namespace holdline {
namespace {

constexpr absl::Duration kWindow = absl::Seconds(1);

// A clock that was set back ends it as well.
bool IsOver(absl::Time end, absl::Time now) {
  return now >= end || now < end - kWindow;
}

}  // namespace

Throttle::Verdict Throttle::Admit(absl::string_view kind, absl::Time now,
                                  const LogEvent& event) {
  absl::MutexLock lock(&mutex_);
  const bool known = windows_.contains(kind);
  const bool full = windows_.size() >= kKindsMax;
  Window& window = windows_[known || !full ? kind : absl::string_view()];
  if (IsOver(window.end, now)) {
    window.end = now + kWindow;
    window.passed = 0;
  }
  if (window.passed == per_second_) {
    ++window.left_out;
    window.latest = event;
    return Verdict::kLeaveOut;
  }
  ++window.passed;
  return window.passed == per_second_ ? Verdict::kWriteAsLast : Verdict::kWrite;
}

std::vector<LogEvent> Throttle::Collect(absl::Time now) {
  std::vector<LogEvent> collected;
  absl::MutexLock lock(&mutex_);
  for (auto it = windows_.begin(); it != windows_.end();) {
    Window& window = it->second;
    const auto current = it++;
    if (!IsOver(window.end, now)) continue;
    if (window.left_out > 1) {
      window.latest.fields.push_back({"suppressed", window.left_out - 1});
    }
    if (window.left_out > 0) collected.push_back(std::move(window.latest));
    windows_.erase(current);
  }
  return collected;
}

}  // namespace holdline
