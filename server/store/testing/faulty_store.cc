#include "server/store/testing/faulty_store.h"

namespace holdline {

absl::StatusOr<State> FaultyDiary::Load() {
  auto state = faults_.Around(StoreCall::kLoad, [&] { return diary_.Load(); });
  if (state.ok()) must_load_ = false;
  return state;
}

absl::Status FaultyDiary::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  if (must_load_) {
    return absl::FailedPreconditionError("a commit failed: load first");
  }
  absl::Status status = faults_.Around(
      StoreCall::kCommit, [&] { return diary_.Commit(tasks, pipelines); });
  if (!status.ok()) must_load_ = true;
  return status;
}

absl::StatusOr<PipelineRows> FaultyDiary::LoadPipelines() {
  return faults_.Around(StoreCall::kLoadPipelines,
                        [&] { return diary_.LoadPipelines(); });
}

absl::StatusOr<std::optional<Task>> FaultyDiary::ReadTask(TaskId id) {
  return faults_.Around(StoreCall::kReadTask,
                        [&] { return diary_.ReadTask(id); });
}

absl::StatusOr<std::string> FaultyDiary::ReadPayload(TaskId id) {
  return faults_.Around(StoreCall::kReadPayload,
                        [&] { return diary_.ReadPayload(id); });
}

absl::StatusOr<std::optional<Instance>> FaultyDiary::ReadInstance(
    const InstanceKey& key) {
  return faults_.Around(StoreCall::kReadInstance,
                        [&] { return diary_.ReadInstance(key); });
}

absl::StatusOr<bool> FaultyDiary::WasDeleted(const AccountId& account,
                                             const std::string& id) {
  return faults_.Around(StoreCall::kWasDeleted,
                        [&] { return diary_.WasDeleted(account, id); });
}

absl::StatusOr<int> FaultyDiary::Trim(const EndedBefore& ended_before,
                                      int limit) {
  return faults_.Around(StoreCall::kTrim,
                        [&] { return diary_.Trim(ended_before, limit); });
}

absl::StatusOr<StoreSpace> FaultyDiary::Shrink() {
  return faults_.Around(StoreCall::kShrink, [&] { return diary_.Shrink(); });
}

absl::StatusOr<std::string> FaultyDiary::Secret() {
  return faults_.Around(StoreCall::kSecret, [&] { return diary_.Secret(); });
}

absl::Status FaultyDiary::Check() {
  return faults_.Around(StoreCall::kCheck, [&] { return diary_.Check(); });
}

absl::StatusOr<std::optional<AccountRecord>> FaultyArchive::FindAccount(
    const AccountId& account) {
  return faults_.Around(StoreCall::kFindAccount,
                        [&] { return archive_->FindAccount(account); });
}

absl::StatusOr<std::optional<TaskHistory>> FaultyArchive::History(
    const AccountId& account, TaskId id) {
  return faults_.Around(StoreCall::kHistory,
                        [&] { return archive_->History(account, id); });
}

absl::StatusOr<TaskPage> FaultyArchive::List(const TaskFilter& filter) {
  return faults_.Around(StoreCall::kList,
                        [&] { return archive_->List(filter); });
}

absl::StatusOr<std::optional<PipelineRecord>> FaultyArchive::FindPipeline(
    const AccountId& account, const std::string& id) {
  return faults_.Around(StoreCall::kAskPipelines,
                        [&] { return archive_->FindPipeline(account, id); });
}

absl::StatusOr<std::vector<PipelineRecord>> FaultyArchive::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  return faults_.Around(StoreCall::kAskPipelines, [&] {
    return archive_->ListPipelines(account, after, limit);
  });
}

absl::StatusOr<std::optional<SharedDefinition>> FaultyArchive::ReadDefinition(
    PipelineNumber pipeline, int version) {
  return faults_.Around(StoreCall::kAskPipelines, [&] {
    return archive_->ReadDefinition(pipeline, version);
  });
}

absl::StatusOr<std::vector<ComponentRecord>> FaultyArchive::ReadComponents(
    PipelineNumber pipeline) {
  return faults_.Around(StoreCall::kAskPipelines,
                        [&] { return archive_->ReadComponents(pipeline); });
}

absl::StatusOr<std::optional<Instance>> FaultyArchive::ReadInstance(
    const InstanceKey& key) {
  return faults_.Around(StoreCall::kAskPipelines,
                        [&] { return archive_->ReadInstance(key); });
}

absl::StatusOr<std::vector<Instance>> FaultyArchive::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return faults_.Around(StoreCall::kAskPipelines,
                        [&] { return archive_->InstancesAt(pipeline, start); });
}

absl::StatusOr<std::vector<Attempt>> FaultyArchive::AttemptsOf(
    const InstanceKey& instance) {
  return faults_.Around(StoreCall::kAskPipelines,
                        [&] { return archive_->AttemptsOf(instance); });
}

absl::StatusOr<InstancePage> FaultyArchive::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  return faults_.Around(StoreCall::kAskPipelines, [&] {
    return archive_->ListInstances(filter, after, limit);
  });
}

absl::StatusOr<AttemptPage> FaultyArchive::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  return faults_.Around(StoreCall::kAskPipelines, [&] {
    return archive_->ListAttempts(filter, after, limit);
  });
}

}  // namespace holdline
