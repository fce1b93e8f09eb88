// A reading of the two clocks that the state machines use.

#ifndef HOLDLINE_SERVER_BROKER_NOW_H_
#define HOLDLINE_SERVER_BROKER_NOW_H_

#include "absl/time/time.h"

namespace holdline {

struct Now {
  Now() = default;
  Now(absl::Time calendar, absl::Time steady)
      : calendar(calendar), steady(steady) {}

  // Both clocks show the same, as in a test that turns only one.
  Now(absl::Time both) : Now(both, both) {}  // NOLINT

  // The date and time of day, for schedules, delays, and all times that are
  // stored or shown. Follows the system clock when that is set, forward or
  // back.
  absl::Time calendar;

  // A monotonic time, for holds, leases and timeouts. Means nothing beyond this
  // process.
  absl::Time steady;

  // The steady time at which the calendar shows `time`, unless it is set
  // meanwhile.
  absl::Time SteadyAt(absl::Time time) const {
    return steady + (time - calendar);
  }

  // The calendar time at the steady time `time`, likewise.
  absl::Time CalendarAt(absl::Time time) const {
    return calendar + (time - steady);
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_NOW_H_
