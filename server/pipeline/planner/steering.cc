#include "server/pipeline/planner/steering.h"

#include <optional>
#include <utility>
#include <vector>

namespace holdline {

Steering::Steering(LiveRuns* runs, Endings* endings, RunAgendas* agendas)
    : runs_(runs), endings_(endings), agendas_(agendas) {}

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
      // Live only until the end that follows.
      instance->status = RunStatus::kWaitingOnDependencies;
      instance->ended_at = absl::InfiniteFuture();
      instance->cascade_failed_on.clear();
      runs_->Add(*std::move(instance));
    }
    endings_->End(key, {RunStatus::kFinished});
  }
}

void Steering::Rerun(absl::Span<const InstanceKey> keys) {
  const absl::btree_set<InstanceKey> asked(keys.begin(), keys.end());
  std::vector<std::pair<Instance, RerunReach>> again;
  for (const InstanceKey& key : asked) {
    std::optional<Instance> instance = view().Find(key);
    if (!instance.has_value() || !HasEnded(instance->status)) continue;
    const RerunReach reach = ReachOf(*instance, asked);
    again.emplace_back(*std::move(instance), reach);
  }
  for (auto& [instance, reach] : again) RunAgain(std::move(instance), reach);
}

RerunReach Steering::ReachOf(const Instance& asked,
                             const absl::btree_set<InstanceKey>& all) const {
  const std::optional<InstanceKey> resource = view().ResourceOf(asked);
  const bool is_run_with_its_resource = resource.has_value() &&
                                        all.contains(*resource) &&
                                        view().Live(*resource) == nullptr;
  if (is_run_with_its_resource || view().Spreads(asked, all)) {
    return RerunReach::kAll;
  }
  return asked.status == RunStatus::kCascadeFailed ? RerunReach::kWhenReached
                                                   : RerunReach::kWaiting;
}

// An instance that is live by now was rerun as the resource of another.
void Steering::RunAgain(Instance ended, RerunReach reach) {
  const InstanceKey key = ended.key;
  if (view().Live(key) == nullptr) {
    runs_->Reopen(std::move(ended), true);
    runs_->SetWaitingOn(key, view().Unmet(*view().Live(key)));
  }
  Spread(key, reach);
  agendas_->Of(key.pipeline).AddCandidate(key);
  const std::optional<InstanceKey> resource =
      view().ResourceOf(*view().Live(key));
  if (!resource.has_value()) return;
  std::optional<Instance> runs_on = view().Find(*resource);
  if (runs_on.has_value() && HasEnded(runs_on->status)) {
    RunAgain(*std::move(runs_on), RerunReach::kWaiting);
  }
}

void Steering::Spread(const InstanceKey& key, RerunReach reach) {
  if (view().Live(key)->rerun_reach >= reach) return;
  runs_->Edit(key, [&](Instance& rerun) { rerun.rerun_reach = reach; });
  agendas_->Of(key.pipeline).AddSpreading(key, reach);
}

void Steering::SpreadNext(RunAgenda* agenda) {
  SpreadingRerun* const spreading = agenda->FirstSpreading();
  const InstanceKey key = spreading->key;
  const Instance* rerun = view().Live(key);
  const std::optional<Dependant> next =
      rerun == nullptr ? std::nullopt
                       : view().NextDependant(*rerun, &spreading->version,
                                              &spreading->position);
  if (next.has_value()) return SpreadTo(*rerun, *next);
  agenda->RemoveSpreading();
  if (rerun == nullptr) return;
  runs_->Edit(
      key, [](Instance& spread) { spread.rerun_reach = RerunReach::kNobody; });
}

void Steering::SpreadTo(const Instance& rerun, const Dependant& dependant) {
  const bool takes_along =
      dependant.fails_with && rerun.rerun_reach == RerunReach::kAll;
  for (const InstanceKey& key : dependant.runs) {
    if (const Instance* live = view().Live(key)) {
      if (dependant.waits) LetWait(key, rerun.key);
      if (takes_along && live->rerun_reach == RerunReach::kWhenReached) {
        Spread(key, RerunReach::kAll);
      }
      continue;
    }
    if (!takes_along) continue;
    std::optional<Instance> ended = view().Find(key);
    // Instances on a resource are rerun with it, however they ended.
    if (!ended.has_value() ||
        (dependant.waits && ended->status != RunStatus::kCascadeFailed)) {
      continue;
    }
    RunAgain(*std::move(ended), RerunReach::kAll);
  }
}

void Steering::LetWait(const InstanceKey& waiting, const InstanceKey& rerun) {
  if (view().Live(waiting)->status == RunStatus::kWaitingOnDependencies &&
      !runs_->index().Waits(waiting, rerun)) {
    runs_->AddWaitingOn(waiting, {rerun});
  }
}

void Steering::Restore(const Instance& instance) {
  if (instance.rerun_reach != RerunReach::kNobody) {
    agendas_->Of(instance.key.pipeline)
        .AddSpreading(instance.key, instance.rerun_reach);
  }
}

}  // namespace holdline
