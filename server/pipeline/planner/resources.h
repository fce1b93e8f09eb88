// The resources that activities and preconditions run on: their start, their
// shutdown, and the consequences of their end for the instances on them
// (DATAPIPELINE sections 2.6 and 4.4).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_

#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Resources {
 public:
  Resources(LiveRuns* runs, Attempts* attempts, Endings* endings,
            RunAgendas* agendas);

  // Starts the resource of an instance if it is neither up nor starting and has
  // a free slot. Returns whether the resource is up or starting, or none is
  // needed; if false, the instance now waits for it, or has ended.
  bool Provide(const InstanceKey& user);

  // Ends a waiting instance in mode cascade whose resource has failed. Returns
  // whether it was ended.
  bool EndIfLost(const InstanceKey& user);

  // Handles a waiting resource: ends one that is not needed; if an instance
  // waits for it and it has a free slot, notes that those instances are to be
  // looked at.
  void Advance(const InstanceKey& resource);

  // Starts a resource that has a slot.
  void BringUp(const InstanceKey& resource);

  // An attempt of `user` was handed out on its resource: the resource is up.
  void OnUserStarted(const InstanceKey& user);

  // The start-up time of a resource has passed: an attempt that is still
  // starting fails.
  void OnStartUpTimeout(const InstanceKey& resource);

  // Ends a resource if nothing runs on it and nothing will.
  void EndIfIdle(const InstanceKey& resource);

  // Applies the end of a resource to the next instance that was to run on it.
  // Returns false if there is none.
  bool PropagateToNextUser(EndedRun* resource);

  // Applies the end of a resource, if it has ended, to an instance with a live
  // attempt.
  void CheckResourceOf(const InstanceKey& user);

 private:
  bool HasFreeSlot(const Instance& resource);
  void Lose(const InstanceKey& user, RunStatus resource);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Attempts* const attempts_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_
