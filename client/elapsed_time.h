// The clock of a runner for its leases and waits.

#ifndef HOLDLINE_CLIENT_ELAPSED_TIME_H_
#define HOLDLINE_CLIENT_ELAPSED_TIME_H_

#include "absl/time/time.h"

namespace holdline::client {

// A time that cannot be set, and that continues while the host is suspended, as
// leases do: CLOCK_BOOTTIME. Only differences of two mean anything.
// Thread-safe.
absl::Time ElapsedNow();

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_ELAPSED_TIME_H_
