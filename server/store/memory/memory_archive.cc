#include "server/store/memory/memory_archive.h"

namespace holdline {
namespace {

template <typename Value>
std::optional<Value> Copy(const Value* value) {
  return value == nullptr ? std::nullopt : std::make_optional(*value);
}

}  // namespace

absl::StatusOr<std::optional<AccountRecord>> MemoryArchive::FindAccount(
    const AccountId& account) {
  absl::MutexLock lock(&rows_.mutex);
  return Copy(rows_.tasks.FindAccount(account));
}

absl::StatusOr<std::optional<TaskHistory>> MemoryArchive::History(
    const AccountId& account, TaskId id) {
  absl::MutexLock lock(&rows_.mutex);
  const TaskHistory* stored = rows_.tasks.Find(id);
  if (stored == nullptr || stored->task.spec.group.account != account) {
    return std::nullopt;
  }
  return *stored;
}

absl::StatusOr<TaskPage> MemoryArchive::List(const TaskFilter& filter) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.tasks.List(filter);
}

absl::StatusOr<std::optional<PipelineRecord>> MemoryArchive::FindPipeline(
    const AccountId& account, const std::string& id) {
  absl::MutexLock lock(&rows_.mutex);
  const PipelineRecord* found = rows_.pipelines.Find(id);
  if (found == nullptr || found->account != account) return std::nullopt;
  return *found;
}

absl::StatusOr<std::vector<PipelineRecord>> MemoryArchive::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.List(account, after, limit);
}

absl::StatusOr<std::optional<SharedDefinition>> MemoryArchive::ReadDefinition(
    PipelineNumber pipeline, int version) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.ReadDefinition(pipeline, version);
}

absl::StatusOr<std::vector<ComponentRecord>> MemoryArchive::ReadComponents(
    PipelineNumber pipeline) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.Components(pipeline);
}

absl::StatusOr<std::optional<Instance>> MemoryArchive::ReadInstance(
    const InstanceKey& key) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.ReadInstance(key);
}

absl::StatusOr<std::vector<Instance>> MemoryArchive::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.InstancesAt(pipeline, start);
}

absl::StatusOr<std::vector<Attempt>> MemoryArchive::AttemptsOf(
    const InstanceKey& instance) {
  absl::MutexLock lock(&rows_.mutex);
  std::vector<Attempt> attempts = rows_.pipelines.AttemptsOf(instance);
  for (Attempt& attempt : attempts) Complete(attempt);
  return attempts;
}

absl::StatusOr<InstancePage> MemoryArchive::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.ListInstances(filter, after, limit);
}

absl::StatusOr<AttemptPage> MemoryArchive::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  absl::MutexLock lock(&rows_.mutex);
  AttemptPage page = rows_.pipelines.ListAttempts(filter, after, limit);
  for (Attempt& attempt : page.attempts) Complete(attempt);
  return page;
}

void MemoryArchive::Complete(Attempt& attempt) const {
  if (attempt.ended_at != absl::InfiniteFuture()) return;
  const TaskHistory* stored = rows_.tasks.Find(attempt.task);
  if (stored == nullptr) return;
  const TaskState& state = stored->task.state;
  attempt.hostname = state.lease.hostname;
  attempt.instance_arn = state.lease.instance_arn;
  attempt.reported_at = state.lease.reported_at;
  attempt.progress = state.progress;
}

}  // namespace holdline
