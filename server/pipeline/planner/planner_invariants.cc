// The invariants of planner.h: all is counted anew and compared with the index.

#include <map>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/planner/planner.h"

namespace holdline {
namespace {

// Counts the rows that the ledger counts as they change.
bool IsExact(const PipelineCensus& census, const PipelinesState& state) {
  PipelineCensus counted;
  for (const auto& [number, pipeline] : state.pipelines) {
    counted.Count(pipeline.record.state, 1);
  }
  for (const auto& [key, instance] : state.instances) {
    counted.Count(instance.status, 1);
  }
  return census == counted;
}

// Whether the index of components, tasks and resources equals one that is built
// anew.
absl::Status CheckDerived(const PipelinesState& state, const Runs& runs) {
  for (const auto& [number, pipeline] : state.pipelines) {
    Health worst = Health::kUnknown;
    for (const ComponentRecord& component : pipeline.components) {
      worst = std::max(worst, component.health);
      if (pipeline.numbers->at(component.id) != component.number) {
        return absl::InternalError("a component is not found by its id");
      }
    }
    if (worst != pipeline.WorstHealth()) {
      return absl::InternalError("the health of components is counted wrong");
    }
    int64_t running = 0;
    for (const InstanceKey& key : runs.view().LiveOf(number)) {
      const Instance& instance = *runs.view().Live(key);
      const RunRole role = runs.view().RoleOf(instance);
      running += instance.status == RunStatus::kRunning &&
                 role.family != ObjectFamily::kResource;
      const bool uses =
          role.resource.has_value() && role.family != ObjectFamily::kDataNode;
      if (uses && !runs.index().Uses(key, *role.resource)) {
        return absl::InternalError("a resource does not know who uses it");
      }
    }
    if (running != runs.index().Running(number)) {
      return absl::InternalError("what runs is counted wrong");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Planner::CheckInvariants() const {
  if (!IsExact(ledger_.census(), state())) {
    return absl::InternalError("the census is wrong");
  }
  for (const auto& [key, instance] : state().instances) {
    if (!state().pipelines.contains(key.pipeline)) {
      return absl::InternalError("an instance has no pipeline");
    }
    if (HasEnded(instance.status) || runs_.IsBusy(key.pipeline)) continue;
    std::string wrong = WrongWith(instance);
    if (wrong.empty()) wrong = WrongWithTask(instance);
    if (wrong.empty()) wrong = WrongWithWaiting(instance);
    if (wrong.empty()) continue;
    return absl::InternalError(absl::StrCat(
        InstanceId(runs_.view().WorkflowOf(instance), key), " ", wrong));
  }
  return CheckIndex();
}

std::string Planner::WrongWith(const Instance& instance) const {
  const Component& component = runs_.view().ComponentOf(instance);
  const bool waits = instance.status == RunStatus::kWaitingOnDependencies;
  if (!waits && !instance.waiting_on.empty()) return "runs and still waits";
  if (instance.retries_left < 0 ||
      instance.retries_left > component.run.retries) {
    return absl::StrCat("has ", instance.retries_left, " of ",
                        component.run.retries, " retries left");
  }
  if (component.family() == ObjectFamily::kDataNode && !waits) return "runs";
  const auto attempt = state().attempts.find(instance.key);
  const bool has_attempt =
      attempt != state().attempts.end() && !HasEnded(attempt->second.status);
  if (has_attempt == waits) {
    return has_attempt ? "waits, and an attempt goes on" : "has no attempt";
  }
  if (has_attempt && (attempt->second.key.number != instance.attempts ||
                      attempt->second.status != instance.status ||
                      attempt->second.task != instance.task)) {
    if (attempt->second.task != instance.task && instance.task == TaskId{}) {
      return "";  // it was taken back
    }
    return "is not as its attempt is";
  }
  for (const RunDeadline& limit : runs_.view().LimitsOf(instance)) {
    if (limit.time > now_ && !deadlines_.Contains(limit)) {
      return "has a limit of time that is not heeded";
    }
  }
  return "";
}

std::string Planner::WrongWithTask(const Instance& instance) const {
  const bool waits = instance.status == RunStatus::kWaitingOnDependencies;
  if (instance.task == TaskId{}) {
    return waits || !runs_.view().MayStart(instance)
               ? ""
               : "is to run, without a task";
  }
  if (waits) return "waits and has a task";
  const InstanceKey* owner = runs_.index().OfTask(instance.task);
  if (owner == nullptr || *owner != instance.key) return "is not found by task";
  const auto task = broker_->state().tasks.find(instance.task);
  if (task == broker_->state().tasks.end() ||
      IsFinal(task->second.state.phase)) {
    return "has a task that has ended";
  }
  const bool is_out = task->second.state.phase == Phase::kLeased;
  if (instance.status == RunStatus::kRunning &&
      task->second.spec.kind != TaskKind::kResource && !is_out) {
    return "is RUNNING, and no runner has it";
  }
  if (instance.status == RunStatus::kWaitingForRunner && is_out) {
    return "waits for a runner and has one";
  }
  return "";
}

// Whether a waiting instance has a reason to wait.
std::string Planner::WrongWithWaiting(const Instance& instance) const {
  const RunView& view = runs_.view();
  if (instance.status != RunStatus::kWaitingOnDependencies ||
      !view.MayStart(instance)) {
    return "";
  }
  const Component& component = view.ComponentOf(instance);
  const ComponentKey of{instance.key.pipeline, instance.key.component};
  const bool lacks_a_place =
      runs_.index().IsReady(instance.key) &&
      runs_.index().SlotsInUse(of) >= component.run.active_max;
  if (component.family() == ObjectFamily::kResource) {
    if (!view.IsNeeded(instance)) return "waits, and nobody needs it";
    return lacks_a_place || !runs_.index().IsAwaited(instance.key)
               ? ""
               : "is waited for and could start";
  }
  for (const InstanceKey& key : instance.waiting_on) {
    if (view.Live(key) != nullptr || view.IsToCome(key)) continue;
    const std::optional<RunStatus> status = view.StatusOf(key);
    if (!status.has_value()) return "waits for what never comes";
    if (Satisfies(*status)) return "waits for what has finished";
    if (component.run.cascade) return "waits for what has failed";
  }
  return lacks_a_place || !instance.waiting_on.empty() ? ""
                                                       : "waits for nothing";
}

absl::Status Planner::CheckIndex() const {
  const absl::Status derived = CheckDerived(state(), runs_);
  if (!derived.ok()) return derived;
  std::map<ComponentKey, int> live;
  std::map<ComponentKey, int> slots;
  for (const auto& [key, instance] : state().instances) {
    if (HasEnded(instance.status)) continue;
    const ComponentKey of{key.pipeline, key.component};
    ++live[of];
    if (IsActive(instance.status) && !instance.rerun) ++slots[of];
    for (const InstanceKey& dependency : instance.waiting_on) {
      if (!runs_.index().Waits(key, dependency)) {
        return absl::InternalError("an instance waits and is not told");
      }
    }
  }
  for (const auto& [of, count] : live) {
    if (runs_.index().Live(of) != count ||
        runs_.index().SlotsInUse(of) != slots[of]) {
      return absl::InternalError("instances are counted wrong");
    }
    const Pipeline& pipeline = state().pipelines.at(of.first);
    const Component* component = pipeline.workflow()->Find(of.second);
    if (component != nullptr &&
        component->family() != ObjectFamily::kPrecondition &&
        slots[of] > component->run.active_max) {
      return absl::InternalError(
          absl::StrCat(component->id(), " has more instances than slots"));
    }
  }
  return absl::OkStatus();
}

}  // namespace holdline
