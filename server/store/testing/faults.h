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

  // Whatever an archive is asked of pipelines.
  kAskPipelines,
};

inline constexpr int kStoreCalls = 15;

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

// Thread-safe.
class Faults {
 public:
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

  // Makes a call by `pass`, around which a fault may strike.
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

  // Counts a call, waits while it is stalled and returns how it is to fail; the
  // default, with an OK status, if it is not.
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
