#include "server/store/memory/memory_tasks.h"

#include <iterator>

#include "server/store/task_filter.h"

namespace holdline {

void MemoryTasks::Store(const Batch& batch) {
  for (const ChangedTask& changed : batch.changed_tasks) {
    const TaskHistory* before = Find(changed.id);
    if (before == nullptr) continue;
    ends_.erase({before->task.state.ended_at, changed.id});
  }
  rows_.Store(batch);
  for (const auto& [id, state] : batch.changed_tasks) {
    if (state.ended_at != absl::InfiniteFuture()) {
      ends_.emplace(state.ended_at, id);
    }
  }
}

int MemoryTasks::Trim(absl::Time ended_before, int limit) {
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before) {
    rows_.tasks.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed;
}

const AccountRecord* MemoryTasks::FindAccount(const AccountId& account) const {
  const auto stored = rows_.settings.accounts.find(account);
  return stored == rows_.settings.accounts.end() ? nullptr : &stored->second;
}

TaskPage MemoryTasks::List(const TaskFilter& filter) const {
  TaskPage page;
  int examined = 0;
  auto next =
      std::make_reverse_iterator(rows_.tasks.lower_bound(filter.before));
  const auto end =
      std::make_reverse_iterator(rows_.tasks.lower_bound(filter.from));
  while (next != end && examined < kTasksExaminedMax &&
         std::ssize(page.tasks) < filter.limit) {
    const Task& task = next->second.task;
    if (Matches(filter, task)) page.tasks.push_back(task);
    ++examined;
    ++next;
  }
  if (next != end) page.next_before = std::prev(next)->first;
  return page;
}

}  // namespace holdline
