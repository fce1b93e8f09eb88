// The event loop of the engine, one turn per call; the thread is the engine's.
//
//   commands -> core decides -> store commits -> replies are published
//
// If a commit fails, no reply of the turn has been published: the callers get
// UNAVAILABLE, the core is destroyed, and its state is loaded from the store
// again, with exponential back-off, as at start.

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

  // The diary is not owned and must outlive the loop. `encode_task` makes the
  // stored payload of a pipeline's task, which its runner gets.
  Loop(const EngineOptions& options, Diary* diary, EncodeTask encode_task,
       JudgeDraft judge, EngineObserver observer);

  // Loads the state. Returns the store's error; Step then retries after the
  // back-off.
  absl::Status Load(const Now& now);

  // Applies the broker's limits and the retentions of `options`; its other
  // members are ignored.
  void Change(const EngineOptions& options);

  // Does one turn: first what is due at `now`, then the commands. The reply of
  // each command is called once, in this turn or a later one. `inbox_depth` is
  // the number of commands still queued, for the observer. Returns when the
  // next turn is due, by the steady clock: at most a quarter of a second from
  // now, so that a turn which begins much later reveals a gap.
  absl::Time Step(std::vector<Command> commands, int inbox_depth,
                  const Now& now);

  // Answers with UNAVAILABLE who has not been answered. No turn comes after it.
  void Close();

 private:
  // Step without a core: loads the state if a retry is due, and otherwise
  // refuses the commands.
  absl::Time StepWithoutStore(std::vector<Command> commands, const Now& now);

  // Extends leases (Core::GiveGrace) if runners may have gone unheard since the
  // last turn: the process was stopped or waited for its disk, or the calendar
  // was set forward, as when the host was suspended.
  void NoticeGap(const Now& now);

  // The functions by which the planner reads the store. They keep an error in
  // `read_status_`.
  PlannerSurroundings Surroundings();

  // Lets the core decide a command, after reading the stored task that it
  // needs.
  absl::Status Handle(Command& command, const Now& now);

  // Keeps the callback of the command in `callbacks_`.
  void Remember(Command& command);

  absl::Status Commit(CoreOutput& output, const TurnFacts& facts,
                      absl::Time now);
  void Publish(CoreOutput output);

  // Adds the payload to a PollAnswer with a task.
  void AttachPayload(ReplyBody& reply);

  // Deletes tasks and runs that are over their retention, and then returns free
  // space to the file system. Does nothing before `trim_at_`.
  absl::Status TrimHistory(const Now& now);

  // Checks that the store's files are still in place (Diary::Check), from
  // `check_at_` on. Also without commits: a loss that is noticed late cannot be
  // repaired.
  absl::Status CheckStore(const Now& now);

  // Answers all callers with UNAVAILABLE, since the outcome is unknown, and
  // destroys the core. Returns when the store is retried.
  absl::Time GiveUp(absl::Status status, const Now& now);

  EngineOptions options_;
  Diary* const diary_;
  const EncodeTask encode_task_;
  const JudgeDraft judge_;
  const EngineObserver observer_;

  // Absent while the store cannot be used.
  std::optional<Core> core_;

  // The callbacks of commands that are not answered yet.
  absl::flat_hash_map<CallId, ReplyCallback> callbacks_;

  // The first error of the core's reads from the store in this turn.
  absl::Status read_status_;

  // When the last turn began.
  Now last_;

  PayloadCache payloads_;
  RetentionCalendar retention_calendar_;

  // When TrimHistory and CheckStore are next due. By the steady clock, as is
  // `retry_at_`.
  absl::Time trim_at_ = absl::InfinitePast();
  absl::Time check_at_ = absl::InfinitePast();

  // While the store cannot be used: its error, the present back-off, and when
  // it is retried.
  absl::Status failure_;
  absl::Duration retry_wait_;
  absl::Time retry_at_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_LOOP_H_
