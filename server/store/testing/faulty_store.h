// A store that forwards to another one, and fails when a test says so.
//
//   FaultyStore store(&memory);
//   store.Fail({.call = StoreCall::kCommit, .skip = 2});  // the third fails
//
// The third Commit from there on returns UNAVAILABLE with nothing stored; with
// `.done = true` it returns the same after it has stored the batch.

#ifndef HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_
#define HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store.h"
#include "server/store/testing/faults.h"

namespace holdline {

// Enforces the contract of Diary: a Commit after a failed Commit without a Load
// in between is refused with FAILED_PRECONDITION.
class FaultyDiary : public Diary {
 public:
  // Neither is owned; both must outlive this.
  FaultyDiary(Diary* diary, Faults* faults)
      : diary_(*diary), faults_(*faults) {}

  absl::StatusOr<State> Load() override;
  absl::StatusOr<PipelineRows> LoadPipelines() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                  const std::string& id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override;
  absl::StatusOr<std::string> Secret() override;
  absl::Status Check() override;

 private:
  Diary& diary_;
  Faults& faults_;
  bool must_load_ = false;
};

class FaultyArchive : public Archive {
 public:
  // `faults` is not owned and must outlive this.
  FaultyArchive(std::unique_ptr<Archive> archive, Faults* faults)
      : archive_(std::move(archive)), faults_(*faults) {}

  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) override;
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id) override;
  absl::StatusOr<TaskPage> List(const TaskFilter& filter) override;
  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) override;
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) override;
  absl::StatusOr<std::optional<SharedDefinition>> ReadDefinition(
      PipelineNumber pipeline, int version) override;
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
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
  const std::unique_ptr<Archive> archive_;
  Faults& faults_;
};

// As thread-safe as the store behind it.
class FaultyStore : public Store, public Faults {
 public:
  // `store` is not owned and must outlive this.
  explicit FaultyStore(Store* store)
      : store_(*store), diary_(&store->diary(), this) {}

  FaultyStore(const FaultyStore&) = delete;
  FaultyStore& operator=(const FaultyStore&) = delete;

  Diary& diary() override { return diary_; }
  std::unique_ptr<Archive> OpenArchive() override {
    return std::make_unique<FaultyArchive>(store_.OpenArchive(), this);
  }

 private:
  Store& store_;
  FaultyDiary diary_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_
