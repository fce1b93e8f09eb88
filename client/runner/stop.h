// How a runner is told to stop.

#ifndef HOLDLINE_CLIENT_RUNNER_STOP_H_
#define HOLDLINE_CLIENT_RUNNER_STOP_H_

#include "client/cancellation.h"

namespace holdline::client {

// Three degrees of urgency. Whoever cancels one has cancelled those before it.
// Thread-safe.
struct Stop {
  // No further task is taken. What is being performed is finished.
  Cancellation polling;

  // What is being performed is ended, with grace, and handed back.
  Cancellation performing;

  // Nothing is waited for any more: no grace, no second try of a call.
  Cancellation waiting;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_STOP_H_
