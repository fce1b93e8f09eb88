// Interventions by hand: runs are cancelled, marked finished or rerun, a
// pipeline or component is stopped or resumed
// (DATAPIPELINE sections 3.5 to 3.7, 3.13 and 5.6).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_

#include <string>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. What it is given is not owned and outlives it.
class Steering {
 public:
  Steering(LiveRuns* runs, Broker* broker, Attempts* attempts, Endings* endings,
           RunAgendas* agendas);

  // Steer instances (section 3.13), which must exist, all at once: what
  // follows from the one does not come before the other.
  void Cancel(absl::Span<const InstanceKey> keys, const std::string& reason);
  void MarkFinished(absl::Span<const InstanceKey> keys);
  void Rerun(absl::Span<const InstanceKey> keys);

  // Cancels everything that is live, with no consequences for each other.
  void CancelAll(PipelineNumber pipeline, absl::string_view reason);

  // Lets go on what could not because its pipeline or component was stopped.
  // Forgets to wait for what a new definition no longer brings.
  void Resume(PipelineNumber pipeline);

  // Takes back what is offered and nobody has taken, of some components of a
  // pipeline and what guards them.
  void Freeze(PipelineNumber pipeline,
              const absl::btree_set<ComponentNumber>& components);

  // Lets go of the tasks of a pipeline that is deleted.
  void Forget(PipelineNumber pipeline);

 private:
  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Broker* const broker_;
  Attempts* const attempts_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_
