// The deadlines of a lease, on the steady clock.
//
// Stored leases have calendar times, for users and for the next start. While
// the broker runs, setting the system clock neither ends nor extends a lease.

#ifndef HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_
#define HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_

#include "absl/time/time.h"
#include "server/broker/now.h"
#include "server/broker/task.h"

namespace holdline {

struct LeaseEnds {
  // Unless a report arrives before.
  absl::Time lease;

  // However many reports arrive; infinite future if there is no limit.
  absl::Time attempt;

  // The end of a grace, which no report takes away.
  absl::Time grace = absl::InfinitePast();

  // How many were given since the runner was heard last; see EndsAfterGap.
  int graces = 0;
};

// The ends of a lease that is made at `now`.
LeaseEnds EndsOfNew(const Timeouts& timeouts, const Now& now);

// The same after a report at `now`, which takes no grace away.
LeaseEnds EndsAfterReport(const LeaseEnds& before, const Timeouts& timeouts,
                          const Now& now);

// The same after a gap in which nobody was listened to: nothing ends before
// `until`. Only so many gaps in a row give grace to a runner that is not heard
// between them.
LeaseEnds EndsAfterGap(const LeaseEnds& before, absl::Time until);

// The ends of a stored lease, on which a broker goes on at `now`: what its
// calendar leaves of it, at least `grace` and at most what a lease lasts, since
// the calendar may have been set meanwhile.
LeaseEnds EndsOfStored(const Task& task, const Now& now, absl::Duration grace);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_LEASE_ENDS_H_
