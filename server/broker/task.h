// A task: its specification and its state.

#ifndef HOLDLINE_SERVER_BROKER_TASK_H_
#define HOLDLINE_SERVER_BROKER_TASK_H_

#include <map>
#include <string>

#include "absl/time/time.h"
#include "server/broker/ids.h"

namespace holdline {

// The retry policy after a failed attempt (DATAPIPELINE section 5.1).
struct RetryPolicy {
  // How many attempts may fail before the task does; at least 1.
  int attempts = 3;

  // The wait between a failed attempt and the next.
  absl::Duration delay = absl::Minutes(10);

  // The factor of each further delay; at least 1.
  double backoff = 1;

  // The longest wait, whatever the backoff.
  absl::Duration delay_max = absl::Hours(24);

  // The part of each wait, 0 to 1, that is random.
  double jitter = 0;

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

// How long a runner may be silent (DATAPIPELINE sections 5.3 to 5.5).
struct Timeouts {
  // From the lease to the first report.
  absl::Duration acknowledge = absl::Minutes(2);

  // From one report to the next.
  absl::Duration progress = absl::Minutes(15);

  // From the lease to the end of the attempt; infinite is no limit.
  absl::Duration attempt = absl::InfiniteDuration();

  friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

// Where a task comes from. The numbers are stored.
enum class TaskKind {
  kDirect = 0,        // it was submitted
  kActivity = 1,      // an attempt of a pipeline's activity
  kPrecondition = 2,  // a check of a pipeline's precondition
  kResource = 3,      // an attempt of a pipeline's resource
};

// Values by keys, in the order of the keys.
using Labels = std::map<std::string, std::string>;

// The specification of a task. Never changes after the submission.
struct TaskSpec {
  GroupKey group;
  TaskKind kind = TaskKind::kDirect;

  // The object type, such as `ShellCommandActivity`. Only shown, never
  // interpreted.
  std::string type;

  // A higher number goes first; 0 to 9.
  int priority = 0;

  // Tasks with different keys take turns.
  std::string fairness_key;

  // Labels of the submitter, by which ListTasks selects.
  Labels labels;

  RetryPolicy retry;
  Timeouts timeouts;
  absl::Time submitted_at;

  friend bool operator==(const TaskSpec&, const TaskSpec&) = default;
};

enum class Phase {
  kWaiting = 0,   // delayed until `ready_at`, ready from then on
  kLeased = 1,    // with a runner
  kFinished = 2,  // final
  kFailed = 3,    // final, unless retried
  kCanceled = 4,  // final, unless retried
};

inline bool IsFinal(Phase phase) { return phase >= Phase::kFinished; }

// How the last lease ended, if its runner said that the attempt did not
// succeed. The numbers are stored.
enum class LeaseEnd {
  kOther = 0,
  kFailed = 1,
  kFalse = 2,  // a precondition did not hold
};

// A lease of an attempt by a runner.
struct Lease {
  // kNoLease if the task was never handed out.
  LeaseId id = kNoLease;

  // The host that polled and the name of its runner; each may be empty.
  std::string hostname;
  std::string taskrunner_id = {};

  // The host's verified ARN in the cloud, such as
  // `arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0`; empty if
  // it was not given.
  std::string instance_arn = {};

  absl::Time handed_out_at = absl::InfinitePast();

  // The first and the last report; infinite past before the first.
  absl::Time acknowledged_at = absl::InfinitePast();
  absl::Time reported_at = absl::InfinitePast();

  // When the lease ends unless a report arrives before.
  absl::Time deadline = absl::InfiniteFuture();

  bool acknowledged() const { return acknowledged_at != absl::InfinitePast(); }

  friend bool operator==(const Lease&, const Lease&) = default;
};

// How far a task has come.
struct TaskState {
  Phase phase = Phase::kWaiting;

  // The number of the current or last attempt; from 1.
  int attempt = 1;

  // How many attempts have failed since the submission or the last RetryTask.
  int failures = 0;

  // The earliest hand-out of the present attempt. Unchanged when a lease is
  // returned, so that the task is at the head of its order again.
  absl::Time ready_at;

  // The present lease while leased; otherwise the last one.
  Lease lease;

  // With `phase`, what a repeated SetTaskStatus is compared with.
  LeaseEnd lease_end = LeaseEnd::kOther;

  // The last progress report; opaque here.
  std::string progress;

  // When the final phase was reached; infinite future before.
  absl::Time ended_at = absl::InfiniteFuture();

  // The reason of the cancellation; empty if it was not cancelled.
  std::string cancellation_reason;

  friend bool operator==(const TaskState&, const TaskState&) = default;
};

struct Task {
  TaskId id{};
  TaskSpec spec;
  TaskState state;

  friend bool operator==(const Task&, const Task&) = default;
};

// The runner with the current or last lease. Refers to the task.
inline Poller PollerOf(const Task& task) {
  const Lease& lease = task.state.lease;
  return {task.spec.group, lease.hostname, lease.taskrunner_id};
}

// The error, from the runner or, under an id that begins with `Service_`, from
// the broker.
struct Failure {
  std::string id;
  std::string message;
  std::string stack_trace;

  friend bool operator==(const Failure&, const Failure&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_TASK_H_
