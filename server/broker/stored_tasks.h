// Rows of tasks, settings and numbers, kept in memory as a store keeps them:
// what a batch means, written once for the memory store and for tests.

#ifndef HOLDLINE_SERVER_BROKER_STORED_TASKS_H_
#define HOLDLINE_SERVER_BROKER_STORED_TASKS_H_

#include <map>

#include "absl/status/status.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/task_history.h"

namespace holdline {

// Not thread-safe. Forgets no task: whoever trims erases from `tasks`.
struct StoredTasks {
  // Live and ended.
  std::map<TaskId, TaskHistory> tasks;

  // All of the state but its tasks.
  State settings;

  // Returns DATA_LOSS if `batch` does not fit what is stored: a new task whose
  // id is taken, or a changed task that does not exist.
  absl::Status Fits(const Batch& batch) const;

  // Stores a batch that fits.
  void Store(const Batch& batch);

  // What a restart brings back: the live tasks, and `settings`.
  State Load() const;

  // Null if there is none.
  const TaskHistory* Find(TaskId id) const;

 private:
  void StoreSettings(const Batch& batch);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_STORED_TASKS_H_
