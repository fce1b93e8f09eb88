// The commands of submitters, who name a task by its account and number.

#ifndef HOLDLINE_SERVER_BROKER_SUBMITTER_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_SUBMITTER_COMMAND_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/base/reach.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// A task to be submitted.
struct Submission {
  TaskSpec spec;  // `submitted_at` is set by the broker

  // The earliest time of the hand-out; the past means at once.
  absl::Time not_before = absl::InfinitePast();

  std::string payload;
};

// Submits tasks, all or none. Answered with SubmitAnswer, FAILED_PRECONDITION
// or RESOURCE_EXHAUSTED.
struct Submit {
  AccountId account;
  std::vector<Submission> tasks;

  // Identifies the request, so that a repeat gets the first answer; empty if it
  // must not be repeated.
  std::string request_id;

  // A digest of the request, to tell a repeat from another request with the
  // same id.
  uint64_t fingerprint = 0;

  // The digest that an earlier version computes of the same request. A repeat
  // may match either, so that none is refused after an upgrade.
  std::optional<uint64_t> former_fingerprint = {};
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

// Makes a failed or cancelled task ready again, with all its attempts. Only for
// tasks that were submitted directly: those of pipelines are rerun by their
// pipeline. Answered with TaskAnswer, NOT_FOUND or FAILED_PRECONDITION.
struct Retry {
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

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_SUBMITTER_COMMAND_H_
