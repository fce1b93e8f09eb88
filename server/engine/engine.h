// The loop: the one thread that owns a broker and its store.
//
// Any thread puts commands into a bounded inbox. The loop takes what is there,
// lets the broker decide, commits what it decided in one transaction, and only
// then answers. Commands that arrive during a commit form the next batch: that
// is group commit.

#ifndef HOLDLINE_SERVER_ENGINE_ENGINE_H_
#define HOLDLINE_SERVER_ENGINE_ENGINE_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/command.h"
#include "server/broker/options.h"
#include "server/broker/reply.h"
#include "server/engine/observer.h"
#include "server/store/store.h"

namespace holdline {

// Called once, on the loop's thread, with the answer to a command. Must not
// block. May submit further commands.
using ReplyCallback = std::function<void(ReplyBody)>;

struct EngineOptions {
  BrokerOptions broker;

  // The most commands that wait for the loop; more are refused.
  int inbox_max = 100000;

  // The most commands that one commit covers.
  int batch_max = 4096;

  // How many bytes of payloads are kept in memory for tasks not handed out yet;
  // others are read from the store at hand-out.
  int64_t payload_cache_bytes = int64_t{64} << 20;

  // How long ended tasks are kept.
  absl::Duration history_retention = absl::Hours(24 * 7);

  // The wait before the store is tried again after an error, at first and at
  // most.
  absl::Duration store_retry_min = absl::Milliseconds(100);
  absl::Duration store_retry_max = absl::Seconds(5);
};

// Thread-safe.
class Engine {
 public:
  // The store is not owned and must outlive the engine.
  Engine(EngineOptions options, Store* store, EngineObserver observer);

  // Stops the loop, as Stop.
  ~Engine();

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Loads the state and starts the loop. Returns the store's error, and starts
  // nothing, if it cannot be loaded.
  absl::Status Start();

  // Hands `what` to the loop. `reply` is called exactly once, possibly before
  // this returns: with RESOURCE_EXHAUSTED if the inbox is full, with
  // UNAVAILABLE if the engine is stopped, or if the store failed and the
  // outcome is unknown, with CANCELLED after CallGone. Returns the call's id,
  // with which CallGone can be said.
  CallId Call(CommandBody what, ReplyCallback reply);

  // Hands over a command that has no answer: CallGone or Undelivered. It is
  // taken even if the inbox is full.
  void Tell(CommandBody what);

  // Waits until everything in the inbox is answered and ends the loop. Parked
  // calls are answered as by StopHolding. Idempotent.
  void Stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_ENGINE_H_
