// The deadlines of a lease, on the steady clock.
//
// Stored leases have calendar times, for users and for the next start. While
// the broker runs it uses these instead, so setting the system clock neither
// ends nor extends a lease.

#ifndef HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_
#define HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_

#include "absl/time/time.h"
#include "server/broker/now.h"
#include "server/broker/task.h"

namespace holdline {

struct LeaseEnds {
  // The end of the lease unless a report arrives before.
  absl::Time lease;

  // The end of the attempt, however many reports arrive; infinite future if
  // there is no limit.
  absl::Time attempt;

  // The earliest end, granted after a gap (see GiveGrace in broker.h). A report
  // does not move it.
  absl::Time grace = absl::InfinitePast();

  // The number of graces since the last report; see EndsAfterGap.
  int graces = 0;
};

// The ends of a lease that is made at `now`.
LeaseEnds EndsOfNew(const Timeouts& timeouts, const Now& now);

// The ends after a report at `now`, which keeps the grace.
LeaseEnds EndsAfterReport(const LeaseEnds& before, const Timeouts& timeouts,
                          const Now& now);

// The ends after a gap in which no calls were handled: none is before `until`.
// A runner that does not report between gaps gets grace for a limited number of
// them.
LeaseEnds EndsAfterGap(const LeaseEnds& before, absl::Time until);

// The ends of a stored lease, with which a broker continues at `now`: the time
// left by the calendar, but at least `grace` and at most the full length of a
// lease, since the calendar may have been set meanwhile.
LeaseEnds EndsOfStored(const Task& task, const Now& now, absl::Duration grace);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_
