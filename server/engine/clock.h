// The two clocks that the loop goes by.

#ifndef HOLDLINE_SERVER_ENGINE_CLOCK_H_
#define HOLDLINE_SERVER_ENGINE_CLOCK_H_

#include <functional>
#include <optional>

#include "absl/time/time.h"
#include "server/broker/now.h"

namespace holdline {

// Combines the system clock and the steady clock. The calendar advances with
// the steady clock, and follows the wall clock when that has been set by more
// than a tenth of a second, forward or back. Not thread-safe.
class Clock {
 public:
  // Reads the system's clocks.
  Now Read();

  // The same of what they showed at one moment. The calendar has whole
  // microseconds, as a store keeps them.
  Now Join(absl::Time wall, absl::Time steady);

 private:
  // From the steady clock to the calendar; absent before the first reading.
  std::optional<absl::Duration> offset_;
};

// Returns a clock that reads the machine's, for one thread at a time.
std::function<Now()> SystemClock();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_CLOCK_H_
