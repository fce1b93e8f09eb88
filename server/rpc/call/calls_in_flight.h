// Counts of calls in flight, so that a stopping server can wait for them.

#ifndef HOLDLINE_SERVER_RPC_CALL_CALLS_IN_FLIGHT_H_
#define HOLDLINE_SERVER_RPC_CALL_CALLS_IN_FLIGHT_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "server/base/steady_notification.h"

namespace holdline {

// The calls of one step of a stop; see CallsInFlight. Thread-safe.
class CallGeneration {
 public:
  // Counts a call that has arrived, for which End must be called. Returns
  // false, and does not count it, once AwaitNone was called.
  bool Begin() {
    // Counts before reading `awaited_`, so that either AwaitNone sees this call
    // or this call sees AwaitNone.
    ++count_;
    if (!awaited_) return true;
    End();
    return false;
  }

  // A call that belongs to these has ended.
  void End() {
    if (--count_ == 0) none_.Notify();
  }

  // Makes Begin return false from now on, and waits until the counted calls
  // have ended, but not beyond `deadline` of the steady clock.
  void AwaitNone(absl::Time deadline) {
    if (!awaited_.exchange(true)) End();
    none_.WaitUntil(deadline);
  }

 private:
  // The number of calls, plus 1 until AwaitNone, so that it does not reach 0
  // before.
  std::atomic<int64_t> count_{1};
  std::atomic<bool> awaited_{false};
  SteadyNotification none_;
};

// A server stops in two steps: it waits for the calls that arrived before the
// stop, and meanwhile serves new ones; then it refuses new ones, and waits for
// those that arrived in between. Thread-safe.
class CallsInFlight {
 public:
  // Counts a call that has arrived. Returns its generation, whose End must be
  // called; null if no more calls are accepted.
  CallGeneration* Begin() {
    for (CallGeneration* calls : {&earlier_, &later_}) {
      if (calls->Begin()) return calls;
    }
    return nullptr;
  }

  // Waits until the calls that arrived before have ended, but not beyond
  // `deadline` of the steady clock. Calls are still accepted.
  void AwaitEarlier(absl::Time deadline) { earlier_.AwaitNone(deadline); }

  // As AwaitEarlier; then accepts no more calls, and waits until those that
  // arrived meanwhile have ended too.
  void AwaitAll(absl::Time deadline) {
    earlier_.AwaitNone(deadline);
    later_.AwaitNone(deadline);
  }

 private:
  CallGeneration earlier_;
  CallGeneration later_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_CALLS_IN_FLIGHT_H_
