#include "server/pipeline/planner/making.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace holdline {
namespace {

Instance NewInstance(const Pipeline& pipeline, const Component& component,
                     const Interval& interval, absl::Time now) {
  Instance instance;
  instance.key = {pipeline.record.number, interval.start, component.number};
  instance.end = interval.end;
  instance.version = pipeline.record.active_version;
  instance.created_at = now;
  instance.retries_left = component.run.retries;
  return instance;
}

}  // namespace

Making::Making(LiveRuns* runs, Endings* endings, RunAgendas* agendas)
    : runs_(runs), endings_(endings), agendas_(agendas) {}

void Making::Make(const Pipeline& pipeline, const Component& component,
                  const Interval& interval) {
  Instance instance = NewInstance(pipeline, component, interval, runs_->now());
  if (interval.start < pipeline.component(component.number).skip_before) {
    return Skip(std::move(instance));
  }
  instance.waiting_on = view().Unmet(instance);
  const InstanceKey key = instance.key;
  runs_->Add(std::move(instance));
  AddCandidate(key);
}

void Making::MakeAgain(const Pipeline& pipeline, const Component& component,
                       const Interval& interval) {
  const InstanceKey key{pipeline.record.number, interval.start,
                        component.number};
  std::optional<Instance> earlier = view().Find(key);
  if (!earlier.has_value()) return Make(pipeline, component, interval);
  if (earlier->status != RunStatus::kCanceled ||
      earlier->cancellation_reason != kDeactivatedReason) {
    earlier->version = pipeline.record.active_version;
    // The instance will not be rerun: dependents that waited for that must be
    // informed.
    const bool failed =
        HasEnded(earlier->status) && !Satisfies(earlier->status);
    return failed ? endings_->NoteEnded(*earlier)
                  : endings_->NoteIdle(*earlier);
  }
  if (key.start < pipeline.component(key.component).skip_before) {
    earlier->version = pipeline.record.active_version;
    earlier->cancellation_reason.clear();
    return Skip(*std::move(earlier));
  }
  runs_->Reopen(*std::move(earlier), false);
  runs_->SetWaitingOn(key, view().Unmet(*view().Live(key)));
  AddCandidate(key);
}

void Making::Skip(Instance instance) {
  instance.status = RunStatus::kSkipped;
  instance.ended_at = runs_->now();
  const InstanceKey key = instance.key;
  runs_->Add(std::move(instance));
  endings_->NoteEnded(runs_->state().instances.at(key));
}

void Making::AddCandidate(const InstanceKey& key) {
  runs_->Watch(key);
  agendas_->Of(key.pipeline).AddCandidate(key);
}

void Making::BeginRun(const Pipeline& pipeline) {
  if (pipeline.components.empty()) return;
  // Two activations within a second get different starts.
  absl::Time start = absl::FromUnixSeconds(absl::ToUnixSeconds(runs_->now()));
  for (const ComponentRecord& component : pipeline.components) {
    start = std::max(start, component.latest_run + absl::Seconds(1));
  }
  agendas_->Of(pipeline.record.number).AddRun(start);
  MakeNextOfRun(pipeline);
}

void Making::MakeNextOfRun(const Pipeline& pipeline) {
  RunAgenda& agenda = agendas_->Of(pipeline.record.number);
  RunToMake& run = *agenda.run();
  const absl::Time start = run.start;
  const ComponentRecord& record = pipeline.components[run.done];
  if (++run.done == pipeline.components.size()) agenda.run().reset();
  if (record.latest_run >= start) return;
  runs_->ledger().Edit(
      ComponentKey{record.pipeline, record.number},
      [&](ComponentRecord& begun) { begun.latest_run = start; });
  const Component* component = pipeline.workflow()->Find(record.number);
  if (component == nullptr ||
      component->family() == ObjectFamily::kPrecondition) {
    return;
  }
  Instance instance =
      NewInstance(pipeline, *component, {start, start}, runs_->now());
  // None of these instances starts before all are made.
  for (const ComponentNumber dependency : component->waits_for) {
    instance.waiting_on.push_back({record.pipeline, start, dependency});
  }
  agenda.AddCandidate(instance.key);
  runs_->Add(std::move(instance));
}

void Making::Restore(const Pipeline& pipeline) {
  const PipelineRecord& record = pipeline.record;
  if (record.state != PipelineState::kScheduled ||
      record.order != PendingOrder() || !pipeline.workflow()->on_demand()) {
    return;
  }
  absl::Time first = absl::InfiniteFuture();
  absl::Time last = absl::InfinitePast();
  for (const ComponentRecord& component : pipeline.components) {
    first = std::min(first, component.latest_run);
    last = std::max(last, component.latest_run);
  }
  if (first < last) agendas_->Of(record.number).AddRun(last);
}

}  // namespace holdline
