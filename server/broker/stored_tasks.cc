#include "server/broker/stored_tasks.h"

#include <cstdint>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {
namespace {

absl::Status Contradiction(TaskId id, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("task ", static_cast<uint64_t>(id),
                                          " ", what,
                                          ": the batch does not fit what is "
                                          "stored, load again"));
}

}  // namespace

absl::Status StoredTasks::Fits(const Batch& batch) const {
  absl::flat_hash_set<TaskId> added;
  for (const NewTask& task : batch.new_tasks) {
    if (tasks.contains(task.id) || !added.insert(task.id).second) {
      return Contradiction(task.id, "exists already");
    }
  }
  for (const ChangedTask& task : batch.changed_tasks) {
    if (!tasks.contains(task.id) && !added.contains(task.id)) {
      return Contradiction(task.id, "does not exist");
    }
  }
  return absl::OkStatus();
}

void StoredTasks::Store(const Batch& batch) {
  for (const NewTask& added : batch.new_tasks) {
    TaskHistory& stored = tasks[added.id];
    stored.task.id = added.id;
    stored.task.spec = added.spec;
    stored.payload = added.payload;
  }
  for (const ChangedTask& changed : batch.changed_tasks) {
    tasks.at(changed.id).task.state = changed.state;
  }
  for (const EndedAttempt& attempt : batch.ended_attempts) {
    const auto stored = tasks.find(attempt.task);
    if (stored == tasks.end()) continue;
    stored->second.ended_attempts.push_back(attempt);
  }
  StoreSettings(batch);
}

void StoredTasks::StoreSettings(const Batch& batch) {
  for (const GroupSettings& group : batch.groups) {
    if (group.paused || group.draining) {
      settings.groups.insert_or_assign(group.group, group);
    } else {
      settings.groups.erase(group.group);
    }
  }
  for (const RunnerKey& runner : batch.forgotten_runners) {
    settings.runners.erase(runner);
  }
  for (const RunnerRecord& record : batch.runners) {
    settings.runners.insert_or_assign(record.runner, record);
  }
  for (const RequestKey& request : batch.forgotten_requests) {
    settings.requests.erase(request);
  }
  for (const RequestRecord& record : batch.requests) {
    settings.requests.insert_or_assign(record.request, record);
  }
  settings.SetNumbers(batch);
}

State StoredTasks::Load() const {
  State state = settings;
  for (const auto& [id, history] : tasks) {
    if (history.task.state.ended_at != absl::InfiniteFuture()) continue;
    state.tasks.emplace(id, history.task);
  }
  return state;
}

const TaskHistory* StoredTasks::Find(TaskId id) const {
  const auto stored = tasks.find(id);
  return stored == tasks.end() ? nullptr : &stored->second;
}

}  // namespace holdline
