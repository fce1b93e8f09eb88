// The commands of runners: a task from its hand-out to the end of its attempt.

#ifndef HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_

#include <string>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// Asks for a task of a group. If none is ready, the call is held until
// `hold_until` of the steady clock. Answered with PollAnswer, or
// RESOURCE_EXHAUSTED if `parked_calls_max` calls of the account are held.
struct Poll {
  GroupKey group;
  // The polling host; may be empty.
  std::string hostname;

  absl::Time hold_until;
  // The host's verified ARN in the cloud; empty if it was not given.
  std::string instance_arn = {};
  // The task runner id, as in its heartbeats; empty if it was not given.
  std::string taskrunner_id = {};
};

// Tells that the answer with a lease did not reach the runner: the attempt
// becomes ready again. No-op if the lease was acknowledged or has ended. Not
// answered.
struct Undelivered {
  TaskId task{};
  LeaseId lease{};
};

// Reports progress; the first report acknowledges the task. Answered with
// ReportAnswer.
struct ReportProgress {
  TaskId task{};
  LeaseId lease{};
  // The progress, opaque here; empty keeps the previous one.
  std::string progress;
};

enum class AttemptEnd {
  kFinished,
  kFailed,
  kFailedForGood,  // failed, and no further attempt would succeed
  kFalse,  // a precondition does not hold yet (DATAPIPELINE section 3.16)
};

// Ends an attempt. Answered with EndAnswer, NOT_FOUND if the lease is not the
// present one (DATAPIPELINE section 15, row 21), or INVALID_ARGUMENT if it is
// kFalse and the task is not of a precondition.
struct EndAttempt {
  TaskId task{};
  LeaseId lease{};
  AttemptEnd end = AttemptEnd::kFinished;

  // What went wrong, with kFailed and kFailedForGood.
  Failure failure;
};

// Ends a lease without ending the attempt, which becomes ready again. No-op if
// the lease has ended. Answered with Done.
struct ReleaseLease {
  TaskId task{};
  LeaseId lease{};
};

// Tells that a runner is alive. Answered with HeartbeatAnswer.
struct Heartbeat {
  RunnerKey runner;
  std::string hostname;
  std::string worker_group;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_
