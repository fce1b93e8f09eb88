#include "server/engine/clock.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace holdline {

absl::Time Clock::Now() {
  // In this order: were the thread held up between the two, the other way
  // round, this clock would be ahead by that for good.
  const absl::Time wall = absl::Now();
  const auto steady = std::chrono::steady_clock::now();
  const absl::Time at_least = last_ + absl::FromChrono(steady - last_steady_);
  last_steady_ = steady;
  // Whole microseconds are what a store keeps.
  const absl::Time now = std::max(wall, at_least);
  last_ = absl::FromUnixMicros(absl::ToUnixMicros(now));
  return last_;
}

}  // namespace holdline
