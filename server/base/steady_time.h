// The clock by which lengths of time are measured.

#ifndef HOLDLINE_SERVER_BASE_STEADY_TIME_H_
#define HOLDLINE_SERVER_BASE_STEADY_TIME_H_

#include "absl/time/time.h"

namespace holdline {

// The time of the monotonic clock, which cannot be set. It has no fixed origin,
// and stops while the host is suspended, so only differences are meaningful:
// such times are not stored, shown, or compared with calendar times.
// Thread-safe.
absl::Time SteadyNow();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_STEADY_TIME_H_
