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

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Slots {
 public:
  Slots(LiveRuns* runs, Attempts* attempts, Resources* resources,
        Cascade* cascade, Endings* endings, RunAgendas* agendas);

  // Takes a waiting instance as far as possible towards its start. No-op if it
  // does not wait.
  void Advance(const InstanceKey& key);

  // Starts the earliest ready instance of a component, if there is one and a
  // free slot. Returns whether it did.
  bool FillSlot(const ComponentKey& component);

 private:
  // Whether an instance has to wait for its preconditions; those that are
  // missing are made. A precondition that has finished is not checked again.
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
