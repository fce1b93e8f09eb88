// The engine's event loop, a turn at a time and without its thread.
//
//   commands -> core decides -> store commits -> replies are published
//
// If a commit fails, nobody has been told anything of it: the callers get
// UNAVAILABLE, the core is dropped, and its state is loaded again, with
// back-off, as at start.

#ifndef HOLDLINE_SERVER_ENGINE_LOOP_H_
#define HOLDLINE_SERVER_ENGINE_LOOP_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/engine/command.h"
#include "server/engine/core.h"
#include "server/engine/inbox.h"
#include "server/engine/observer.h"
#include "server/engine/options.h"
#include "server/engine/payload_cache.h"
#include "server/engine/retention_calendar.h"
#include "server/store/diary.h"

namespace holdline {

// Not thread-safe.
class Loop {
 public:
  // Takes a draft that is to be judged: DraftJudged is to be a command of a
  // later turn. Must not block.
  using JudgeDraft = std::function<void(Draft draft)>;

  // The diary is not owned and must outlive the loop. `encode_task` makes what
  // is stored of a pipeline's task, for its runner to be told.
  Loop(const EngineOptions& options, Diary* diary, EncodeTask encode_task,
       JudgeDraft judge, EngineObserver observer);

  // Loads the state. Returns the store's error, after which Step tries again
  // when it is due.
  absl::Status Load(const Now& now);

  // Goes by other limits of the broker and retentions from now on; the rest of
  // the options stays.
  void Change(const EngineOptions& options);

  // Does a turn: what is due at `now`, then the commands. Every command's reply
  // is called once, in this turn or in a later one. `inbox_depth` is what waits
  // meanwhile, for the observer. Returns when the next turn is due, by the
  // steady clock: within a quarter of a second, so that a turn which comes much
  // later tells of a gap.
  absl::Time Step(std::vector<Command> commands, int inbox_depth,
                  const Now& now);

  // Answers with UNAVAILABLE who has not been answered. No turn comes after it.
  void Close();

 private:
  // Refuses commands while there is no core.
  absl::Time StepWithoutStore(std::vector<Command> commands, const Now& now);

  // Gives the core grace if nobody may have been listened to since the last
  // turn: the process stood still or waited for its disk, or the calendar went
  // forward, as it does when a machine was suspended.
  void NoticeGap(const Now& now);

  // What the planner gets from the store. An error is kept in `read_status_`.
  PlannerSurroundings Surroundings();

  // Lets the core decide a command, with the record that it needs.
  absl::Status Handle(Command& command, const Now& now);

  // Keeps who is to be told.
  void Remember(Command& command);

  absl::Status Commit(CoreOutput& output, const TurnFacts& facts,
                      absl::Time now);
  void Publish(CoreOutput output);

  // Adds the payload to an answer that hands out a task.
  void AttachPayload(ReplyBody& reply);

  // Deletes what ended long ago, if it is time to, and then gives back room.
  absl::Status TrimHistory(const Now& now);

  // Looks whether the store still holds what was acknowledged, if it is time
  // to: also while nothing is committed, since later it may be too late.
  absl::Status CheckStore(const Now& now);

  // Tells everybody that the outcome is unknown, and drops the core. Returns
  // when the store is tried again.
  absl::Time GiveUp(absl::Status status, const Now& now);

  EngineOptions options_;
  Diary* const diary_;
  const EncodeTask encode_task_;
  const JudgeDraft judge_;
  const EngineObserver observer_;

  // Absent while the store cannot be used.
  std::optional<Core> core_;

  // Who is to be told, by call.
  absl::flat_hash_map<CallId, ReplyCallback> callbacks_;

  // Whether the core could read what it had to, since the last turn.
  absl::Status read_status_;

  // When the last turn began.
  Now last_;

  PayloadCache payloads_;
  RetentionCalendar retention_calendar_;

  // By the steady clock, as `retry_at_`.
  absl::Time trim_at_ = absl::InfinitePast();
  absl::Time check_at_ = absl::InfinitePast();

  // While the store cannot be used: why, and when it is tried again.
  absl::Status failure_;
  absl::Duration retry_wait_;
  absl::Time retry_at_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_LOOP_H_
