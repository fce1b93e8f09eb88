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
  // A call is held for at most `hold_max`, or the limit of its caller if that
  // is shorter, and until `margin` before its deadline, so that an empty answer
  // still reaches the caller.
  Holding(absl::Duration hold_max, absl::Duration margin)
      : hold_max_(hold_max), margin_(margin) {}

  // Until when a call may be held, by the steady clock. In the past if the
  // call's deadline is too near: such a call is answered at once.
  absl::Time Until(const UnaryCall& call) const;

  // Makes Delay spread answers until `now + spread`, or until the end set by an
  // earlier call if that is sooner.
  void StartDraining(absl::Duration spread, absl::Time now);

  // The delay, from `now`, of the answer of a held call that ends because the
  // server is stopping: a random part of the time left of the spread, so that
  // not all callers reconnect at once. Zero before draining and after the
  // spread.
  absl::Duration Delay(absl::Time now) const;

 private:
  const absl::Duration hold_max_;
  const absl::Duration margin_;

  // The end of the spread, in nanoseconds of the steady clock; INT64_MAX before
  // draining.
  std::atomic<int64_t> ends_at_{INT64_MAX};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_HOLDING_H_
