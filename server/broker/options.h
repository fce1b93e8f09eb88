// The broker's limits and timings.

#ifndef HOLDLINE_SERVER_BROKER_OPTIONS_H_
#define HOLDLINE_SERVER_BROKER_OPTIONS_H_

#include <cstdint>

#include "absl/time/time.h"

namespace holdline {

struct BrokerOptions {
  // The most tasks of an account that have not ended; its further submissions
  // are refused. Those of pipelines count, but are never refused.
  int64_t live_tasks_max = 1000000;

  // The most calls of an account that are held; its further ones are refused.
  int64_t parked_calls_max = 200000;

  // The most submissions of an account whose repeats are recognised, and for
  // how long; its further ones that could be repeated are refused.
  int64_t requests_max = 1000000;
  absl::Duration request_retention = absl::Minutes(10);

  // The most runners of an account that are remembered for their heartbeats:
  // beyond it the one that was not seen for longest is forgotten. As many more
  // may be draining, which are never forgotten.
  int64_t runners_max = 10000;

  // How long a runner that has sent heartbeats is remembered after it was last
  // seen, and how often those not seen are looked for.
  absl::Duration runner_retention = absl::Hours(24);
  absl::Duration runner_sweep = absl::Hours(1);

  // How long a heartbeat that says nothing new is left unrecorded, and how long
  // after its last heartbeat, at least, a runner stands for the polls of its
  // host.
  absl::Duration runner_refresh = absl::Hours(1);

  // The shortest time that leases and remembered requests last after a gap: a
  // restart, or a time in which no calls were handled. So no runner loses a
  // task because the broker was away.
  absl::Duration restart_grace = absl::Minutes(2);

  // How much waiting makes up for one step of priority.
  absl::Duration priority_step = absl::Minutes(1);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_OPTIONS_H_
