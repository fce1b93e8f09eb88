#include "server/broker/lease_ends.h"

#include <algorithm>

namespace holdline {

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
