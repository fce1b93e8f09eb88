// Stop signals of a runner, in three degrees of urgency.

#ifndef HOLDLINE_CLIENT_RUNNER_STOP_H_
#define HOLDLINE_CLIENT_RUNNER_STOP_H_

#include "client/cancellation.h"

namespace holdline::client {

// REQUIRES: the cancellations are cancelled in order. Thread-safe.
struct Stop {
  // No further task is taken. Current tasks are finished.
  Cancellation polling;

  // Current tasks are ended, with grace, and released.
  Cancellation performing;

  // No more waiting: no grace, no retries of calls.
  Cancellation waiting;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_STOP_H_
