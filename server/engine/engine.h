// The engine: the one thread that owns the broker, the planner and the writing
// half of the store.
//
// Any thread puts commands into a bounded inbox. The loop takes all commands
// that wait, lets the broker and the planner decide them, commits the result in
// one transaction, and only then answers. Commands that arrive during a commit
// form the next batch: that is group commit.

#ifndef HOLDLINE_SERVER_ENGINE_ENGINE_H_
#define HOLDLINE_SERVER_ENGINE_ENGINE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/engine/clock.h"
#include "server/engine/command.h"
#include "server/engine/draft_judge.h"
#include "server/engine/inbox.h"
#include "server/engine/loop.h"
#include "server/engine/observer.h"
#include "server/engine/options.h"
#include "server/store/diary.h"

namespace holdline {

// Thread-safe.
class Engine {
 public:
  // The diary is not owned and must outlive the engine. `encode_task` is passed
  // to Loop. `clock` is called on the loop's thread only.
  Engine(const EngineOptions& options, Diary* diary, EncodeTask encode_task,
         EngineObserver observer, std::function<Now()> clock = SystemClock());

  // Stops the loop, as Stop.
  ~Engine();

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Loads the state and starts the loop. Returns the store's error, and starts
  // nothing, if it cannot be loaded.
  absl::Status Start();

  // Hands `body` to the loop. `reply` is called exactly once, on the loop's
  // thread, or before this returns if the command is refused:
  // RESOURCE_EXHAUSTED if `account` has `inbox_max` commands in the inbox;
  // UNAVAILABLE if the engine is stopped, or if the store failed and the
  // outcome is unknown. `account` is the caller's; empty if the server itself
  // sends the command. The callback must not block; it may call Call and Tell.
  // Commands of an account are handled in the order in which they were handed
  // over. Returns the id of the call, for CallGone.
  CallId Call(CommandBody body, ReplyCallback reply, AccountId account = {});

  // Hands over a command that is not answered: CallGone or Undelivered.
  // `account` is that of the call it concerns.
  void Tell(CommandBody body, AccountId account = {});

  // Applies the broker's limits and the retentions of `options` from the next
  // turn on; its other members are ignored.
  void Change(const EngineOptions& options);

  // Answers parked calls as StopHolding does, then everything in the inbox, and
  // ends the loop. What could only be answered by a later turn gets
  // UNAVAILABLE. Idempotent.
  void Stop();

 private:
  void Run();
  void TakeChange();

  Inbox inbox_;
  const int batch_max_;
  std::atomic<uint64_t> next_call_{1};

  DraftJudge judge_;

  // Used by the loop's thread only, once it runs.
  Loop loop_;
  const std::function<Now()> clock_;

  absl::Mutex mutex_;
  std::optional<EngineOptions> change_ ABSL_GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_ENGINE_H_
