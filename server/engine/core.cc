#include "server/engine/core.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace holdline {

Core::Core(const CoreOptions& options, State state, PipelineRows rows,
           PlannerSurroundings surroundings, const Now& now)
    : broker_(options.broker, std::move(state), now),
      planner_(options.planner, std::move(rows), &broker_,
               std::move(surroundings), now.calendar),
      now_(now) {
  Settle(now);
}

void Core::Handle(CallId call, const CommandBody& command, const Task* record,
                  const Now& now) {
  const auto is_retired = [this](const GroupKey& group) {
    return planner_.HasResourceEnded(group);
  };
  broker_.Handle(
      {.call = call, .now = now, .record = record, .is_retired = is_retired},
      command);
  Settle(now);
}

void Core::Handle(CallId call, const PipelineCommand& command, const Now& now) {
  planner_.Handle(call, command, now.calendar);
  Settle(now);
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
  return {std::move(output.batch), std::move(planned.batch),
          std::move(output.replies), std::move(planned.replies)};
}

}  // namespace holdline
