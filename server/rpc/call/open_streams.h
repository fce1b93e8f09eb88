// The streams that are open, limited by account, and ended when the server
// stops.

#ifndef HOLDLINE_SERVER_RPC_CALL_OPEN_STREAMS_H_
#define HOLDLINE_SERVER_RPC_CALL_OPEN_STREAMS_H_

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/account_id.h"
#include "server/base/steady_notification.h"
#include "server/rpc/call/holding.h"
#include "server/rpc/call/stream_call.h"

namespace holdline {

// Thread-safe. Calls only streams that were added and not removed; Remove waits
// for such a call.
class OpenStreams {
 public:
  // `account_max` is the most open streams of one account.
  explicit OpenStreams(int account_max) : account_max_(account_max) {}

  // Adds a stream, which may then be stopped at any time. It is not added if
  // there is an error: RESOURCE_EXHAUSTED, which names the limit, if its
  // account has `account_max`; UNAVAILABLE after Drain.
  absl::Status Add(StreamCall* stream);

  // Before a stream is deleted, whether it was added or not.
  void Remove(StreamCall* stream);

  // Ends all streams with UNAVAILABLE, each after a delay of `holding`, and
  // makes Add refuse further ones. Idempotent.
  void Drain(const Holding& holding);

  // Waits until no stream is left, but not beyond `deadline` of the steady
  // clock; then cancels the rest, whose callers do not read. REQUIRES: Drain
  // was called.
  void AwaitNone(absl::Time deadline);

 private:
  const int account_max_;

  absl::Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_set<StreamCall*> streams_ ABSL_GUARDED_BY(mutex_);

  // The number of streams by account; none is 0.
  absl::flat_hash_map<AccountId, int> counts_ ABSL_GUARDED_BY(mutex_);

  SteadyNotification none_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_OPEN_STREAMS_H_
