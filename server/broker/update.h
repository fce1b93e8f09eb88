// The updates of the broker's state: the events of tasks, worker groups,
// runners and requests.
//
// An Update is decided once, applied by Ledger::Record, stored in one
// transaction, and only then reported to anyone. It holds all that is needed to
// apply it, so that applying reads no clock and decides nothing.

#ifndef HOLDLINE_SERVER_BROKER_UPDATE_H_
#define HOLDLINE_SERVER_BROKER_UPDATE_H_

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// A task was accepted.
struct TaskSubmitted {
  Task task;

  // The payload for the runner; opaque here.
  std::string payload;
};

// The present attempt was handed out to a poll.
struct TaskLeased {
  TaskId task;
  Lease lease;
};

// A runner reported; its first report acknowledges the task.
struct ProgressReported {
  TaskId task;
  absl::Time at;
  absl::Time deadline;

  // The progress report; empty leaves the previous one.
  std::string progress;
};

// The reason why a lease ended without ending the attempt.
enum class ReturnReason {
  kUndelivered,     // the transport proved that the answer did not arrive
  kUnacknowledged,  // no report in time
  kReleased,        // the runner handed it back
};

// A lease ended; the same attempt is ready again.
struct LeaseReturned {
  TaskId task;
  ReturnReason reason;
};

// The reason why an attempt failed.
enum class FailureCause {
  kReported,         // the runner said so
  kFalse,            // the runner said that the precondition does not hold
  kProgressTimeout,  // it was silent for too long
  kAttemptTimeout,   // it took too long in all
  kPermanent,        // the runner said so, and that no retry will help
};

// An attempt failed. If attempts are left the next one waits until `retry_at`;
// otherwise, and with kPermanent, the task has failed and `retry_at` is
// infinite future.
struct AttemptFailed {
  TaskId task;
  FailureCause cause;
  Failure failure;
  absl::Time at;
  absl::Time retry_at;
};

// A runner finished its task.
struct TaskFinished {
  TaskId task;
  absl::Time at;
};

// Somebody cancelled a task.
struct TaskCanceled {
  TaskId task;
  std::string reason;
  absl::Time at;
};

// A failed or cancelled task was made ready for a new attempt by RetryTask.
struct TaskRetried {
  Task task;
};

// The delay of a waiting task was ended before its time.
struct DelayEnded {
  TaskId task;
  absl::Time at;
};

// The settings of a worker group. A group with neither set is not stored.
struct GroupSettings {
  GroupKey group;

  // No tasks are handed out.
  bool paused = false;

  // No tasks are accepted.
  bool draining = false;

  friend bool operator==(const GroupSettings&, const GroupSettings&) = default;
};

struct GroupChanged {
  GroupSettings settings;
};

// The stored state of a task runner.
struct RunnerRecord {
  RunnerKey runner;

  // As in its last heartbeat; may be empty.
  std::string hostname;
  std::string worker_group;

  // The time of its last recorded heartbeat; infinite past if none. Heartbeats
  // that change nothing else are recorded at intervals only.
  absl::Time heartbeat_at = absl::InfinitePast();

  // It gets no further tasks.
  bool draining = false;

  friend bool operator==(const RunnerRecord&, const RunnerRecord&) = default;
};

struct RunnerChanged {
  RunnerRecord record;
};

struct RunnerForgotten {
  RunnerKey runner;
};

// A submission with a request id, and the tasks that it created.
struct RequestRecord {
  RequestKey request;

  // A digest of the request, to tell a repeat from another request with the
  // same id.
  uint64_t fingerprint = 0;

  // The tasks have the ids `first` to `first + count - 1`.
  TaskId first{};
  int count = 0;

  absl::Time expires_at;

  friend bool operator==(const RequestRecord&, const RequestRecord&) = default;
};

struct RequestRemembered {
  RequestRecord record;
};

struct RequestForgotten {
  RequestKey request;
};

using Update =
    std::variant<TaskSubmitted, TaskLeased, ProgressReported, LeaseReturned,
                 AttemptFailed, TaskFinished, TaskCanceled, TaskRetried,
                 DelayEnded, GroupChanged, RunnerChanged, RunnerForgotten,
                 RequestRemembered, RequestForgotten>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_UPDATE_H_
