#include "server/pipeline/planner/interval_deadlines.h"

#include <algorithm>
#include <optional>

namespace holdline {

void IntervalDeadlines::Set(const Pipeline& pipeline,
                            const Component& component, absl::Time now) {
  if (pipeline.record.state != PipelineState::kScheduled ||
      !component.schedule.has_value()) {
    return;
  }
  const std::optional<Interval> next = IntervalAt(
      *component.schedule, pipeline.component(component.number).next_interval);
  if (!next.has_value()) return;
  const bool is_resource = component.family() == ObjectFamily::kResource;
  deadlines_->Add(
      {std::max(DueAt(component, *next), now),
       is_resource ? RunDeadlineKind::kResource : RunDeadlineKind::kInterval,
       {pipeline.record.number, absl::InfinitePast(), component.number}});
}

void IntervalDeadlines::SetAll(const Pipeline& pipeline, absl::Time now) {
  if (pipeline.workflow() == nullptr) return;
  for (const Component& component : pipeline.workflow()->components()) {
    Set(pipeline, component, now);
  }
}

}  // namespace holdline
