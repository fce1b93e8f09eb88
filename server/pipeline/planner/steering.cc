#include "server/pipeline/planner/steering.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"

namespace holdline {

Steering::Steering(LiveRuns* runs, Broker* broker, Attempts* attempts,
                   Endings* endings, RunAgendas* agendas)
    : runs_(runs),
      broker_(broker),
      attempts_(attempts),
      endings_(endings),
      agendas_(agendas) {}

void Steering::Cancel(absl::Span<const InstanceKey> keys,
                      const std::string& reason) {
  for (const InstanceKey& key : keys) {
    endings_->End(key, {RunStatus::kCanceled, {}, reason});
  }
}

void Steering::MarkFinished(absl::Span<const InstanceKey> keys) {
  for (const InstanceKey& key : keys) {
    std::optional<Instance> instance = view().Find(key);
    if (!instance.has_value() || instance->status == RunStatus::kFinished) {
      continue;
    }
    if (HasEnded(instance->status)) {
      // Comes back for the moment in which it is finished.
      instance->status = RunStatus::kWaitingOnDependencies;
      instance->ended_at = absl::InfiniteFuture();
      instance->cascade_failed_on.clear();
      runs_->Add(*std::move(instance));
    }
    endings_->End(key, {RunStatus::kFinished});
  }
}

void Steering::Rerun(absl::Span<const InstanceKey> keys) {
  std::vector<InstanceKey> again;
  for (Instance& instance : view().RunAgainWith(keys)) {
    again.push_back(instance.key);
    runs_->Reopen(std::move(instance), true);
  }
  // Only now is it known which of them wait for each other.
  for (const InstanceKey& key : again) {
    runs_->SetWaitingOn(key, view().Unmet(*view().Live(key)));
  }
  absl::btree_map<InstanceKey, std::vector<InstanceKey>> also;
  for (const InstanceKey& key : again) {
    for (const InstanceKey& waiting : view().WaitingConsumersOf(key)) {
      also[waiting].push_back(key);
    }
  }
  for (const auto& [waiting, on] : also) runs_->AddWaitingOn(waiting, on);
  for (const InstanceKey& key : again) {
    agendas_->Of(key.pipeline).AddCandidate(key);
  }
}

void Steering::CancelAll(PipelineNumber pipeline, absl::string_view reason) {
  const RunEnd end{RunStatus::kCanceled, {}, std::string(reason)};
  for (const InstanceKey& key : view().LiveOf(pipeline)) {
    endings_->EndAlone(key, end);
  }
}

void Steering::Resume(PipelineNumber pipeline) {
  agendas_->Of(pipeline).AddReview();
}

void Steering::Freeze(PipelineNumber pipeline,
                      const absl::btree_set<ComponentNumber>& components) {
  for (const InstanceKey& key : view().LiveOf(pipeline)) {
    if (components.contains(key.component) || components.contains(key.owner)) {
      attempts_->OfferOrTakeBack(key);
    }
  }
}

void Steering::Forget(PipelineNumber pipeline) {
  for (const InstanceKey& key : view().LiveOf(pipeline)) {
    runs_->Forget(key);
    broker_->Withdraw(view().Live(key)->task, "The pipeline was deleted.");
  }
}

}  // namespace holdline
