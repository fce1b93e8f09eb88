#include "server/engine/core.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "server/base/overloaded.h"

namespace holdline {
namespace {

// What the one or the other answers, as the engine does.
template <typename Body>
ReplyBody Widened(Body body) {
  return std::visit([](auto& kind) { return ReplyBody(std::move(kind)); },
                    body);
}

}  // namespace

Core::Core(const CoreOptions& options, State state, PipelineRows rows,
           PlannerSurroundings surroundings, const Now& now)
    : broker_(options.broker, std::move(state), now),
      planner_(options.planner, std::move(rows), &broker_,
               std::move(surroundings), now.calendar),
      now_(now) {
  Settle(now);
}

std::optional<TaskId> Core::RecordNeeded(const CommandBody& command) const {
  return std::visit(Overloaded{[this](const TaskCommand& of_tasks) {
                                 return broker_.RecordNeeded(of_tasks);
                               },
                               [](const PipelineCommand&) {
                                 return std::optional<TaskId>();
                               }},
                    command);
}

void Core::Handle(const Turn& turn, CommandBody command) {
  const auto is_retired = [this](const GroupKey& group) {
    return planner_.HasResourceEnded(group);
  };
  const Turn of_task{.call = turn.call,
                     .now = turn.now,
                     .record = turn.record,
                     .is_retired = is_retired};
  std::visit(Overloaded{[&](TaskCommand& of_tasks) {
                          broker_.Handle(of_task, std::move(of_tasks));
                        },
                        [&](PipelineCommand& of_pipelines) {
                          planner_.Handle(turn.call, std::move(of_pipelines),
                                          turn.now.calendar);
                        }},
             command);
  Settle(turn.now);
}

void Core::Advance(const Now& now, int task_steps_max, int pipeline_steps_max) {
  broker_.Advance(now, task_steps_max);
  Settle(now);
  planner_.Advance(now.calendar, pipeline_steps_max);
  Settle(now);
}

void Core::Settle(const Now& now) {
  now_ = now;
  do {
    planner_.HandOut();
    while (observed_ < broker_.updates().size()) {
      const Update& update = broker_.updates()[observed_++];
      if (!planner_.Concerns(update)) continue;
      // The planner may add to the list that this is in.
      const Update kept = update;
      planner_.Observe(kept, now.calendar);
    }
  } while (planner_.HasToHandOut());
}

absl::Time Core::NextDeadline() const {
  return std::min(broker_.NextDeadline(),
                  now_.SteadyAt(planner_.NextDeadline()));
}

CoreOutput Core::TakeOutput() {
  Output output = broker_.TakeOutput();
  PlannerOutput planned = planner_.TakeOutput();
  observed_ = 0;
  std::vector<Reply> replies;
  replies.reserve(output.replies.size() + planned.replies.size());
  for (BrokerReply& reply : output.replies) {
    replies.push_back({reply.call, Widened(std::move(reply.what))});
  }
  for (PlannerReply& reply : planned.replies) {
    replies.push_back({reply.call, Widened(std::move(reply.what))});
  }
  return {std::move(output.batch), std::move(planned.batch), std::move(replies),
          std::move(planned.drafts)};
}

}  // namespace holdline
