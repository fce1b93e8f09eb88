// The facts that make up the broker's history.
//
// An Update is decided once, applied through one door (Ledger::Record), stored
// in one transaction, and only then spoken of. It holds everything that
// applying it needs: no clock is read and nothing is decided again.

#ifndef HOLDLINE_SERVER_BROKER_UPDATE_H_
#define HOLDLINE_SERVER_BROKER_UPDATE_H_

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// A task was taken.
struct TaskSubmitted {
  Task task;

  // The payload for the runner; opaque here.
  std::string payload;
};

// The present attempt was bound to a poll.
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

// Why a lease ended without an end of the attempt.
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

// Why an attempt failed.
enum class FailureCause {
  kReported,         // the runner said so
  kFalse,            // the runner said that the precondition does not hold
  kProgressTimeout,  // it was silent for too long
  kAttemptTimeout,   // it took too long in all
  kPermanent,        // the runner said so, and that trying again will not help
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

// A failed or cancelled task came back from history, ready for a new attempt.
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

  // Nothing is handed out.
  bool paused = false;

  // Nothing is taken.
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

  // When it sent a heartbeat; infinite past if never. Of heartbeats that say
  // nothing new only some are recorded.
  absl::Time heartbeat_at = absl::InfinitePast();

  // It gets no further task.
  bool draining = false;

  friend bool operator==(const RunnerRecord&, const RunnerRecord&) = default;
};

struct RunnerChanged {
  RunnerRecord record;
};

struct RunnerForgotten {
  RunnerKey runner;
};

// A submission that can be repeated: which tasks it made.
struct RequestRecord {
  RequestKey request;

  // A digest of what was asked for, to tell a repeat from a mistake.
  uint64_t fingerprint = 0;

  // The tasks it made have the ids from `first` on.
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
