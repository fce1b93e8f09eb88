// Commands to the broker: those of runners, submitters and operators, and those
// by which the server itself ends held calls.

#ifndef HOLDLINE_SERVER_BROKER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_COMMAND_H_

#include <variant>

#include "server/broker/ids.h"
#include "server/broker/operator_command.h"
#include "server/broker/runner_command.h"
#include "server/broker/submitter_command.h"

namespace holdline {

// Tells that the caller of a parked poll or wait has cancelled it. The parked
// call is answered with CANCELLED, so that every call is answered exactly once.
// No-op if it was answered already. Not answered itself.
struct CallGone {
  CallId gone{};
};

// Answers all parked calls at once, polls with kDrained and waits with the task
// as it is, and from then on each call that would be parked: the server is
// stopping. Answered with Done.
struct StopHolding {};

using TaskCommand =
    std::variant<Poll, Undelivered, ReportProgress, EndAttempt, ReleaseLease,
                 Heartbeat, Submit, Wait, Cancel, Retry, RunNow, InspectGroups,
                 InspectGroup, InspectGroupChanges, ChangeGroup, InspectRunners,
                 ChangeRunner, CallGone, StopHolding>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_COMMAND_H_
