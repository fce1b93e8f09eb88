// Hold times of calls, and the spread of their answers when the server stops.

#ifndef HOLDLINE_SERVER_RPC_CALL_HOLDING_H_
#define HOLDLINE_SERVER_RPC_CALL_HOLDING_H_

#include <atomic>
#include <cstdint>

#include "absl/time/time.h"
#include "server/rpc/call/unary_call.h"

namespace holdline {

// Thread-safe.
class Holding {
 public:
  // No call is held for longer than `hold_max` or what its caller may be, nor
  // into the last `margin` before its deadline, so that an empty answer still
  // reaches the caller.
  Holding(absl::Duration hold_max, absl::Duration margin)
      : hold_max_(hold_max), margin_(margin) {}

  // Until when a call may be held, by the steady clock. It is the past if the
  // call's deadline is too near: such a call gets what is there at once.
  absl::Time Until(const UnaryCall& call) const;

  // From now on Delay spreads answers over `spread`, which ends at `now` and so
  // much. If it has been called before, the earlier end counts.
  void StartDraining(absl::Duration spread, absl::Time now);

  // How long to keep, from `now` on, the answer of a call that was let go
  // because the server is stopping: a random part of what is left of the
  // spread, so that the callers do not all come back at once. Zero before
  // draining, and after it.
  absl::Duration Delay(absl::Time now) const;

 private:
  const absl::Duration hold_max_;
  const absl::Duration margin_;

  // No answer is kept beyond it, in nanoseconds of the steady clock; INT64_MAX
  // before draining.
  std::atomic<int64_t> ends_at_{INT64_MAX};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_HOLDING_H_
