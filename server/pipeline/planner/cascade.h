// The consequences of the end of an instance for its dependents: they wait for
// one dependency less, or fail in mode cascade (DATAPIPELINE sections 6.6 and
// 6.8).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_CASCADE_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_CASCADE_H_

#include <vector>

#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Cascade {
 public:
  Cascade(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Applies the end of an instance to the next of those that wait for it.
  // Returns false if there is none.
  bool PropagateToNextWaiting(EndedRun* ended);

  // Fails a waiting instance in mode cascade if one of its dependencies has
  // failed for good.
  void FailIfDependencyFailed(const InstanceKey& key);

  // Strikes off the dependencies of a waiting instance that are satisfied, or
  // that a new definition no longer has; or fails it by a failed precondition.
  void CheckList(const InstanceKey& key);

 private:
  void Release(const InstanceKey& waiting, const InstanceKey& ended);
  void FailWith(const InstanceKey& waiting, EndedRun* ended);
  void FailBy(const InstanceKey& waiting, std::vector<InstanceKey> chain);
  bool IsDone(const Instance& waiting, const InstanceKey& dependency) const;

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_CASCADE_H_
