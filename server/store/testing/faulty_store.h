// A store that fails when a test says so, in front of one that works.
//
//   FaultyStore store(&memory);
//   store.Fail({.call = StoreCall::kCommit, .skip = 2});  // the third fails
//
// The third Commit from there on returns UNAVAILABLE with nothing stored; with
// `.done = true` it returns the same after it has stored the batch.

#ifndef HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_
#define HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/store/store.h"

namespace holdline {

// The methods of Store and PipelineStore.
enum class StoreCall {
  kLoad,
  kCommit,
  kReadTask,
  kReadPayload,
  kTrim,
  kShrink,
  kSecret,
  kCheck,
  kFindAccount,
  kHistory,
  kList,
  kLoadPipelines,
  kReadInstance,
  kReadInstancesAt,
  kReadDeletedPipeline,

  // Whatever the thread that asks about history asks of pipelines.
  kAskPipelines,
};

inline constexpr int kStoreCalls = 16;

// What the stores say when the disk is full.
absl::Status DiskFull();

// One way to fail.
struct Fault {
  StoreCall call = StoreCall::kCommit;

  // How many such calls pass before the first that fails.
  int skip = 0;

  // How many such calls in a row fail.
  int times = 1;

  // Fails after the call was done, so that the outcome is unknown.
  bool done = false;

  absl::Status status = DiskFull();
};

// Thread-safe, as far as the store behind it is. Holds that store to its
// contract: a Commit after a failed Commit without a Load between is refused
// with FAILED_PRECONDITION.
class FaultyStore : public Store {
 public:
  // `store` is not owned and must outlive this.
  explicit FaultyStore(Store* store);

  FaultyStore(const FaultyStore&) = delete;
  FaultyStore& operator=(const FaultyStore&) = delete;

  // Adds a fault. Of several that fit a call the first one added counts.
  void Fail(Fault fault);

  // The disk works again: drops all faults and ends all stalls.
  void Heal();

  // From now on calls of this kind wait, before anything is done, until
  // Release or Heal.
  void Stall(StoreCall call);
  void Release(StoreCall call);

  // Waits until a call of this kind is stalled.
  void AwaitStalled(StoreCall call);

  // How many calls of this kind were made, the stalled and failed included.
  int calls(StoreCall call);

  absl::StatusOr<State> Load() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override;
  absl::StatusOr<std::string> Secret() override;
  absl::Status Check() override;
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
  struct Calls {
    int made = 0;
    int stalled = 0;
    bool stall = false;
  };

  // Counts a call, waits while it is stalled and returns how it is to fail; the
  // default, with an OK status, if it is not.
  Fault Begin(StoreCall call);

  // Makes a call of the store behind, around which a fault may strike.
  template <typename Result>
  Result Pass(StoreCall call, absl::FunctionRef<Result()> pass);

  Calls& of(StoreCall call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return calls_[static_cast<int>(call)];
  }

  Store* const store_;

  absl::Mutex mutex_;
  std::array<Calls, kStoreCalls> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mutex_);
  bool must_load_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_FAULTY_STORE_H_
