// The rows that one commit makes durable.
//
// Several updates of one task in one batch make one row, which is why the store
// is given rows and not updates.

#ifndef HOLDLINE_SERVER_BROKER_BATCH_H_
#define HOLDLINE_SERVER_BROKER_BATCH_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/account_record.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/update.h"

namespace holdline {

// A task that is new in this batch. Its state is among the batch's states.
struct NewTask {
  TaskId id;
  TaskSpec spec;
  std::string payload;
};

// The state that a task has after the batch.
struct ChangedTask {
  TaskId id;
  TaskState state;
};

// A failed attempt, kept with its task for GetTask.
struct EndedAttempt {
  TaskId task;
  int number = 1;
  Lease lease;
  Failure failure;
  absl::Time ended_at;

  friend bool operator==(const EndedAttempt&, const EndedAttempt&) = default;
};

// The next numbers to be given out. They only rise.
struct Counters {
  LeaseId next_lease{1};

  friend bool operator==(const Counters&, const Counters&) = default;
};

// Rows of one list are in the order of the facts: of two for the same key the
// later one holds. What is forgotten is deleted before anything is stored.
struct Batch {
  // Disjoint by id: a task is new once, and each changed task stands once. A
  // new task stands in both lists.
  std::vector<NewTask> new_tasks;
  std::vector<ChangedTask> changed_tasks;

  std::vector<EndedAttempt> ended_attempts;

  // Those of which tasks are new.
  std::vector<AccountRecord> accounts;

  // Settings to be stored; those with neither flag set are to be deleted.
  std::vector<GroupSettings> groups;

  // Disjoint by key.
  std::vector<RunnerRecord> runners;
  std::vector<RunnerKey> forgotten_runners;

  std::vector<RequestRecord> requests;
  std::vector<RequestKey> forgotten_requests;

  Counters counters;

  // The facts behind the rows, in order: for metrics, the log and the tests.
  std::vector<Update> updates;

  bool empty() const { return updates.empty(); }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BATCH_H_
