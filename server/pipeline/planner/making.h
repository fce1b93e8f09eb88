// The creation of instances: for an interval that is due, again for an interval
// whose instance was cancelled with its pipeline, for a run on demand
// (DATAPIPELINE sections 3.5, 6.3 and 6.4).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// The cancellation reason of instances that are rerun when their pipeline is
// activated again.
inline constexpr absl::string_view kDeactivatedReason =
    "The pipeline was deactivated.";

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Making {
 public:
  Making(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Makes the instance of a component for an interval. The instance is SKIPPED
  // if the interval is earlier than the start of the activation.
  void Make(const Pipeline& pipeline, const Component& component,
            const Interval& interval);

  // Handles an interval that is due for the second time: an instance that was
  // cancelled with its pipeline is rerun (section 3.5).
  void MakeAgain(const Pipeline& pipeline, const Component& component,
                 const Interval& interval);

  // Begins a run of all components, on demand (section 6.4). MakeNextOfRun
  // makes the instances one by one, and none starts before the last is made.
  // The components still to come are those whose latest run is an earlier one.
  void BeginRun(const Pipeline& pipeline);

  // Makes the instance of the next component of a run. REQUIRES: the agenda has
  // a run.
  void MakeNextOfRun(const Pipeline& pipeline);

  // Notes the latest run on demand again if not all its instances were made.
  void Restore(const Pipeline& pipeline);

 private:
  void Skip(Instance instance);
  void AddCandidate(const InstanceKey& key);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_
