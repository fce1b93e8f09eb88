#include "server/pipeline/planner/exhaustion.h"

#include "absl/algorithm/container.h"

namespace holdline {

Exhaustion::Exhaustion(PipelineLedger* ledger, const RunView* view,
                       const RunIndex* index)
    : ledger_(ledger), view_(view), index_(index) {}

void Exhaustion::Note(const ComponentKey& component) {
  noted_.insert(component);
}

void Exhaustion::Finish(PipelineNumber number, absl::Time now) {
  auto noted = noted_.lower_bound({number, kNoComponent});
  if (noted == noted_.end() || noted->first != number) return;
  const Pipeline& pipeline = ledger_->state().pipelines.at(number);
  while (noted != noted_.end() && noted->first == number) {
    if (IsFinished(pipeline, noted->second)) {
      ledger_->Edit(*noted, [](ComponentRecord& finished) {
        finished.status = ComponentStatus::kFinished;
      });
    }
    noted = noted_.erase(noted);
  }
  if (!IsFinished(pipeline)) return;
  ledger_->Edit(number, [&](PipelineRecord& finished) {
    finished.state = PipelineState::kFinished;
    finished.finished_at = now;
  });
}

bool Exhaustion::IsFinished(const Pipeline& pipeline,
                            ComponentNumber component) const {
  const PipelineNumber number = pipeline.record.number;
  if (pipeline.record.state != PipelineState::kScheduled ||
      index_->Live(ComponentKey{number, component}) > 0 ||
      pipeline.component(component).status != ComponentStatus::kScheduled) {
    return false;
  }
  const Component* of = pipeline.workflow()->Find(component);
  return of != nullptr && of->schedule.has_value() &&
         view_->IsExhausted(pipeline, component);
}

bool Exhaustion::IsFinished(const Pipeline& pipeline) const {
  return pipeline.record.state == PipelineState::kScheduled &&
         pipeline.record.order == PendingOrder() &&
         index_->Live(pipeline.record.number) == 0 &&
         absl::c_all_of(pipeline.components, [&](const ComponentRecord& of) {
           return view_->IsExhausted(pipeline, of.number);
         });
}

}  // namespace holdline
