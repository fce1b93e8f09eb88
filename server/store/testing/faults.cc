#include "server/store/testing/faults.h"

#include <utility>

namespace holdline {

absl::Status DiskFull() {
  return absl::UnavailableError(
      "the disk is full: free some space, the server then goes on by itself");
}

void Faults::Fail(Fault fault) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::Heal() {
  absl::MutexLock lock(&mutex_);
  faults_.clear();
  for (Calls& calls : calls_) calls.stall = false;
}

void Faults::Stall(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  of(call).stall = true;
}

void Faults::Release(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  of(call).stall = false;
}

void Faults::AwaitStalled(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  Calls& calls = of(call);
  mutex_.Await(absl::Condition(
      +[](Calls* calls) { return calls->stalled > 0; }, &calls));
}

int Faults::calls(StoreCall call) {
  absl::MutexLock lock(&mutex_);
  return of(call).made;
}

Fault Faults::Begin(StoreCall call) {
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

}  // namespace holdline
