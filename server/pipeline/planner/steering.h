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

// Not thread-safe. What it is given is not owned and outlives it.
class Steering {
 public:
  Steering(LiveRuns* runs, Endings* endings, RunAgendas* agendas);

  // Steer instances (section 3.13), which must exist, all at once: what
  // follows from the one does not come before the other.
  void Cancel(absl::Span<const InstanceKey> keys, const std::string& reason);
  void MarkFinished(absl::Span<const InstanceKey> keys);

  // Runs instances again that have ended, and what they run on. Those that
  // depend on them are looked at one by one by SpreadNext, and none goes on
  // before the last of these was.
  void Rerun(absl::Span<const InstanceKey> keys);

  // Looks at the next of those that depend on what is run again: one that waits
  // waits for that, too; one that failed with it is run again (section 5.6).
  // REQUIRES: the agenda has one.
  void SpreadNext(RunAgenda* agenda);

  // Notes a live instance if it was run again and not all that depend on it
  // were looked at.
  void Restore(const Instance& instance);

 private:
  // How far one reaches that is asked to run again, among all that are.
  RerunReach ReachOf(const Instance& asked,
                     const absl::btree_set<InstanceKey>& all) const;
  void RunAgain(Instance ended, RerunReach reach);
  void Spread(const InstanceKey& key, RerunReach reach);
  void SpreadTo(const Instance& rerun, const Dependant& dependant);

  // Lets one that waits wait for one that is run again.
  void LetWait(const InstanceKey& waiting, const InstanceKey& rerun);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_STEERING_H_
