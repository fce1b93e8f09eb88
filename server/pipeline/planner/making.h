// The creation of instances: for an interval that is due, for one that was
// cancelled with its pipeline, for a run on demand (DATAPIPELINE sections 3.5,
// 6.3 and 6.4).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Why those were cancelled that are run when their pipeline goes on.
inline constexpr absl::string_view kDeactivatedReason =
    "The pipeline was deactivated.";

// Not thread-safe. What it is given is not owned and outlives it.
class Making {
 public:
  Making(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Makes the instance of a component for an interval, which goes on if nothing
  // hinders it. Earlier than the start that was asked for it is skipped.
  void Make(const Pipeline& pipeline, const Component& component,
            const Interval& interval);

  // Comes to an interval for the second time: what was cancelled with its
  // pipeline is run after all (section 3.5).
  void MakeAgain(const Pipeline& pipeline, const Component& component,
                 const Interval& interval);

  // Begins a run of everything, on demand (section 6.4). Its instances are made
  // one by one by GoOnWithRun, and none goes on before the last is made: the
  // components whose latest run is an earlier one are those that lack theirs.
  void BeginRun(const Pipeline& pipeline);

  // Comes to the next component of a run. REQUIRES: the agenda has one.
  void GoOnWithRun(const Pipeline& pipeline);

  // Notes the run on demand that was begun last, if it was not made to its end.
  void Restore(const Pipeline& pipeline);

 private:
  void Skip(Instance instance);
  void Await(const InstanceKey& key);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_MAKING_H_
