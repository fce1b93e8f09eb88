// The clock by which lengths of time are measured.

#ifndef HOLDLINE_SERVER_BASE_STEADY_TIME_H_
#define HOLDLINE_SERVER_BASE_STEADY_TIME_H_

#include "absl/time/time.h"

namespace holdline {

// The time of the machine's monotonic clock, which nobody can set. It begins
// somewhere, and stands still while the machine is suspended, so only the
// difference of two such times means anything: they are not stored, shown, or
// compared with the calendar. Thread-safe.
absl::Time SteadyNow();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_STEADY_TIME_H_
