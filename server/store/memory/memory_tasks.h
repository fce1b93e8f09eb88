// The tasks, settings and numbers of a store in memory.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/store/archive.h"

namespace holdline {

// Not thread-safe. The methods are those of Diary and Archive.
class MemoryTasks {
 public:
  // Returns DATA_LOSS if `batch` does not fit the stored rows (Diary::Commit).
  absl::Status Fits(const Batch& batch) const;

  // Stores a batch that fits.
  void Store(const Batch& batch);

  State Load() const;

  // Deletes the tasks that ended before, and returns how many.
  int Trim(absl::Time ended_before, int limit);

  // Null if there is none.
  const TaskHistory* Find(TaskId id) const;
  const AccountRecord* FindAccount(const AccountId& account) const;

  TaskPage List(const TaskFilter& filter) const;

 private:
  void Change(const ChangedTask& changed);
  void ChangeSettings(const Batch& batch);

  std::map<TaskId, TaskHistory> tasks_;

  // The ids of `tasks_` by the end of the task; live ones at infinite future.
  std::set<std::pair<absl::Time, TaskId>> ends_;

  // The state without its tasks.
  State settings_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_TASKS_H_
