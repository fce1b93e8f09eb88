#include "server/pipeline/planner/cascade.h"

#include <optional>
#include <utility>
#include <vector>

namespace holdline {
namespace {

// Whether a run is one of the preconditions that guard an instance.
bool Guards(const InstanceKey& precondition, const InstanceKey& guarded) {
  return precondition.owner == guarded.component &&
         precondition.start == guarded.start;
}

}  // namespace

Cascade::Cascade(LiveRuns* runs, Endings* endings, RunAgendas* agendas)
    : runs_(runs), endings_(endings), agendas_(agendas) {}

bool Cascade::PropagateToNextWaiting(EndedRun* ended) {
  // A cancelled instance that will be rerun keeps its dependents waiting.
  if (!ended->last.has_value() && !Satisfies(ended->status) &&
      view().IsToCome(ended->key)) {
    return false;
  }
  ended->last = runs_->index().NextWaiting(ended->key, ended->last);
  if (!ended->last.has_value()) return false;
  if (Satisfies(ended->status)) {
    Release(*ended->last, ended->key);
  } else {
    FailWith(*ended->last, ended);
  }
  return true;
}

// A dependent is looked at when the last of its dependencies is done: its list
// is then rewritten once, not for each.
void Cascade::Release(const InstanceKey& waiting, const InstanceKey& ended) {
  RunAgenda& agenda = agendas_->Of(waiting.pipeline);
  if (agenda.Strike(waiting, ended) >=
      view().Live(waiting)->waiting_on.size()) {
    agenda.AddCandidate(waiting);
  }
}

// The mode of the dependent decides.
void Cascade::FailWith(const InstanceKey& waiting, EndedRun* ended) {
  if (Guards(ended->key, waiting) && ended->status == RunStatus::kFailed) {
    endings_->End(waiting, {RunStatus::kFailed, ended->failure});
  } else if (view().ComponentOf(*view().Live(waiting)).run.cascade) {
    if (ended->chain.empty()) ended->chain = view().ChainOf({ended->key});
    FailBy(waiting, ended->chain);
  }
}

void Cascade::FailBy(const InstanceKey& waiting,
                     std::vector<InstanceKey> chain) {
  runs_->Edit(waiting, [&](Instance& instance) {
    instance.cascade_failed_on = std::move(chain);
  });
  endings_->End(waiting, {RunStatus::kCascadeFailed});
}

void Cascade::FailIfDependencyFailed(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  if (!view().ComponentOf(instance).run.cascade) return;
  const std::vector<InstanceKey> failed = view().Failed(instance.waiting_on);
  if (!failed.empty()) FailBy(key, view().ChainOf(failed));
}

void Cascade::CheckList(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  std::vector<InstanceKey> off;
  for (const InstanceKey& dependency : instance.waiting_on) {
    if (IsDone(instance, dependency)) {
      off.push_back(dependency);
    } else if (Guards(dependency, key)) {
      const std::optional<Instance> guard = view().Find(dependency);
      if (guard.has_value() && guard->status == RunStatus::kFailed) {
        endings_->End(key, {RunStatus::kFailed, guard->failure});
        return;
      }
    }
  }
  runs_->StrikeOff(key, off);
}

// A dependency is done if it has finished, is a resource that is up, or will
// never be made.
bool Cascade::IsDone(const Instance& waiting,
                     const InstanceKey& dependency) const {
  const std::optional<RunStatus> status = view().StatusOf(dependency);
  if (!status.has_value()) {
    return dependency.owner == kNoComponent && !view().WasMade(dependency) &&
           !view().IsToCome(dependency);
  }
  if (Satisfies(*status)) return true;
  return !HasEnded(*status) && *status != RunStatus::kWaitingOnDependencies &&
         view().ResourceOf(waiting) == dependency;
}

}  // namespace holdline
