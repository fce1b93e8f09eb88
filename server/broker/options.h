// The broker's limits and timings.

#ifndef HOLDLINE_SERVER_BROKER_OPTIONS_H_
#define HOLDLINE_SERVER_BROKER_OPTIONS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace holdline {

struct BrokerOptions {
  // The most tasks of an account that have not ended; further submissions are
  // refused. Tasks of pipelines count, but are never refused.
  int64_t live_tasks_max = 1000000;

  // The most calls of an account that are held; further ones are refused.
  int64_t parked_calls_max = 200000;

  // The most submissions with a request id that are remembered of an account,
  // so that a repeat is recognised, and for how long; further such submissions
  // are refused.
  int64_t requests_max = 1000000;
  absl::Duration request_retention = absl::Minutes(10);

  // The most runners of an account that are remembered because of heartbeats:
  // beyond it the one not seen for longest is forgotten. As many more may be
  // draining; those are not forgotten.
  int64_t runners_max = 10000;

  // How long a runner that has sent heartbeats is remembered after it was last
  // seen, and the interval of the search for older ones.
  absl::Duration runner_retention = absl::Hours(24);
  absl::Duration runner_sweep = absl::Hours(1);

  // The shortest time between two stored heartbeats of a runner that differ in
  // their time only. Also how long, at least, a runner stands for the polls of
  // its host (hosts.h) after its last heartbeat.
  absl::Duration runner_refresh = absl::Hours(1);

  // The shortest time that leases and remembered requests last after a gap: a
  // restart, or a time in which no calls were handled. So no runner loses a
  // task because the broker was away.
  absl::Duration restart_grace = absl::Minutes(2);

  // The waiting time that outweighs one level of priority.
  absl::Duration priority_step = absl::Minutes(1);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_OPTIONS_H_
