#include "server/store/memory/memory_tasks.h"

#include <iterator>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/store/task_filter.h"

namespace holdline {
namespace {

absl::Status Contradiction(TaskId id, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("task ", static_cast<uint64_t>(id),
                                          " ", what,
                                          ": the batch does not fit what is "
                                          "stored, load again"));
}

}  // namespace

State MemoryTasks::Load() const {
  State state = settings_;
  const auto live = std::make_pair(absl::InfiniteFuture(), TaskId{0});
  for (auto it = ends_.lower_bound(live); it != ends_.end(); ++it) {
    state.tasks.emplace(it->second, tasks_.at(it->second).task);
  }
  return state;
}

absl::Status MemoryTasks::Fits(const Batch& batch) const {
  absl::flat_hash_set<TaskId> added;
  for (const NewTask& task : batch.new_tasks) {
    if (tasks_.contains(task.id) || !added.insert(task.id).second) {
      return Contradiction(task.id, "exists already");
    }
  }
  for (const ChangedTask& task : batch.changed_tasks) {
    if (!tasks_.contains(task.id) && !added.contains(task.id)) {
      return Contradiction(task.id, "does not exist");
    }
  }
  return absl::OkStatus();
}

void MemoryTasks::Store(const Batch& batch) {
  for (const NewTask& added : batch.new_tasks) {
    TaskHistory& stored = tasks_[added.id];
    stored.task.id = added.id;
    stored.task.spec = added.spec;
    stored.payload = added.payload;
  }
  for (const ChangedTask& changed : batch.changed_tasks) Change(changed);
  for (const EndedAttempt& attempt : batch.ended_attempts) {
    auto stored = tasks_.find(attempt.task);
    if (stored == tasks_.end()) continue;
    stored->second.ended_attempts.push_back(attempt);
  }
  ChangeSettings(batch);
}

void MemoryTasks::Change(const ChangedTask& changed) {
  TaskState& state = tasks_.at(changed.id).task.state;
  ends_.erase({state.ended_at, changed.id});
  state = changed.state;
  ends_.insert({state.ended_at, changed.id});
}

void MemoryTasks::ChangeSettings(const Batch& batch) {
  for (const GroupSettings& settings : batch.groups) {
    if (settings.paused || settings.draining) {
      settings_.groups.insert_or_assign(settings.group, settings);
    } else {
      settings_.groups.erase(settings.group);
    }
  }
  for (const RunnerRecord& record : batch.runners) {
    settings_.runners.insert_or_assign(record.runner, record);
  }
  for (const RunnerKey& runner : batch.forgotten_runners) {
    settings_.runners.erase(runner);
  }
  for (const RequestKey& request : batch.forgotten_requests) {
    settings_.requests.erase(request);
  }
  for (const RequestRecord& record : batch.requests) {
    settings_.requests.insert_or_assign(record.request, record);
  }
  settings_.SetNumbers(batch);
}

int MemoryTasks::Trim(absl::Time ended_before, int limit) {
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before) {
    tasks_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed;
}

const TaskHistory* MemoryTasks::Find(TaskId id) const {
  const auto stored = tasks_.find(id);
  return stored == tasks_.end() ? nullptr : &stored->second;
}

const AccountRecord* MemoryTasks::FindAccount(const AccountId& account) const {
  const auto stored = settings_.accounts.find(account);
  return stored == settings_.accounts.end() ? nullptr : &stored->second;
}

TaskPage MemoryTasks::List(const TaskFilter& filter) const {
  TaskPage page;
  int examined = 0;
  auto next = std::make_reverse_iterator(tasks_.lower_bound(filter.before));
  const auto end = std::make_reverse_iterator(tasks_.lower_bound(filter.from));
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
