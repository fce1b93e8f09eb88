#include "server/store/memory_store.h"

#include <iterator>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/store/new_secret.h"
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

MemoryStore::MemoryStore() : secret_(NewSecret()) {}

absl::StatusOr<State> MemoryStore::Load() {
  absl::MutexLock lock(&mutex_);
  State state = state_;
  const auto live = std::make_pair(absl::InfiniteFuture(), TaskId{0});
  for (auto it = ends_.lower_bound(live); it != ends_.end(); ++it) {
    state.tasks.emplace(it->second, tasks_.at(it->second).task);
  }
  return state;
}

absl::Status MemoryStore::Check(const Batch& batch) const {
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

absl::Status MemoryStore::Commit(const Batch& batch) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = Check(batch); !status.ok()) return status;
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
  return absl::OkStatus();
}

void MemoryStore::Change(const ChangedTask& changed) {
  TaskState& state = tasks_.at(changed.id).task.state;
  ends_.erase({state.ended_at, changed.id});
  state = changed.state;
  ends_.insert({state.ended_at, changed.id});
}

void MemoryStore::ChangeSettings(const Batch& batch) {
  for (const GroupSettings& settings : batch.groups) {
    if (settings.paused || settings.draining) {
      state_.groups.insert_or_assign(settings.group, settings);
    } else {
      state_.groups.erase(settings.group);
    }
  }
  for (const RunnerRecord& record : batch.runners) {
    state_.runners.insert_or_assign(record.runner, record);
  }
  for (const RunnerKey& runner : batch.forgotten_runners) {
    state_.runners.erase(runner);
  }
  for (const RequestRecord& record : batch.requests) {
    state_.requests.insert_or_assign(record.request, record);
  }
  for (const RequestKey& request : batch.forgotten_requests) {
    state_.requests.erase(request);
  }
  state_.counters = batch.counters;
}

absl::StatusOr<std::optional<Task>> MemoryStore::ReadTask(TaskId id) {
  absl::MutexLock lock(&mutex_);
  auto stored = tasks_.find(id);
  if (stored == tasks_.end()) return std::nullopt;
  return stored->second.task;
}

absl::StatusOr<std::string> MemoryStore::ReadPayload(TaskId id) {
  absl::MutexLock lock(&mutex_);
  auto stored = tasks_.find(id);
  if (stored == tasks_.end()) {
    return absl::NotFoundError(
        absl::StrCat("there is no task ", static_cast<uint64_t>(id)));
  }
  return stored->second.payload;
}

absl::StatusOr<int> MemoryStore::Trim(absl::Time ended_before, int limit) {
  absl::MutexLock lock(&mutex_);
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before) {
    tasks_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed;
}

absl::StatusOr<std::string> MemoryStore::Secret() { return secret_; }

absl::StatusOr<std::optional<TaskHistory>> MemoryStore::History(
    const AccountId& account, TaskId id) {
  absl::MutexLock lock(&mutex_);
  auto stored = tasks_.find(id);
  if (stored == tasks_.end() ||
      stored->second.task.spec.group.account != account) {
    return std::nullopt;
  }
  return stored->second;
}

absl::StatusOr<TaskPage> MemoryStore::List(const TaskFilter& filter) {
  absl::MutexLock lock(&mutex_);
  TaskPage page;
  int examined = 0;
  auto next = std::make_reverse_iterator(tasks_.lower_bound(filter.before));
  while (next != tasks_.rend() && examined < kTasksExaminedMax &&
         std::ssize(page.tasks) < filter.limit) {
    const Task& task = next->second.task;
    if (Matches(filter, task)) page.tasks.push_back(task);
    ++examined;
    ++next;
  }
  if (next != tasks_.rend()) page.next_before = std::prev(next)->first;
  return page;
}

}  // namespace holdline
