// Commands to the broker: of runners, submitters and operators, and of the
// server itself about calls.

#ifndef HOLDLINE_SERVER_BROKER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_COMMAND_H_

#include <variant>

#include "server/broker/ids.h"
#include "server/broker/operator_command.h"
#include "server/broker/runner_command.h"
#include "server/broker/submitter_command.h"

namespace holdline {

// A parked call, a poll or a wait, was cancelled by its caller: it leaves its
// condition and is answered with CANCELLED, so that every call is answered
// once. No-op if it was answered already.
struct CallGone {
  CallId gone{};
};

// Answers all parked calls at once (an empty poll, a task as it is), and from
// now on every call that would park: the server is stopping. Answered with
// Done.
struct StopHolding {};

using TaskCommand =
    std::variant<Poll, Undelivered, ReportProgress, EndAttempt, ReleaseLease,
                 Heartbeat, Submit, Wait, Cancel, Retry, RunNow, InspectGroups,
                 InspectGroup, InspectGroupChanges, ChangeGroup, InspectRunners,
                 ChangeRunner, CallGone, StopHolding>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_COMMAND_H_
