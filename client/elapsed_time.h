// The clock by which a runner judges its leases and its waits.

#ifndef HOLDLINE_CLIENT_ELAPSED_TIME_H_
#define HOLDLINE_CLIENT_ELAPSED_TIME_H_

#include "absl/time/time.h"

namespace holdline::client {

// A time that nobody can set, and that goes on while the machine is suspended,
// as leases do: it is CLOCK_BOOTTIME. Only differences of two mean anything.
// Thread-safe.
absl::Time ElapsedNow();

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_ELAPSED_TIME_H_
