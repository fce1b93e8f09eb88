// A store that forgets everything when it is destroyed: for tests, and for
// those who need no durability.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/store/memory/memory_pipelines.h"
#include "server/store/store.h"

namespace holdline {

// Thread-safe. Never UNAVAILABLE.
class MemoryStore : public Store {
 public:
  MemoryStore();

  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  absl::StatusOr<State> Load() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override { return StoreSpace(); }
  absl::StatusOr<std::string> Secret() override;
  absl::Status Check() override { return absl::OkStatus(); }
  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) override;
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id) override;
  absl::StatusOr<TaskPage> List(const TaskFilter& filter) override;

  absl::StatusOr<PipelineRows> LoadPipelines() override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<std::vector<Instance>> ReadInstancesAt(
      PipelineNumber pipeline, absl::Time start) override;
  absl::StatusOr<bool> ReadDeletedPipeline(const AccountId& account,
                                           const std::string& id) override;
  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) override;
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) override;
  absl::StatusOr<std::optional<Definition>> ReadDefinition(
      PipelineNumber pipeline, int version) override;
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) override;
  absl::StatusOr<std::optional<Instance>> FindInstance(
      const InstanceKey& key) override;
  absl::StatusOr<std::vector<Instance>> InstancesAt(PipelineNumber pipeline,
                                                    absl::Time start) override;
  absl::StatusOr<std::vector<Attempt>> AttemptsOf(
      const InstanceKey& instance) override;
  absl::StatusOr<InstancePage> ListInstances(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit) override;
  absl::StatusOr<AttemptPage> ListAttempts(
      const RunFilter& filter, const std::optional<AttemptKey>& after,
      int limit) override;

 private:
  // Returns DATA_LOSS if `batch` does not fit what is stored.
  absl::Status Check(const Batch& batch) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Change(const ChangedTask& changed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ChangeSettings(const Batch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Tells of a live attempt what its task knows.
  void Complete(Attempt& attempt) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Constant after construction.
  const std::string secret_;

  absl::Mutex mutex_;
  std::map<TaskId, TaskHistory> tasks_ ABSL_GUARDED_BY(mutex_);

  // All of tasks_, the live ones at infinite future.
  std::set<std::pair<absl::Time, TaskId>> ends_ ABSL_GUARDED_BY(mutex_);

  // All but the tasks.
  State state_ ABSL_GUARDED_BY(mutex_);

  MemoryPipelines pipelines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_STORE_H_
