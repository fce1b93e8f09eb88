// Hooks for metrics and logging of the engine.

#ifndef HOLDLINE_SERVER_ENGINE_OBSERVER_H_
#define HOLDLINE_SERVER_ENGINE_OBSERVER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/notification.h"
#include "server/store/diary.h"

namespace holdline {

// Statistics of one turn of the loop.
struct TurnFacts {
  // The commands that the turn handled, and those queued after it.
  int commands = 0;
  int inbox_depth = 0;

  // How long the commit took.
  absl::Duration commit_time;
};

// A gap: the loop made no turn for a while, or the system clock was set.
struct GapFacts {
  // The time without a turn.
  absl::Duration stall;

  // How far the system clock was set; negative if it was set back.
  absl::Duration step;
};

// Callbacks on the loop's thread, if set. They must not block.
struct EngineObserver {
  // The results of a turn, of tasks and of pipelines, are on disk. Called
  // before its replies are published.
  std::function<void(const Batch& tasks, const PipelineBatch& pipelines,
                     const TurnFacts& facts, absl::Time now)>
      on_committed = nullptr;

  // A notification that is on disk is to be delivered, for the first time or
  // again; also after a restart.
  std::function<void(const Notification& notification)> on_notification =
      nullptr;

  // The size of the store was measured, after a trim.
  std::function<void(const StoreSpace& space)> on_store_space = nullptr;

  // The store has failed (the error), or is available again (OK).
  std::function<void(const absl::Status& status)> on_store_status = nullptr;

  // There was a gap.
  std::function<void(const GapFacts& facts)> on_gap = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_OBSERVER_H_
