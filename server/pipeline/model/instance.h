// The stored state of instances and attempts.
//
// Times are whole microseconds. Infinite future means not yet, infinite past
// means never.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_INSTANCE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_INSTANCE_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// The status of an instance or attempt (DATAPIPELINE section 2.1). The numbers
// are stored.
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

// The dependents of a rerun instance that are still to be looked at. The
// numbers are stored.
enum class RerunReach {
  kNobody = 0,
  kWaiting = 1,      // dependents that wait: they wait for the rerun, too
  kWhenReached = 2,  // as kWaiting; kAll once a rerun that failed it reaches it
  kAll = 3,          // as kWaiting, and dependents that failed with it: rerun
};

// One instance: a component and one interval.
struct Instance {
  InstanceKey key;

  // The end of the interval.
  absl::Time end;

  // The version of the definition that the instance was made from.
  int version = 0;

  RunStatus status = RunStatus::kWaitingOnDependencies;

  // When the instance was made or rerun: @actualStartTime.
  absl::Time created_at;

  // When the first attempt was handed out.
  absl::Time started_at = absl::InfiniteFuture();

  absl::Time ended_at = absl::InfiniteFuture();

  // The number of the latest attempt, and the retries that are left.
  int attempts = 0;
  int retries_left = 0;

  // The task of the present attempt; zero if it has none.
  TaskId task{};

  // Whether the instance is a rerun, which does not count against
  // maxActiveInstances.
  bool rerun = false;

  // The dependents that the rerun has still to reach.
  RerunReach rerun_reach = RerunReach::kNobody;

  // Whether the late action was triggered.
  bool late = false;

  // The dependencies that the instance waits for, and the failures that caused
  // its status CASCADE_FAILED.
  std::vector<InstanceKey> waiting_on;
  std::vector<InstanceKey> cascade_failed_on;

  // The failure of the last attempt, if it failed.
  Failure failure;
  std::string cancellation_reason;

  // For a precondition: the number of checks after the first, and the time of
  // the last one.
  int rechecks = 0;
  absl::Time rechecked_at = absl::InfinitePast();

  friend bool operator==(const Instance&, const Instance&) = default;
};

// One attempt at an instance.
struct Attempt {
  AttemptKey key;
  TaskId task{};
  RunStatus status = RunStatus::kWaitingForRunner;

  // The time from which on the attempt may be handed out; its end.
  absl::Time ready_at;
  absl::Time ended_at = absl::InfiniteFuture();

  // The runner that has or had the attempt, and its reports. The broker has
  // `progress` while the attempt is live; it is copied here at the end.
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
