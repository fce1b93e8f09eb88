// Counts of calls in flight, so that a stopping server can wait for them.

#ifndef HOLDLINE_SERVER_RPC_CALL_CALLS_IN_FLIGHT_H_
#define HOLDLINE_SERVER_RPC_CALL_CALLS_IN_FLIGHT_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "server/base/steady_notification.h"

namespace holdline {

// Calls that arrived together, as far as a stop is concerned. Thread-safe.
class CallGeneration {
 public:
  // A call has arrived. Returns whether it belongs to these, and End is to be
  // called: not once their end is awaited.
  bool Begin() {
    // Counted before it is looked, so that whoever awaits the end either sees
    // this call or is seen by it.
    ++count_;
    if (!awaited_) return true;
    End();
    return false;
  }

  // A call that belongs to these has ended.
  void End() {
    if (--count_ == 0) none_.Notify();
  }

  // Takes no more calls, and waits until those that it has taken have ended,
  // but not beyond `deadline` of the steady clock.
  void AwaitNone(absl::Time deadline) {
    if (!awaited_.exchange(true)) End();
    none_.WaitUntil(deadline);
  }

 private:
  // One of them stands for the server itself, until the end is awaited.
  std::atomic<int64_t> count_{1};
  std::atomic<bool> awaited_{false};
  SteadyNotification none_;
};

// A server stops in two steps. While it waits for the calls that were there
// before, it goes on to serve those that arrive; then it takes no more, and
// waits for these. Thread-safe.
class CallsInFlight {
 public:
  // A call has arrived. Returns those that it belongs to, whose End is to be
  // called; null if no more calls are taken.
  CallGeneration* Begin() {
    for (CallGeneration* calls : {&earlier_, &later_}) {
      if (calls->Begin()) return calls;
    }
    return nullptr;
  }

  // Waits until the calls that have arrived before have ended, but not beyond
  // `deadline` of the steady clock. Calls go on to be taken.
  void AwaitEarlier(absl::Time deadline) { earlier_.AwaitNone(deadline); }

  // The same, and then takes no more calls, and waits until those that arrived
  // meanwhile have ended, too.
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
