#include "server/broker/retry.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace holdline {
namespace {

// A number from 0 to 1, excluding 1, that nearby seeds do not share
// (SplitMix64's finaliser).
double Draw(uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  seed ^= seed >> 31;
  return static_cast<double>(seed >> 11) * 0x1.0p-53;
}

}  // namespace

absl::Time NextAttemptTime(const Task& task, absl::Time now) {
  const RetryPolicy& retry = task.spec.retry;
  const int failures = task.state.failures + 1;
  if (failures >= retry.attempts) return absl::InfiniteFuture();
  // A product beyond any duration becomes an infinite one, which is capped.
  const absl::Duration wait = std::min(
      retry.delay * std::pow(retry.backoff, failures - 1), retry.delay_max);
  const uint64_t seed = (static_cast<uint64_t>(task.id) << 8) +
                        static_cast<uint64_t>(task.state.attempt);
  const absl::Duration next = wait * (1 - retry.jitter * Draw(seed));
  return now + absl::Floor(next, absl::Microseconds(1));
}

}  // namespace holdline
