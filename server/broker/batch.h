// The rows that one commit makes durable.
//
// Several updates of one task in one batch make one row; that is why the store
// gets rows and not updates.

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

// The next numbers to be assigned. They never decrease.
struct Counters {
  LeaseId next_lease{1};

  friend bool operator==(const Counters&, const Counters&) = default;
};

// Rows of one list are in the order of the updates: of two with the same key
// the later one applies. The store deletes the forgotten rows before it writes
// the others.
struct Batch {
  // Each list has a task at most once. A new task is in both.
  std::vector<NewTask> new_tasks;
  std::vector<ChangedTask> changed_tasks;

  std::vector<EndedAttempt> ended_attempts;

  // The accounts of the new tasks.
  std::vector<AccountRecord> accounts;

  // Settings to be stored; those with neither flag set are to be deleted.
  std::vector<GroupSettings> groups;

  // Disjoint by key.
  std::vector<RunnerRecord> runners;
  std::vector<RunnerKey> forgotten_runners;

  std::vector<RequestRecord> requests;
  std::vector<RequestKey> forgotten_requests;

  Counters counters;

  // The updates that the rows result from, in order: for metrics, the log and
  // tests.
  std::vector<Update> updates;

  bool empty() const { return updates.empty(); }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BATCH_H_
