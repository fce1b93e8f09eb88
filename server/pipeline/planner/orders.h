// Orders to whole pipelines, carried out a step at a time: activation,
// deactivation, deletion (DATAPIPELINE sections 3.5 to 3.7).
//
// The rest of an order is a member of the pipeline record: it is stored with
// each step, and a restart continues it.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_ORDERS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_ORDERS_H_

#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/exhaustion.h"
#include "server/pipeline/planner/interval_deadlines.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/making.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Orders {
 public:
  Orders(LiveRuns* runs, Endings* endings, Making* making,
         Exhaustion* exhaustion, IntervalDeadlines* intervals,
         RunAgendas* agendas);

  // Notes the order in the record of a pipeline.
  void Begin(PipelineNumber pipeline);

  // Carries out one step of the order: cancels one instance, without
  // consequences for others, or updates the record of one component. The last
  // step of a deletion leaves the pipeline itself to Planner::Settle.
  void CarryOutNext(const Pipeline& pipeline);

  // Notes the order again if it was not completed.
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
