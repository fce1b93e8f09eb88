// Interventions by hand: runs are cancelled, marked finished or rerun
// (DATAPIPELINE sections 3.13 and 5.6).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_

#include <string>

#include "absl/container/btree_set.h"
#include "absl/types/span.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Steering {
 public:
  Steering(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Cancel or finish instances (section 3.13), which must exist, all in one
  // step: consequences come after the last of them.
  void Cancel(absl::Span<const InstanceKey> keys, const std::string& reason);
  void MarkFinished(absl::Span<const InstanceKey> keys);

  // Reruns ended instances, and the resources that they run on. SpreadNext
  // looks at their dependents one by one, and none starts before all were
  // looked at.
  void Rerun(absl::Span<const InstanceKey> keys);

  // Looks at the next dependent of the first rerun on the agenda: a waiting one
  // waits for the rerun too; one that failed with it is rerun (section 5.6).
  // REQUIRES: the agenda has a rerun.
  void SpreadNext(RunAgenda* agenda);

  // Notes a live instance if it is a rerun and not all its dependents were
  // looked at.
  void Restore(const Instance& instance);

 private:
  // The reach of a rerun that was asked for, among all that were.
  RerunReach ReachOf(const Instance& asked,
                     const absl::btree_set<InstanceKey>& all) const;
  void RunAgain(Instance ended, RerunReach reach);
  void Spread(const InstanceKey& key, RerunReach reach);
  void SpreadTo(const Instance& rerun, const Dependant& dependant);

  // Makes a waiting instance wait for a rerun one.
  void LetWait(const InstanceKey& waiting, const InstanceKey& rerun);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_
