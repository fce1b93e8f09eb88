// The calendar and steady clock of the engine's loop.

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

  // As Read, from readings of the wall clock and the steady clock taken at the
  // same moment. The calendar has whole microseconds, as a store keeps them.
  Now Join(absl::Time wall, absl::Time steady);

 private:
  // The calendar minus the steady clock; absent before the first reading.
  std::optional<absl::Duration> offset_;
};

// Returns a clock that reads those of the operating system. For one thread at a
// time.
std::function<Now()> SystemClock();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_CLOCK_H_
