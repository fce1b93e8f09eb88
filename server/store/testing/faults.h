// Faults to be injected into the calls of a store, for tests.

#ifndef HOLDLINE_SERVER_STORE_TESTING_FAULTS_H_
#define HOLDLINE_SERVER_STORE_TESTING_FAULTS_H_

#include <array>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace holdline {

// The methods of Diary and Archive.
enum class StoreCall {
  kLoad,
  kCommit,
  kReadTask,
  kReadPayload,
  kTrim,
  kShrink,
  kSecret,
  kCheck,
  kLoadPipelines,
  kReadInstance,
  kWasDeleted,
  kFindAccount,
  kHistory,
  kList,

  // All queries about pipelines.
  kAskPipelines,
};

inline constexpr int kStoreCalls = 15;

// The error of the stores when the disk is full.
absl::Status DiskFull();

// One way to fail.
struct Fault {
  StoreCall call = StoreCall::kCommit;

  // How many such calls pass before the first that fails.
  int skip = 0;

  // How many such calls in a row fail.
  int times = 1;

  // Whether the call is made before it fails, so that the outcome is unknown.
  bool done = false;

  absl::Status status = DiskFull();
};

// Thread-safe.
class Faults {
 public:
  // Adds a fault. Of several that match a call the first one added applies.
  void Fail(Fault fault);

  // The disk works again: drops all faults and ends all stalls.
  void Heal();

  // Makes calls of this kind wait, before they are made, until Release or Heal.
  void Stall(StoreCall call);
  void Release(StoreCall call);

  // Waits until a call of this kind is stalled.
  void AwaitStalled(StoreCall call);

  // The number of calls of this kind, the stalled and failed included.
  int calls(StoreCall call);

  // Makes a call by `pass`, unless a fault replaces its result.
  template <typename Pass>
  auto Around(StoreCall call, Pass pass) -> decltype(pass()) {
    const Fault fault = Begin(call);
    if (fault.status.ok()) return pass();
    if (fault.done) static_cast<void>(pass());
    return fault.status;
  }

 private:
  struct Calls {
    int made = 0;
    int stalled = 0;
    bool stall = false;
  };

  // Counts a call, waits while it is stalled, and returns the fault that
  // applies; one with status OK if none does.
  Fault Begin(StoreCall call);

  Calls& of(StoreCall call) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return calls_[static_cast<int>(call)];
  }

  absl::Mutex mutex_;
  std::array<Calls, kStoreCalls> calls_ ABSL_GUARDED_BY(mutex_);
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_FAULTS_H_
