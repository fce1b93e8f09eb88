#include "server/broker/lease_ends.h"

#include <algorithm>

namespace holdline {
namespace {

// How many gaps give grace to who is not heard between them. More would keep
// the tasks of dead runners for as long as the disk is slow.
constexpr int kGracesMax = 10;

}  // namespace

LeaseEnds EndsOfNew(const Timeouts& timeouts, const Now& now) {
  return {
      .lease = now.steady + std::min(timeouts.acknowledge, timeouts.attempt),
      .attempt = now.steady + timeouts.attempt};
}

LeaseEnds EndsAfterReport(const LeaseEnds& before, const Timeouts& timeouts,
                          const Now& now) {
  const absl::Time end =
      std::min(now.steady + timeouts.progress, before.attempt);
  return {.lease = std::max(before.grace, end),
          .attempt = before.attempt,
          .grace = before.grace};
}

LeaseEnds EndsAfterGap(const LeaseEnds& before, absl::Time until) {
  if (before.graces == kGracesMax) return before;
  return {.lease = std::max(before.lease, until),
          .attempt = before.attempt,
          .grace = std::max(before.grace, until),
          .graces = before.graces + 1};
}

LeaseEnds EndsOfStored(const Task& task, const Now& now, absl::Duration grace) {
  const Timeouts& timeouts = task.spec.timeouts;
  const Lease& lease = task.state.lease;
  const absl::Duration silence_max =
      lease.acknowledged() ? timeouts.progress : timeouts.acknowledge;
  const absl::Duration silence =
      std::min(lease.deadline - now.calendar, silence_max);
  const absl::Duration attempt = std::min(
      lease.handed_out_at + timeouts.attempt - now.calendar, timeouts.attempt);
  return {.lease = now.steady + std::max(std::min(silence, attempt), grace),
          .attempt = now.steady + attempt,
          .grace = now.steady + grace};
}

}  // namespace holdline
