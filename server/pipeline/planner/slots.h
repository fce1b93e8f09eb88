// The slots of maxActiveInstances, and the conditions under which a waiting
// instance gets one: its dependencies are met, its preconditions hold, its
// resource is there. Older intervals come first (DATAPIPELINE sections 6.5
// to 6.7 and 7).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_SLOTS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_SLOTS_H_

#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/cascade.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/resources.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. What it is given is not owned and outlives it.
class Slots {
 public:
  Slots(LiveRuns* runs, Attempts* attempts, Resources* resources,
        Cascade* cascade, Endings* endings, RunAgendas* agendas);

  // Goes on with one that waits, as far as it can. Nothing happens to one that
  // does not wait.
  void GoOn(const InstanceKey& key);

  // Starts the earliest of a component that is ready, if there is one and a
  // place for it. Returns whether there was.
  bool FillPlace(const ComponentKey& component);

 private:
  // Whether an instance has to wait for its preconditions, which are then on
  // their way. One that held is not looked at again.
  bool AwaitPreconditions(const InstanceKey& key);
  void MakePrecondition(const Instance& owner, const Component& precondition);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Attempts* const attempts_;
  Resources* const resources_;
  Cascade* const cascade_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_SLOTS_H_
