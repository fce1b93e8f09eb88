// How many calls are between their arrival and their end, so that a server that
// stops knows when those it owes an answer are done.

#ifndef HOLDLINE_SERVER_RPC_CALLS_IN_FLIGHT_H_
#define HOLDLINE_SERVER_RPC_CALLS_IN_FLIGHT_H_

#include <atomic>
#include <cstdint>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace holdline {

// Thread-safe.
class CallsInFlight {
 public:
  // A call has arrived. Returns whether it counts, and End is to be called: not
  // once the end of the others is awaited.
  bool Begin() {
    if (awaited_) return false;
    ++count_;
    return true;
  }

  // A call that counts has ended.
  void End() {
    if (--count_ == 0 && !told_.exchange(true)) none_.Notify();
  }

  // Waits until the calls that have arrived so far have ended, but not beyond
  // `deadline`.
  void AwaitNone(absl::Time deadline) {
    if (!awaited_.exchange(true)) End();
    none_.WaitForNotificationWithDeadline(deadline);
  }

 private:
  // One of them stands for the server itself, until the end is awaited.
  std::atomic<int64_t> count_{1};
  std::atomic<bool> awaited_{false};
  std::atomic<bool> told_{false};
  absl::Notification none_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALLS_IN_FLIGHT_H_
