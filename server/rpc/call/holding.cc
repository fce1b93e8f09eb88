#include "server/rpc/call/holding.h"

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
  ends_at_ = std::min(ends_at_.load(), absl::ToUnixNanos(now + spread));
}

absl::Duration Holding::Delay(absl::Time now) const {
  thread_local absl::InsecureBitGen random;
  const int64_t ends_at = ends_at_;
  if (ends_at == INT64_MAX) return absl::ZeroDuration();
  const int64_t longest =
      std::max<int64_t>(ends_at - absl::ToUnixNanos(now), 0);
  return absl::Nanoseconds(
      absl::Uniform(absl::IntervalClosed, random, int64_t{0}, longest));
}

}  // namespace holdline
