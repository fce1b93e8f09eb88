// Commands to the broker.

#ifndef HOLDLINE_SERVER_BROKER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/base/reach.h"
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

// A parked call, a poll or a wait, was cancelled by its caller: it leaves its
// condition and is answered with CANCELLED, so that every call is answered
// once. No-op if it was answered already.
struct CallGone {
  CallId gone{};
};

// The response that carried a lease did not reach the runner. No-op if the
// lease was acknowledged or has ended. Not answered.
struct Undelivered {
  TaskId task{};
  LeaseId lease{};
};

// Reports progress; the first report acknowledges the task. Answered with
// ReportAnswer.
struct ReportProgress {
  TaskId task{};
  LeaseId lease{};
  // The runner's progress report; empty leaves the previous one.
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

  // The error, with kFailed and kFailedForGood.
  Failure failure;
};

// Releases a lease. No-op if it has ended. Answered with Done.
struct ReleaseLease {
  TaskId task{};
  LeaseId lease{};
};

// A runner's heartbeat. Answered with HeartbeatAnswer.
struct Heartbeat {
  RunnerKey runner;
  std::string hostname;
  std::string worker_group;

  // Whether it is to exit although it is not draining, because the run that it
  // was started for has ended (DATAPIPELINE section 3.17).
  bool terminate = false;
};

// A task to be submitted.
struct Submission {
  TaskSpec spec;  // `submitted_at` is set by the broker

  // Not handed out before; the past is at once.
  absl::Time not_before = absl::InfinitePast();

  std::string payload;
};

// Submits tasks, all or none. Answered with SubmitAnswer, FAILED_PRECONDITION
// or RESOURCE_EXHAUSTED.
struct Submit {
  AccountId account;
  std::vector<Submission> tasks;

  // Names the request so that it can be repeated; empty if it cannot.
  std::string request_id;

  // A digest of the request, to tell a repeat from a mistake.
  uint64_t fingerprint = 0;
};

// Waits until a task has ended, at most until `hold_until` of the steady clock.
// Answered with TaskAnswer or NOT_FOUND.
struct Wait {
  AccountId account;
  TaskNumber task{};
  absl::Time hold_until;
  Reach reach = {};
};

// Cancels a task. Answered with TaskAnswer, NOT_FOUND or FAILED_PRECONDITION.
struct Cancel {
  AccountId account;
  TaskNumber task{};
  std::string reason;
  Reach reach = {};
};

// Retries a failed or cancelled task that was submitted directly. Answered with
// TaskAnswer, NOT_FOUND or FAILED_PRECONDITION.
struct Redrive {
  AccountId account;
  TaskNumber task{};
  Reach reach = {};
};

// Makes a delayed task ready; no-op if it is ready already. Answered with
// TaskAnswer, NOT_FOUND or FAILED_PRECONDITION.
struct RunNow {
  AccountId account;
  TaskNumber task{};
  Reach reach = {};
};

// Asks for the groups after `after` in the order of accounts and names.
// Answered with GroupsAnswer.
struct InspectGroups {
  // Only this account's; all if absent.
  std::optional<AccountId> account;

  GroupKey after;
  int limit = 100;
};

// Asks for one group. Answered with GroupsAnswer of one.
struct InspectGroup {
  GroupKey group;
};

// Pauses, resumes or drains a group; absent settings stay. Answered as
// InspectGroup.
struct ChangeGroup {
  GroupKey group;
  std::optional<bool> paused;
  std::optional<bool> draining;
};

// Asks for runners of an account after `after` in name order. Answered with
// RunnersAnswer.
struct InspectRunners {
  AccountId account;
  std::string after;
  int limit = 100;
};

// Drains a runner, or all runners of a host of that name, or ends its draining.
// Answered with RunnersAnswer of one, or RESOURCE_EXHAUSTED if as many runners
// of the account drain as may.
struct ChangeRunner {
  RunnerKey runner;
  bool draining = false;
};

// Answers all parked calls at once (an empty poll, a task as it is), and from
// now on every call that would park: the server is stopping. Answered with
// Done.
struct StopHolding {};

using CommandBody =
    std::variant<Poll, CallGone, Undelivered, ReportProgress, EndAttempt,
                 ReleaseLease, Heartbeat, Submit, Wait, Cancel, Redrive, RunNow,
                 InspectGroups, InspectGroup, ChangeGroup, InspectRunners,
                 ChangeRunner, StopHolding>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_COMMAND_H_
