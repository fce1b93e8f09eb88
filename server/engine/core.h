// The broker and the planner as one state machine: a change of a task and the
// change of the instance whose attempt it is are decided in one turn and stored
// in one transaction. The consequences for other instances may be decided in
// later turns.

#ifndef HOLDLINE_SERVER_ENGINE_CORE_H_
#define HOLDLINE_SERVER_ENGINE_CORE_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/broker.h"
#include "server/broker/now.h"
#include "server/broker/turn.h"
#include "server/engine/command.h"
#include "server/pipeline/planner/planner.h"

namespace holdline {

struct CoreOptions {
  BrokerOptions broker;
  PlannerOptions planner;
};

// The result of a batch of commands. The two batches are stored in one
// transaction; the replies are published after its commit.
struct CoreOutput {
  Batch tasks;
  PipelineBatch pipelines;
  std::vector<Reply> replies;

  // To be judged on another thread: each result is a command.
  std::vector<Draft> drafts;
};

// Owns a Broker and a Planner, whose methods of the same names describe those
// here. Not thread-safe.
class Core {
 public:
  Core(const CoreOptions& options, State state, PipelineRows rows,
       PlannerSurroundings surroundings, const Now& now);

  std::optional<TaskId> RecordNeeded(const CommandBody& command) const;

  // Decides a command. Sets Turn::is_retired itself, whatever `turn` has.
  void Handle(const Turn& turn, CommandBody command);

  // Does what is due at `now`: at most `task_steps_max` steps of tasks and
  // `pipeline_steps_max` steps of pipelines.
  void Advance(const Now& now, int task_steps_max, int pipeline_steps_max);

  void SetOptions(const BrokerOptions& options) { broker_.SetOptions(options); }

  void GiveGrace(const Now& now, absl::Duration gap) {
    broker_.GiveGrace(now, gap);
  }

  // When Advance is to be called again, by the steady clock; infinite future if
  // never.
  absl::Time NextDeadline() const;
  bool HasOutput() const { return broker_.HasOutput() || planner_.HasOutput(); }
  CoreOutput TakeOutput();

  const Broker& broker() const { return broker_; }
  const Planner& planner() const { return planner_; }

 private:
  // Passes the broker's new updates to the planner and hands out the tasks that
  // the planner creates, until neither makes a further change.
  void Settle(const Now& now);

  Broker broker_;
  Planner planner_;
  Now now_;

  // How many of the broker's updates the planner has seen.
  size_t observed_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_CORE_H_
