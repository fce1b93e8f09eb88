// Orders to whole pipelines, carried out a step at a time: an activation, a
// deactivation, a deletion (DATAPIPELINE sections 3.5 to 3.7).
//
// What is left of an order stands in the pipeline's record, so that it is
// stored with each step, and a restart goes on with it.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_ORDERS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_ORDERS_H_

#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/exhaustion.h"
#include "server/pipeline/planner/interval_deadlines.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/making.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. What it is given is not owned and outlives it.
class Orders {
 public:
  Orders(LiveRuns* runs, Endings* endings, Making* making,
         Exhaustion* exhaustion, IntervalDeadlines* intervals,
         RunAgendas* agendas);

  // Notes the order that a pipeline's record has.
  void Begin(PipelineNumber pipeline);

  // Does a step of it: cancels one instance, or brings one component in line.
  // What is cancelled has no consequences for others. After the last step of a
  // deletion the pipeline itself is left to be deleted.
  void GoOn(const Pipeline& pipeline);

  // Notes the order that was begun and not carried out to its end, if any.
  void Restore(const Pipeline& pipeline);

 private:
  void CancelNext(const Pipeline& pipeline);
  void SetBackInterval(const Pipeline& pipeline, const InstanceKey& key);
  void Follow(const Pipeline& pipeline);
  void FollowActivation(const Pipeline& pipeline, ComponentNumber number);
  void FollowDeactivation(const Pipeline& pipeline, ComponentNumber number);
  void Finish(const Pipeline& pipeline);

  LiveRuns* const runs_;
  Endings* const endings_;
  Making* const making_;
  Exhaustion* const exhaustion_;
  IntervalDeadlines* const intervals_;
  RunAgendas* const agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_ORDERS_H_
