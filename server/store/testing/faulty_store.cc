#include "server/store/testing/faulty_store.h"

#include <optional>
#include <utility>

namespace holdline {

absl::Status DiskFull() {
  return absl::UnavailableError(
      "the disk is full: free some space, the server then goes on by itself");
}

FaultyStore::FaultyStore(Store* store) : store_(store) {}

void FaultyStore::Fail(Fault fault) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back(std::move(fault));
}

void FaultyStore::Heal() {
  absl::MutexLock lock(&mutex_);
  faults_.clear();
  for (Calls& calls : calls_) calls.stall = false;
}

void FaultyStore::Stall(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  of(call).stall = true;
}

void FaultyStore::Release(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  of(call).stall = false;
}

void FaultyStore::AwaitStalled(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  Calls& calls = of(call);
  mutex_.Await(absl::Condition(
      +[](Calls* calls) { return calls->stalled > 0; }, &calls));
}

int FaultyStore::calls(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  return of(call).made;
}

Fault FaultyStore::Begin(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  Calls& calls = of(call);
  ++calls.made;
  ++calls.stalled;
  mutex_.Await(absl::Condition(
      +[](Calls* calls) { return !calls->stall; }, &calls));
  --calls.stalled;
  for (Fault& fault : faults_) {
    if (fault.call != call || fault.times == 0) continue;
    if (fault.skip > 0) {
      --fault.skip;
      continue;
    }
    --fault.times;
    return fault;
  }
  return {.status = absl::OkStatus()};
}

template <typename Result>
Result FaultyStore::Pass(StoreCall call, absl::FunctionRef<Result()> pass) {
  const Fault fault = Begin(call);
  if (fault.status.ok()) return pass();
  if (fault.done) static_cast<void>(pass());
  return fault.status;
}

absl::StatusOr<State> FaultyStore::Load() {
  auto state = Pass<absl::StatusOr<State>>(StoreCall::kLoad,
                                           [&] { return store_->Load(); });
  absl::MutexLock lock(&mutex_);
  if (state.ok()) must_load_ = false;
  return state;
}

absl::Status FaultyStore::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  {
    absl::MutexLock lock(&mutex_);
    if (must_load_) {
      return absl::FailedPreconditionError("a commit failed: load first");
    }
  }
  auto status = Pass<absl::Status>(
      StoreCall::kCommit, [&] { return store_->Commit(tasks, pipelines); });
  absl::MutexLock lock(&mutex_);
  if (!status.ok()) must_load_ = true;
  return status;
}

absl::StatusOr<std::optional<Task>> FaultyStore::ReadTask(TaskId id) {
  return Pass<absl::StatusOr<std::optional<Task>>>(
      StoreCall::kReadTask, [&] { return store_->ReadTask(id); });
}

absl::StatusOr<std::string> FaultyStore::ReadPayload(TaskId id) {
  return Pass<absl::StatusOr<std::string>>(
      StoreCall::kReadPayload, [&] { return store_->ReadPayload(id); });
}

absl::StatusOr<int> FaultyStore::Trim(const EndedBefore& ended_before,
                                      int limit) {
  return Pass<absl::StatusOr<int>>(
      StoreCall::kTrim, [&] { return store_->Trim(ended_before, limit); });
}

absl::StatusOr<StoreSpace> FaultyStore::Shrink() {
  return Pass<absl::StatusOr<StoreSpace>>(StoreCall::kShrink,
                                          [&] { return store_->Shrink(); });
}

absl::StatusOr<std::string> FaultyStore::Secret() {
  return Pass<absl::StatusOr<std::string>>(StoreCall::kSecret,
                                           [&] { return store_->Secret(); });
}

absl::Status FaultyStore::Check() {
  return Pass<absl::Status>(StoreCall::kCheck, [&] { return store_->Check(); });
}

absl::StatusOr<std::optional<AccountRecord>> FaultyStore::FindAccount(
    const AccountId& account) {
  return Pass<absl::StatusOr<std::optional<AccountRecord>>>(
      StoreCall::kFindAccount, [&] { return store_->FindAccount(account); });
}

absl::StatusOr<std::optional<TaskHistory>> FaultyStore::History(
    const AccountId& account, TaskId id) {
  return Pass<absl::StatusOr<std::optional<TaskHistory>>>(
      StoreCall::kHistory, [&] { return store_->History(account, id); });
}

absl::StatusOr<TaskPage> FaultyStore::List(const TaskFilter& filter) {
  return Pass<absl::StatusOr<TaskPage>>(StoreCall::kList,
                                        [&] { return store_->List(filter); });
}

absl::StatusOr<PipelineRows> FaultyStore::LoadPipelines() {
  return Pass<absl::StatusOr<PipelineRows>>(
      StoreCall::kLoadPipelines, [&] { return store_->LoadPipelines(); });
}

absl::StatusOr<std::optional<Instance>> FaultyStore::ReadInstance(
    const InstanceKey& key) {
  return Pass<absl::StatusOr<std::optional<Instance>>>(
      StoreCall::kReadInstance, [&] { return store_->ReadInstance(key); });
}

absl::StatusOr<std::vector<Instance>> FaultyStore::ReadInstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return Pass<absl::StatusOr<std::vector<Instance>>>(
      StoreCall::kReadInstancesAt,
      [&] { return store_->ReadInstancesAt(pipeline, start); });
}

absl::StatusOr<bool> FaultyStore::ReadDeletedPipeline(const AccountId& account,
                                                      const std::string& id) {
  return Pass<absl::StatusOr<bool>>(StoreCall::kReadDeletedPipeline, [&] {
    return store_->ReadDeletedPipeline(account, id);
  });
}

absl::StatusOr<std::optional<PipelineRecord>> FaultyStore::FindPipeline(
    const AccountId& account, const std::string& id) {
  return Pass<absl::StatusOr<std::optional<PipelineRecord>>>(
      StoreCall::kAskPipelines,
      [&] { return store_->FindPipeline(account, id); });
}

absl::StatusOr<std::vector<PipelineRecord>> FaultyStore::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  return Pass<absl::StatusOr<std::vector<PipelineRecord>>>(
      StoreCall::kAskPipelines,
      [&] { return store_->ListPipelines(account, after, limit); });
}

absl::StatusOr<std::optional<Definition>> FaultyStore::ReadDefinition(
    PipelineNumber pipeline, int version) {
  return Pass<absl::StatusOr<std::optional<Definition>>>(
      StoreCall::kAskPipelines,
      [&] { return store_->ReadDefinition(pipeline, version); });
}

absl::StatusOr<std::vector<ComponentRecord>> FaultyStore::ReadComponents(
    PipelineNumber pipeline) {
  return Pass<absl::StatusOr<std::vector<ComponentRecord>>>(
      StoreCall::kAskPipelines,
      [&] { return store_->ReadComponents(pipeline); });
}

absl::StatusOr<std::optional<Instance>> FaultyStore::FindInstance(
    const InstanceKey& key) {
  return Pass<absl::StatusOr<std::optional<Instance>>>(
      StoreCall::kAskPipelines, [&] { return store_->FindInstance(key); });
}

absl::StatusOr<std::vector<Instance>> FaultyStore::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return Pass<absl::StatusOr<std::vector<Instance>>>(
      StoreCall::kAskPipelines,
      [&] { return store_->InstancesAt(pipeline, start); });
}

absl::StatusOr<std::vector<Attempt>> FaultyStore::AttemptsOf(
    const InstanceKey& instance) {
  return Pass<absl::StatusOr<std::vector<Attempt>>>(
      StoreCall::kAskPipelines, [&] { return store_->AttemptsOf(instance); });
}

absl::StatusOr<InstancePage> FaultyStore::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  return Pass<absl::StatusOr<InstancePage>>(StoreCall::kAskPipelines, [&] {
    return store_->ListInstances(filter, after, limit);
  });
}

absl::StatusOr<AttemptPage> FaultyStore::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  return Pass<absl::StatusOr<AttemptPage>>(StoreCall::kAskPipelines, [&] {
    return store_->ListAttempts(filter, after, limit);
  });
}

}  // namespace holdline
