// Runs, continued: the machines that activities run on (DATAPIPELINE sections
// 2.6 and 4.4).

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/runs.h"

namespace holdline {

std::optional<InstanceKey> Runs::MachineOf(const Instance& instance) const {
  const Workflow& workflow = WorkflowOf(instance);
  const Component* user = &ComponentOf(instance);
  if (user->family() == ObjectFamily::kPrecondition) {
    if (user->object->type != nullptr && user->object->type->system_managed) {
      return std::nullopt;
    }
    user = workflow.Find(instance.key.owner);
  }
  if (user == nullptr || user->resource == kNoComponent ||
      user->family() == ObjectFamily::kResource) {
    return std::nullopt;
  }
  const Component* machine = workflow.Find(user->resource);
  if (machine == nullptr) return std::nullopt;
  const std::vector<absl::Time> starts =
      workflow.Overlapping(*machine, {instance.key.start, instance.end});
  if (starts.empty()) return std::nullopt;
  return InstanceKey{instance.key.pipeline, starts.front(), user->resource};
}

bool Runs::HasMachine(const Instance& instance) {
  const std::optional<InstanceKey> key = MachineOf(instance);
  if (!key.has_value()) return true;
  const std::optional<Instance> machine = Find(*key);
  if (machine.has_value() && !HasEnded(machine->status)) {
    if (machine->status == RunStatus::kWaitingOnDependencies) {
      StartMachine(*machine);
    }
    return true;
  }
  if (machine.has_value() && machine->status == RunStatus::kFinished) {
    Reopen(*machine);
    StartMachine(*Live(*key));
    return true;
  }
  if (machine.has_value() && ComponentOf(instance).run.cascade) {
    End(instance.key, RunStatus::kCanceled, {},
        "The resource that it runs on has failed.");
    return false;
  }
  // Until it is made, or made to run again.
  Instance next = instance;
  next.waiting_on.push_back(*key);
  Put(std::move(next));
  return false;
}

void Runs::StartMachine(const Instance& machine) {
  const InstanceKey key = machine.key;
  Instance next = machine;
  next.waiting_on.clear();
  next.started_at = now_;
  deadlines_->Add({now_ + ComponentOf(next).run.terminate_after,
                   RunDeadlineKind::kTerminate, key});
  Put(std::move(next));
  StartAttempt(key, now_);
}

// Shuts a machine down when all that runs on it has ended.
void Runs::ReleaseMachine(const Instance& user) {
  const std::optional<InstanceKey> key = MachineOf(user);
  const Instance* machine = key.has_value() ? Live(*key) : nullptr;
  if (machine == nullptr) return;
  const Workflow& workflow = WorkflowOf(*machine);
  for (const ComponentNumber number : ComponentOf(*machine).users) {
    const Component* component = workflow.Find(number);
    if (component == nullptr) continue;
    for (const absl::Time start :
         workflow.Overlapping(*component, {machine->key.start, machine->end})) {
      const std::optional<Instance> other =
          Find({key->pipeline, start, number});
      if (!other.has_value() || !HasEnded(other->status)) return;
    }
  }
  End(*key, RunStatus::kFinished);
}

// What is offered to the machine's runner will not be taken any more; what it
// has taken ends by its own time limits.
void Runs::LoseMachine(const Instance& machine, const std::string& reason) {
  const Workflow& workflow = WorkflowOf(machine);
  for (const ComponentNumber number : ComponentOf(machine).users) {
    const Component* component = workflow.Find(number);
    if (component == nullptr) continue;
    for (const absl::Time start :
         workflow.Overlapping(*component, {machine.key.start, machine.end})) {
      const InstanceKey key{machine.key.pipeline, start, number};
      const Instance* user = Live(key);
      if (user == nullptr || MachineOf(*user) != machine.key) continue;
      if (component->run.cascade) {
        End(key, RunStatus::kCanceled, {}, reason);
      } else if (user->status == RunStatus::kWaitingForRunner) {
        EndAttempt(*user, RunStatus::kCanceled, {}, reason);
        Instance next = *user;
        const TaskId task = std::exchange(next.task, TaskId{});
        next.status = RunStatus::kWaitingOnDependencies;
        next.waiting_on.push_back(machine.key);
        Put(std::move(next));
        broker_->Withdraw(task, reason);
      }
    }
  }
}

void Runs::OnTerminate(const InstanceKey& key) {
  if (Live(key) == nullptr) return;
  End(key, RunStatus::kTimedOut, {},
      absl::StrCat("The resource lived longer than its terminateAfter."));
}

}  // namespace holdline
