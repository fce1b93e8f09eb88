// The stored state of instances and attempts.
//
// Times are whole microseconds; infinite future is not yet, infinite past is
// never.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_INSTANCE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_INSTANCE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// Of instances and attempts (DATAPIPELINE section 2.1). The numbers are stored.
enum class RunStatus {
  kWaitingOnDependencies = 0,
  kWaitingForRunner = 1,
  kCreating = 2,
  kRunning = 3,
  kShuttingDown = 4,
  kFinished = 5,
  kFailed = 6,
  kCascadeFailed = 7,
  kCanceled = 8,
  kTimedOut = 9,
  kSkipped = 10,
};

inline bool HasEnded(RunStatus status) {
  return status >= RunStatus::kFinished;
}

// Which of those that depend on an instance that is run again are still to be
// looked at. The numbers are stored.
enum class RerunReach {
  kNobody = 0,
  kWaiting = 1,      // those that wait: they wait for it, too
  kWhenReached = 2,  // these; all once one is that it has failed with
  kAll = 3,          // these, and those that failed with it: they are run again
};

// One run of a component.
struct Instance {
  InstanceKey key;

  // When the interval ends.
  absl::Time end;

  // The version of the definition that it was made from.
  int version = 0;

  RunStatus status = RunStatus::kWaitingOnDependencies;

  // When it was made, or asked to run again: @actualStartTime.
  absl::Time created_at;

  // When its first attempt was handed out.
  absl::Time started_at = absl::InfiniteFuture();

  absl::Time ended_at = absl::InfiniteFuture();

  // The highest number of an attempt so far, and how many more may fail.
  int attempts = 0;
  int retries_left = 0;

  // The task of its present attempt; zero if it has none.
  TaskId task{};

  // It was asked to run again: it does not count against maxActiveInstances.
  bool rerun = false;

  // Who is still to be looked at because of that.
  RerunReach rerun_reach = RerunReach::kNobody;

  // The late action has fired already.
  bool late = false;

  // The instances it waits for, and those whose failure it failed by.
  std::vector<InstanceKey> waiting_on;
  std::vector<InstanceKey> cascade_failed_on;

  // Of its last attempt, once it has failed.
  Failure failure;
  std::string cancellation_reason;

  // Of a precondition: when its first check was handed out, how often it was
  // checked again, and when last.
  int rechecks = 0;
  absl::Time rechecked_at = absl::InfinitePast();

  friend bool operator==(const Instance&, const Instance&) = default;
};

// One attempt at an instance.
struct Attempt {
  AttemptKey key;
  TaskId task{};
  RunStatus status = RunStatus::kWaitingForRunner;

  // From when on it may be handed out; when it ended.
  absl::Time ready_at;
  absl::Time ended_at = absl::InfiniteFuture();

  // The runner that has or had it, and what it reported. `progress` is as the
  // broker has it, and kept here when the attempt ends.
  std::string hostname;
  std::string instance_arn = {};
  absl::Time reported_at = absl::InfinitePast();
  std::string progress;

  Failure failure;
  std::string cancellation_reason;

  friend bool operator==(const Attempt&, const Attempt&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_INSTANCE_H_
