// The broker and the planner as one state machine: what happens to a task and
// to the instance that it tries is decided at once and stored together. What
// follows for other instances may be left for later turns.

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

// The result of a batch of commands: the batches are to be stored in one
// transaction, and the replies published after that.
struct CoreOutput {
  Batch tasks;
  PipelineBatch pipelines;
  std::vector<Reply> replies;

  // To be judged on another thread: each result is a command.
  std::vector<Draft> drafts;
};

// Not thread-safe. As Broker and Planner, which it is made of.
class Core {
 public:
  Core(const CoreOptions& options, State state, PipelineRows rows,
       PlannerSurroundings surroundings, const Now& now);

  std::optional<TaskId> RecordNeeded(const CommandBody& command) const;

  // Decides a command. Which worker groups are retired is seen to here.
  void Handle(const Turn& turn, CommandBody command);

  // Does what is due at `now`: at most so many things with tasks, and so many
  // in pipelines.
  void Advance(const Now& now, int task_steps_max, int pipeline_steps_max);

  void SetOptions(const BrokerOptions& options) { broker_.SetOptions(options); }

  void GiveGrace(const Now& now, absl::Duration gap) {
    broker_.GiveGrace(now, gap);
  }

  // By the steady clock.
  absl::Time NextDeadline() const;
  bool HasOutput() const { return broker_.HasOutput() || planner_.HasOutput(); }
  CoreOutput TakeOutput();

  const Broker& broker() const { return broker_; }
  const Planner& planner() const { return planner_; }

 private:
  // Lets the planner follow what the broker has recorded, and hand out what
  // comes of it, until nothing comes any more.
  void Settle(const Now& now);

  Broker broker_;
  Planner planner_;
  Now now_;

  // How many of the broker's updates the planner has seen.
  size_t observed_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_CORE_H_
