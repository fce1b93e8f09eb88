// The tasks of a store in memory, by what they are asked for and by when they
// ended.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/stored_tasks.h"
#include "server/broker/task_history.h"
#include "server/store/archive.h"

namespace holdline {

// Not thread-safe. The methods are those of Diary and Archive.
class MemoryTasks {
 public:
  // Returns DATA_LOSS if `batch` does not fit the stored rows (Diary::Commit).
  absl::Status Fits(const Batch& batch) const { return rows_.Fits(batch); }

  // Stores a batch that fits.
  void Store(const Batch& batch);

  State Load() const { return rows_.Load(); }

  // Deletes the tasks that ended before, and returns how many.
  int Trim(absl::Time ended_before, int limit);

  // Null if there is none.
  const TaskHistory* Find(TaskId id) const { return rows_.Find(id); }
  const AccountRecord* FindAccount(const AccountId& account) const;

  TaskPage List(const TaskFilter& filter) const;

 private:
  StoredTasks rows_;

  // The tasks that have ended, by their end.
  std::set<std::pair<absl::Time, TaskId>> ends_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_
