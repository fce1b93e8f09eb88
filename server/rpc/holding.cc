#include "server/rpc/holding.h"

#include <algorithm>

#include "absl/random/random.h"

namespace holdline {

absl::Time Holding::Until(const UnaryCall& call) const {
  return std::min(
      call.arrived_at() + std::min(hold_max_, call.caller().hold_max),
      call.deadline() - margin_);
}

void Holding::StartDraining(absl::Duration spread) {
  spread_nanoseconds_ = std::max<int64_t>(absl::ToInt64Nanoseconds(spread), 0);
}

absl::Duration Holding::Delay() const {
  thread_local absl::InsecureBitGen random;
  const int64_t spread = spread_nanoseconds_;
  return absl::Nanoseconds(
      absl::Uniform(absl::IntervalClosed, random, int64_t{0}, spread));
}

}  // namespace holdline
