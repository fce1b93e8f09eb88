// The commands of runners: a task from its hand-out to the end of its attempt.

#ifndef HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_

#include <string>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// Asks for a task of a group, now or until `hold_until` of the steady clock.
// Answered with PollAnswer, or RESOURCE_EXHAUSTED if it cannot be held.
struct Poll {
  GroupKey group;
  // The polling host; may be empty.
  std::string hostname;

  absl::Time hold_until;
  // The cloud's name for that host, verified; empty if it was not told.
  std::string instance_arn = {};
  // The runner's own name, as its heartbeats have it; empty if it was not told.
  std::string taskrunner_id = {};
};

// Says that the answer which carried a lease did not reach the runner. A lease
// that was acknowledged or has ended is left alone. Not answered.
struct Undelivered {
  TaskId task{};
  LeaseId lease{};
};

// Reports progress; the first report acknowledges the task. Answered with
// ReportAnswer.
struct ReportProgress {
  TaskId task{};
  LeaseId lease{};
  // What the runner says; empty leaves what it said before.
  std::string progress;
};

enum class AttemptEnd {
  kFinished,
  kFailed,
  kFailedForGood,  // and no further try would do better
  kFalse,  // a precondition does not hold yet (DATAPIPELINE section 3.16)
};

// Ends an attempt. Answered with EndAnswer, NOT_FOUND if the lease is not the
// present one (DATAPIPELINE section 15, row 21), or INVALID_ARGUMENT for kFalse
// if the task is no precondition.
struct EndAttempt {
  TaskId task{};
  LeaseId lease{};
  AttemptEnd end = AttemptEnd::kFinished;

  // What went wrong, with kFailed and kFailedForGood.
  Failure failure;
};

// Hands a lease back. A lease that has ended is left alone. Answered with Done.
struct ReleaseLease {
  TaskId task{};
  LeaseId lease{};
};

// Says that a runner lives. Answered with HeartbeatAnswer.
struct Heartbeat {
  RunnerKey runner;
  std::string hostname;
  std::string worker_group;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RUNNER_COMMAND_H_
