// The commands of submitters: a task, by the name that its account knows.

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

// A task to be taken.
struct Submission {
  TaskSpec spec;  // `submitted_at` is set by the broker

  // Not handed out before; the past is at once.
  absl::Time not_before = absl::InfinitePast();

  std::string payload;
};

// Takes tasks, all or none. Answered with SubmitAnswer, FAILED_PRECONDITION or
// RESOURCE_EXHAUSTED.
struct Submit {
  AccountId account;
  std::vector<Submission> tasks;

  // Names the request so that it can be repeated; empty if it cannot.
  std::string request_id;

  // A digest of the request, to tell a repeat from a mistake.
  uint64_t fingerprint = 0;

  // The digest that an earlier version made of the same request. A repeat is
  // known by either, so that an upgrade refuses none.
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

// Brings a failed or cancelled task back that was submitted directly: those of
// pipelines are run again by their pipeline. Answered with TaskAnswer,
// NOT_FOUND or FAILED_PRECONDITION.
struct Retry {
  AccountId account;
  TaskNumber task{};
  Reach reach = {};
};

// Makes a delayed task ready; one that is ready already is left alone. Answered
// with TaskAnswer, NOT_FOUND or FAILED_PRECONDITION.
struct RunNow {
  AccountId account;
  TaskNumber task{};
  Reach reach = {};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_SUBMITTER_COMMAND_H_
