#include "server/pipeline/planner/slots.h"

#include <optional>
#include <utility>
#include <vector>

namespace holdline {

Slots::Slots(LiveRuns* runs, Attempts* attempts, Resources* resources,
             Cascade* cascade, Endings* endings, RunAgendas* agendas)
    : runs_(runs),
      attempts_(attempts),
      resources_(resources),
      cascade_(cascade),
      endings_(endings),
      agendas_(agendas) {}

void Slots::Advance(const InstanceKey& key) {
  const Instance* instance = view().Live(key);
  if (instance == nullptr ||
      instance->status != RunStatus::kWaitingOnDependencies) {
    return;
  }
  const Component& component = view().ComponentOf(*instance);
  const ObjectFamily family = component.family();
  if (family == ObjectFamily::kResource) return resources_->Advance(key);
  if (resources_->EndIfLost(key)) return;
  if (!instance->waiting_on.empty())
    return cascade_->FailIfDependencyFailed(key);
  if (!view().MayStart(*instance) || AwaitPreconditions(key)) return;
  if (family == ObjectFamily::kDataNode) {
    endings_->End(key, {RunStatus::kFinished});
  } else if (family == ObjectFamily::kPrecondition || instance->rerun) {
    // Preconditions and reruns use no slot.
    if (resources_->Provide(key)) attempts_->Start(key, runs_->now());
  } else {
    runs_->AddReady(key);
  }
}

bool Slots::AwaitPreconditions(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  std::vector<InstanceKey> pending;
  std::vector<const Component*> missing;
  for (const ComponentNumber number :
       view().ComponentOf(instance).preconditions) {
    const InstanceKey guard{key.pipeline, key.start, number, key.component};
    const std::optional<RunStatus> status = view().StatusOf(guard);
    if (status == RunStatus::kFinished) continue;
    pending.push_back(guard);
    if (!status.has_value() || HasEnded(*status)) {
      missing.push_back(view().WorkflowOf(instance).Find(number));
    }
  }
  if (pending.empty()) return false;
  runs_->SetWaitingOn(key, std::move(pending));
  for (const Component* precondition : missing) {
    MakePrecondition(instance, *precondition);
  }
  return true;
}

void Slots::MakePrecondition(const Instance& owner,
                             const Component& precondition) {
  Instance instance;
  instance.key = {owner.key.pipeline, owner.key.start, precondition.number,
                  owner.key.component};
  if (const std::optional<Instance> earlier = view().Find(instance.key)) {
    instance.attempts = earlier->attempts;
  }
  instance.end = owner.end;
  instance.version = owner.version;
  instance.created_at = runs_->now();
  instance.retries_left = precondition.run.retries;
  const InstanceKey key = instance.key;
  runs_->Add(std::move(instance));
  runs_->Watch(key);
  agendas_->Of(key.pipeline).AddCandidate(key);
}

bool Slots::FillSlot(const ComponentKey& component) {
  const InstanceKey* ready = runs_->index().FirstReady(component);
  if (ready == nullptr) return false;
  const InstanceKey key = *ready;
  const Instance& instance = *view().Live(key);
  const Component& of = view().ComponentOf(instance);
  if (!view().MayStart(instance) ||
      runs_->index().SlotsInUse(component) >= of.run.active_max) {
    return false;
  }
  if (of.family() == ObjectFamily::kResource) {
    resources_->BringUp(key);
  } else if (resources_->Provide(key)) {
    attempts_->Start(key, runs_->now());
  }
  return true;
}

}  // namespace holdline
