#include "server/store/memory/memory_store.h"

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

template <typename Value>
std::optional<Value> Copy(const Value* value) {
  return value == nullptr ? std::nullopt : std::make_optional(*value);
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

absl::Status MemoryStore::Commit(const Batch& batch,
                                 const PipelineBatch& pipelines) {
  absl::MutexLock lock(&mutex_);
  if (absl::Status status = Check(batch); !status.ok()) return status;
  if (!pipelines_.Fits(pipelines)) {
    return absl::DataLossError(
        "a pipeline's id is another's: the batch does not fit what is stored, "
        "load again");
  }
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
  pipelines_.Store(pipelines);
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
  for (const RequestKey& request : batch.forgotten_requests) {
    state_.requests.erase(request);
  }
  for (const RequestRecord& record : batch.requests) {
    state_.requests.insert_or_assign(record.request, record);
  }
  state_.SetNumbers(batch);
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

absl::StatusOr<int> MemoryStore::Trim(const EndedBefore& ended_before,
                                      int limit) {
  absl::MutexLock lock(&mutex_);
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before.tasks) {
    tasks_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed + pipelines_.Trim(ended_before.runs, limit - trimmed);
}

absl::StatusOr<std::string> MemoryStore::Secret() { return secret_; }

absl::StatusOr<std::optional<AccountRecord>> MemoryStore::FindAccount(
    const AccountId& account) {
  absl::MutexLock lock(&mutex_);
  const auto stored = state_.accounts.find(account);
  if (stored == state_.accounts.end()) return std::nullopt;
  return stored->second;
}

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

absl::StatusOr<PipelineRows> MemoryStore::LoadPipelines() {
  absl::MutexLock lock(&mutex_);
  return pipelines_.Load();
}

absl::StatusOr<std::optional<Instance>> MemoryStore::ReadInstance(
    const InstanceKey& key) {
  return FindInstance(key);
}

absl::StatusOr<std::vector<Instance>> MemoryStore::ReadInstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return InstancesAt(pipeline, start);
}

absl::StatusOr<bool> MemoryStore::ReadDeletedPipeline(const AccountId& account,
                                                      const std::string& id) {
  absl::MutexLock lock(&mutex_);
  const PipelineRecord* found = pipelines_.Find(id);
  return found != nullptr && found->account == account &&
         found->state == PipelineState::kDeleted;
}

absl::StatusOr<std::optional<PipelineRecord>> MemoryStore::FindPipeline(
    const AccountId& account, const std::string& id) {
  absl::MutexLock lock(&mutex_);
  const PipelineRecord* found = pipelines_.Find(id);
  if (found == nullptr || found->account != account) return std::nullopt;
  return *found;
}

absl::StatusOr<std::vector<PipelineRecord>> MemoryStore::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  absl::MutexLock lock(&mutex_);
  return pipelines_.List(account, after, limit);
}

absl::StatusOr<std::optional<Definition>> MemoryStore::ReadDefinition(
    PipelineNumber pipeline, int version) {
  absl::MutexLock lock(&mutex_);
  return Copy(pipelines_.FindDefinition(pipeline, version));
}

absl::StatusOr<std::vector<ComponentRecord>> MemoryStore::ReadComponents(
    PipelineNumber pipeline) {
  absl::MutexLock lock(&mutex_);
  return pipelines_.Components(pipeline);
}

absl::StatusOr<std::optional<Instance>> MemoryStore::FindInstance(
    const InstanceKey& key) {
  absl::MutexLock lock(&mutex_);
  return Copy(pipelines_.FindInstance(key));
}

absl::StatusOr<std::vector<Instance>> MemoryStore::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  absl::MutexLock lock(&mutex_);
  return pipelines_.InstancesAt(pipeline, start);
}

void MemoryStore::Complete(Attempt& attempt) const {
  if (attempt.ended_at != absl::InfiniteFuture()) return;
  auto stored = tasks_.find(attempt.task);
  if (stored == tasks_.end()) return;
  const TaskState& state = stored->second.task.state;
  attempt.hostname = state.lease.hostname;
  attempt.instance_arn = state.lease.instance_arn;
  attempt.reported_at = state.lease.reported_at;
  attempt.progress = state.progress;
}

absl::StatusOr<std::vector<Attempt>> MemoryStore::AttemptsOf(
    const InstanceKey& instance) {
  absl::MutexLock lock(&mutex_);
  std::vector<Attempt> attempts = pipelines_.AttemptsOf(instance);
  for (Attempt& attempt : attempts) Complete(attempt);
  return attempts;
}

absl::StatusOr<InstancePage> MemoryStore::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  absl::MutexLock lock(&mutex_);
  return pipelines_.ListInstances(filter, after, limit);
}

absl::StatusOr<AttemptPage> MemoryStore::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  absl::MutexLock lock(&mutex_);
  AttemptPage page = pipelines_.ListAttempts(filter, after, limit);
  for (Attempt& attempt : page.attempts) Complete(attempt);
  return page;
}

}  // namespace holdline
