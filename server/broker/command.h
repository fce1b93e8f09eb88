// What the broker can be asked to do: by runners, submitters and operators, and
// what the server itself tells it of calls.

#ifndef HOLDLINE_SERVER_BROKER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_COMMAND_H_

#include <variant>

#include "server/broker/ids.h"
#include "server/broker/operator_command.h"
#include "server/broker/runner_command.h"
#include "server/broker/submitter_command.h"

namespace holdline {

// Says that a parked call, a poll or a wait, has gone: it leaves its condition
// and is answered with CANCELLED, so that every call is answered once. A call
// that was answered already is left alone.
struct CallGone {
  CallId gone{};
};

// Answers every parked call with what it has (an empty poll, a task as it is),
// and from now on every call that would park: the server is stopping. Answered
// with Done.
struct StopHolding {};

using TaskCommand =
    std::variant<Poll, Undelivered, ReportProgress, EndAttempt, ReleaseLease,
                 Heartbeat, Submit, Wait, Cancel, Redrive, RunNow,
                 InspectGroups, InspectGroup, InspectGroupChanges, ChangeGroup,
                 InspectRunners, ChangeRunner, CallGone, StopHolding>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_COMMAND_H_
