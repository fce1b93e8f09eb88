#include "server/rpc/holding.h"

#include <algorithm>

#include "absl/random/random.h"

namespace holdline {

absl::Time Holding::Until(const UnaryCall& call) const {
  return std::min(
      call.arrived().steady + std::min(hold_max_, call.caller().hold_max),
      call.deadline() - margin_);
}

void Holding::StartDraining(absl::Duration spread, absl::Time now) {
  spread = std::max(spread, absl::ZeroDuration());
  const int64_t ends_at = absl::ToUnixNanos(now + spread);
  if (ends_at >= ends_at_) return;
  ends_at_ = ends_at;
  spread_ = absl::ToInt64Nanoseconds(spread);
}

absl::Duration Holding::Delay(absl::Time now) const {
  thread_local absl::InsecureBitGen random;
  const int64_t left = ends_at_ - absl::ToUnixNanos(now);
  const int64_t longest = std::clamp<int64_t>(left, 0, spread_);
  return absl::Nanoseconds(
      absl::Uniform(absl::IntervalClosed, random, int64_t{0}, longest));
}

}  // namespace holdline
