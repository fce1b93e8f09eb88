#include "server/store/memory/memory_diary.h"

#include "absl/strings/str_cat.h"
#include "server/store/new_secret.h"

namespace holdline {

MemoryDiary::MemoryDiary(MemoryRows* rows)
    : rows_(*rows), secret_(NewSecret()) {}

absl::StatusOr<State> MemoryDiary::Load() {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.tasks.Load();
}

absl::StatusOr<PipelineRows> MemoryDiary::LoadPipelines() {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.Load();
}

absl::Status MemoryDiary::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  absl::MutexLock lock(&rows_.mutex);
  if (absl::Status status = rows_.tasks.Fits(tasks); !status.ok()) {
    return status;
  }
  if (!rows_.pipelines.Fits(pipelines)) {
    return absl::DataLossError(
        "a pipeline's id is another's: the batch does not fit what is stored, "
        "load again");
  }
  rows_.tasks.Store(tasks);
  rows_.pipelines.Store(pipelines);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Task>> MemoryDiary::ReadTask(TaskId id) {
  absl::MutexLock lock(&rows_.mutex);
  const TaskHistory* stored = rows_.tasks.Find(id);
  if (stored == nullptr) return std::nullopt;
  return stored->task;
}

absl::StatusOr<std::string> MemoryDiary::ReadPayload(TaskId id) {
  absl::MutexLock lock(&rows_.mutex);
  const TaskHistory* stored = rows_.tasks.Find(id);
  if (stored != nullptr) return stored->payload;
  return absl::NotFoundError(
      absl::StrCat("there is no task ", static_cast<uint64_t>(id)));
}

absl::StatusOr<std::optional<Instance>> MemoryDiary::ReadInstance(
    const InstanceKey& key) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.ReadInstance(key);
}

absl::StatusOr<bool> MemoryDiary::WasDeleted(const AccountId& account,
                                             const std::string& id) {
  absl::MutexLock lock(&rows_.mutex);
  return rows_.pipelines.WasDeleted(account, id);
}

absl::StatusOr<int> MemoryDiary::Trim(const EndedBefore& ended_before,
                                      int limit) {
  absl::MutexLock lock(&rows_.mutex);
  const int tasks = rows_.tasks.Trim(ended_before.tasks, limit);
  return tasks + rows_.pipelines.Trim(ended_before.runs, limit - tasks);
}

}  // namespace holdline
