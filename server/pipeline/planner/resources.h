// The resources that activities and preconditions run on: when they are brought
// up, when they are let go of, and what becomes of those that run on one that
// is gone (DATAPIPELINE sections 2.6 and 4.4).

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_

#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. What it is given is not owned and outlives it.
class Resources {
 public:
  Resources(LiveRuns* runs, Attempts* attempts, Endings* endings,
            RunAgendas* agendas);

  // Whether the resource that an instance is to run on is there, or on its way:
  // it is brought up if it can be. If not, the instance is made to wait for it,
  // or ended.
  bool Provide(const InstanceKey& user);

  // Ends a waiting instance in mode cascade whose resource has failed. Returns
  // whether it has.
  bool EndIfLost(const InstanceKey& user);

  // Goes on with a resource that waits: until it is needed, and then for a
  // place. Those who need it are asked again when it has one.
  void GoOn(const InstanceKey& resource);

  // Brings up a resource that has a place.
  void BringUp(const InstanceKey& resource);

  // Something runs on the resource of this instance: it is up.
  void OnUserStarted(const InstanceKey& user);

  // A resource may have taken too long to come up.
  void OnStartUpTimeout(const InstanceKey& resource);

  // Shuts a resource down when all that runs on it has ended.
  void EndIfIdle(const InstanceKey& resource);

  // Tells the next one of those that were to run on a resource that it has
  // ended. Returns false if there is none.
  bool TellNextUser(EndedRun* resource);

  // What the end of a resource, if it has ended, means for one with an attempt.
  void CheckResourceOf(const InstanceKey& user);

 private:
  bool HasPlace(const Instance& resource);
  void Lose(const InstanceKey& user, RunStatus resource);

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Attempts* const attempts_;
  Endings* const endings_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RESOURCES_H_
