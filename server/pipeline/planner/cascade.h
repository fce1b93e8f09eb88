// The consequences of a run's end for those that wait for it: they wait for one
// less, or fail with it (DATAPIPELINE sections 6.6 and 6.8).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_CASCADE_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_CASCADE_H_

#include <vector>

#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. What it is given is not owned and outlives it.
class Cascade {
 public:
  Cascade(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Tells the next one that waits for a run that it has ended. Returns false if
  // there is none.
  bool TellNextWaiting(EndedRun* ended);

  // Fails a waiting instance in mode cascade for which something of its list
  // has failed for good.
  void FailIfDoomed(const InstanceKey& key);

  // Looks through the list of a waiting instance for what it was not told yet,
  // and for what a new definition no longer brings.
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
