// The completion of components and pipelines that have nothing left to run.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_EXHAUSTION_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_EXHAUSTION_H_

#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/planner/run_index.h"
#include "server/pipeline/planner/run_view.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Exhaustion {
 public:
  Exhaustion(PipelineLedger* ledger, const RunView* view,
             const RunIndex* index);

  // Notes a component that may have nothing left to run.
  void Note(const ComponentKey& component);

  // Finishes the noted components of a pipeline that have nothing left to run,
  // and then the pipeline if all have finished. No-op if none was noted.
  void Finish(PipelineNumber pipeline, absl::Time now);

 private:
  bool IsFinished(const Pipeline& pipeline, ComponentNumber component) const;
  bool IsFinished(const Pipeline& pipeline) const;

  PipelineLedger* const ledger_;
  const RunView* const view_;
  const RunIndex* const index_;
  absl::btree_set<ComponentKey> noted_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_EXHAUSTION_H_
