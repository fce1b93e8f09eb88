#include "server/pipeline/planner/orders.h"

#include <cstddef>
#include <optional>
#include <string>

namespace holdline {
namespace {

// The cancellation reason of the instances.
absl::string_view ReasonOf(MassCancellation cancellation) {
  switch (cancellation) {
    case MassCancellation::kNone:
      return "";
    case MassCancellation::kActivatedAgain:
      return "The pipeline was activated again.";
    case MassCancellation::kDeactivated:
      return kDeactivatedReason;
    case MassCancellation::kDeleted:
      return "The pipeline was deleted.";
  }
  return "";
}

ComponentNumber After(ComponentNumber number) {
  return ComponentNumber{static_cast<uint32_t>(number) + 1};
}

}  // namespace

Orders::Orders(LiveRuns* runs, Endings* endings, Making* making,
               Exhaustion* exhaustion, IntervalDeadlines* intervals,
               RunAgendas* agendas)
    : runs_(runs),
      endings_(endings),
      making_(making),
      exhaustion_(exhaustion),
      intervals_(intervals),
      agendas_(agendas) {}

void Orders::Begin(PipelineNumber pipeline) {
  agendas_->Of(pipeline).AddOrder();
}

void Orders::Restore(const Pipeline& pipeline) {
  if (pipeline.record.order != PendingOrder()) Begin(pipeline.record.number);
}

void Orders::CarryOutNext(const Pipeline& pipeline) {
  if (pipeline.record.order.cancellation != MassCancellation::kNone) {
    CancelNext(pipeline);
  } else {
    Follow(pipeline);
  }
}

void Orders::CancelNext(const Pipeline& pipeline) {
  const PipelineNumber number = pipeline.record.number;
  RunAgenda& agenda = agendas_->Of(number);
  std::optional<InstanceKey>& last = agenda.order()->last;
  const MassCancellation why = pipeline.record.order.cancellation;
  last = runs_->view().NextLive(number, last);
  if (last.has_value()) {
    if (why == MassCancellation::kDeactivated) SetBackInterval(pipeline, *last);
    endings_->EndAlone(*last,
                       {RunStatus::kCanceled, {}, std::string(ReasonOf(why))});
  } else if (why == MassCancellation::kDeleted) {
    agenda.order().reset();
  } else {
    runs_->ledger().Edit(number, [](PipelineRecord& record) {
      record.order.cancellation = MassCancellation::kNone;
    });
  }
}

// A cancelled instance is rerun after the next activation (section 3.5), but
// not one that was a rerun: its interval was completed before.
void Orders::SetBackInterval(const Pipeline& pipeline, const InstanceKey& key) {
  const Component* component = pipeline.workflow()->Find(key.component);
  if (component == nullptr || !component->schedule.has_value() ||
      runs_->view().Live(key)->rerun) {
    return;
  }
  const int64_t number = FirstIntervalFrom(*component->schedule, key.start);
  if (number >= pipeline.component(key.component).next_interval) return;
  runs_->ledger().Edit(
      ComponentKey{key.pipeline, key.component},
      [&](ComponentRecord& record) { record.next_interval = number; });
}

void Orders::Follow(const Pipeline& pipeline) {
  const ComponentNumber number = pipeline.record.order.next_component;
  const size_t last = pipeline.record.state == PipelineState::kScheduled
                          ? pipeline.numbers->size()
                          : pipeline.components.size();
  if (static_cast<size_t>(number) > last) return Finish(pipeline);
  // The pipeline record first: the rest depends on it.
  runs_->ledger().Edit(pipeline.record.number, [&](PipelineRecord& record) {
    record.order.next_component = After(number);
  });
  if (pipeline.record.state == PipelineState::kScheduled) {
    FollowActivation(pipeline, number);
  } else {
    FollowDeactivation(pipeline, number);
  }
}

void Orders::FollowActivation(const Pipeline& pipeline,
                              ComponentNumber number) {
  const PipelineNumber of = pipeline.record.number;
  const Component* component = pipeline.workflow()->Find(number);
  if (component == nullptr) return;
  if (static_cast<size_t>(number) > pipeline.components.size()) {
    ComponentRecord added;
    added.pipeline = of;
    added.number = number;
    added.id = component->id();
    runs_->ledger().Record(std::move(added));
  }
  const absl::Time start = pipeline.record.order.start;
  runs_->ledger().Edit(ComponentKey{of, number}, [&](ComponentRecord& record) {
    if (record.status != ComponentStatus::kPaused) {
      record.status = ComponentStatus::kScheduled;
    }
    if (start != absl::InfinitePast() && component->schedule.has_value()) {
      record.skip_before = start;
    }
  });
  intervals_->Set(pipeline, *component, runs_->now());
  exhaustion_->Note({of, number});
}

void Orders::FollowDeactivation(const Pipeline& pipeline,
                                ComponentNumber number) {
  runs_->ledger().Edit(ComponentKey{pipeline.record.number, number},
                       [&](ComponentRecord& record) {
                         record.deactivated_at = pipeline.record.deactivated_at;
                         if (record.status == ComponentStatus::kPaused) return;
                         record.status = ComponentStatus::kInactive;
                       });
}

// The live instances are reviewed: some may start now, or may not any more.
void Orders::Finish(const Pipeline& pipeline) {
  const PipelineNumber number = pipeline.record.number;
  RunAgenda& agenda = agendas_->Of(number);
  agenda.order().reset();
  runs_->ledger().Edit(
      number, [](PipelineRecord& record) { record.order = PendingOrder(); });
  agenda.AddReview();
  // There may be nothing left to run.
  if (!pipeline.components.empty()) {
    exhaustion_->Note({number, pipeline.components.front().number});
  }
  if (pipeline.record.state == PipelineState::kScheduled &&
      pipeline.workflow()->on_demand()) {
    making_->BeginRun(pipeline);
  }
}

}  // namespace holdline
