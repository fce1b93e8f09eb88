#include "server/pipeline/planner/exhaustion.h"

#include <utility>

#include "absl/algorithm/container.h"

namespace holdline {

Exhaustion::Exhaustion(PipelineLedger* ledger, const RunView* view,
                       const RunIndex* index)
    : ledger_(ledger), view_(view), index_(index) {}

void Exhaustion::Note(const ComponentKey& component) {
  noted_.insert(component);
}

void Exhaustion::Finish(absl::Time now) {
  const Pipeline* pipeline = nullptr;
  for (const auto& [number, component] : std::exchange(noted_, {})) {
    if (pipeline != nullptr && pipeline->record.number != number) {
      FinishPipeline(*pipeline, now);
    }
    pipeline = &ledger_->state().pipelines.at(number);
    FinishComponent(*pipeline, component);
  }
  if (pipeline != nullptr) FinishPipeline(*pipeline, now);
}

void Exhaustion::FinishComponent(const Pipeline& pipeline,
                                 ComponentNumber component) {
  const Component* of = pipeline.workflow()->Find(component);
  ComponentRecord record = pipeline.component(component);
  if (pipeline.record.state != PipelineState::kScheduled ||
      index_->Live(ComponentKey{record.pipeline, component}) > 0 ||
      of == nullptr || !of->schedule.has_value() ||
      record.status != ComponentStatus::kScheduled ||
      !view_->IsExhausted(pipeline, component)) {
    return;
  }
  record.status = ComponentStatus::kFinished;
  ledger_->Record(std::move(record));
}

void Exhaustion::FinishPipeline(const Pipeline& pipeline, absl::Time now) {
  if (pipeline.record.state != PipelineState::kScheduled ||
      index_->Live(pipeline.record.number) > 0 ||
      !absl::c_all_of(pipeline.components, [&](const ComponentRecord& other) {
        return view_->IsExhausted(pipeline, other.number);
      })) {
    return;
  }
  PipelineRecord finished = pipeline.record;
  finished.state = PipelineState::kFinished;
  finished.finished_at = now;
  ledger_->Record(std::move(finished));
}

}  // namespace holdline
