// Runs, continued: the machines that activities run on (DATAPIPELINE sections
// 2.6 and 4.4).

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/pipeline/planner/runs.h"

namespace holdline {

bool Runs::HasMachine(const InstanceKey& key) {
  const Instance* instance = view_.Live(key);
  const std::optional<InstanceKey> id = view_.MachineOf(*instance);
  if (!id.has_value()) return true;
  const bool cascades = view_.ComponentOf(*instance).run.cascade;
  std::optional<Instance> machine = view_.Find(*id);
  // One that was shut down, or skipped, is needed after all.
  if (machine.has_value() && Satisfies(machine->status)) {
    Reopen(*std::move(machine), true);
    machine = *view_.Live(*id);
  }
  if (machine.has_value() && !HasEnded(machine->status)) {
    const bool waits = machine->status == RunStatus::kWaitingOnDependencies;
    if (waits && !BringUp(*machine)) {
      WaitFor(key, {*id});
      return false;
    }
    // It may have failed at once.
    if (view_.Live(*id) != nullptr) return true;
  }
  if (machine.has_value() && cascades) {
    End(key, RunStatus::kCanceled, {}, std::string(kMachineLost));
  } else {
    // Until it is made, or run again.
    WaitFor(key, {*id});
  }
  return false;
}

// Starts a machine, unless it has to wait for a place.
bool Runs::BringUp(const Instance& machine) {
  if (!view_.MayStart(machine) || !HasPlace(machine)) return false;
  StartMachine(machine.key);
  return true;
}

// If not, it gets the next one in its turn.
bool Runs::HasPlace(const Instance& machine) {
  const InstanceKey key = machine.key;
  const int places = index_.Places({key.pipeline, key.component});
  if (machine.rerun || places < view_.ComponentOf(machine).run.active_max) {
    return true;
  }
  index_.AddReady(key);
  return false;
}

void Runs::StartMachine(const InstanceKey& key) {
  Instance next = *view_.Live(key);
  Unwatch(next);
  next.waiting_on.clear();
  next.started_at = now_;
  Put(std::move(next));
  StartAttempt(key, now_);
}

void Runs::OnMachineUp(const InstanceKey& machine) {
  const Instance* creating = view_.Live(machine);
  if (creating == nullptr || creating->status != RunStatus::kCreating) return;
  Instance up = *creating;
  up.status = RunStatus::kRunning;
  Attempt attempt = state().attempts.at(machine);
  attempt.status = RunStatus::kRunning;
  ledger_->Record(std::move(attempt));
  Put(std::move(up));
}

void Runs::OnStartUp(const InstanceKey& key) {
  const Instance& machine = *view_.Live(key);
  const RunSettings& run = view_.ComponentOf(machine).run;
  const auto attempt = state().attempts.find(key);
  if (machine.status != RunStatus::kCreating ||
      attempt == state().attempts.end() ||
      attempt->second.ready_at + run.start_up_timeout > now_) {
    return;
  }
  FailAttempt(key,
              {"Service_InitTimeout",
               absl::StrCat("The resource was not up after ",
                            absl::FormatDuration(run.start_up_timeout), "."),
               ""});
}

// Shuts a machine down when all that runs on it has ended, or when a task has
// failed that it is not to outlive.
void Runs::ReleaseMachine(const Instance& user) {
  const std::optional<InstanceKey> key = view_.MachineOf(user);
  const Instance* machine = key.has_value() ? view_.Live(*key) : nullptr;
  if (machine == nullptr) return;
  const bool has_started = machine->status != RunStatus::kWaitingOnDependencies;
  if (user.status == RunStatus::kFailed && has_started &&
      view_.ComponentOf(*machine).run.ends_with_task) {
    End(*key, RunStatus::kFinished);
  } else {
    agenda_.Doubt(*key);
  }
}

void Runs::EndIfNotNeeded(const InstanceKey& key) {
  const Instance* machine = view_.Live(key);
  if (machine == nullptr ||
      view_.ComponentOf(*machine).family() != ObjectFamily::kResource ||
      view_.IsNeeded(*machine)) {
    return;
  }
  End(key, RunStatus::kFinished);
}

// What is offered to the machine's runner will not be taken any more; what it
// has taken ends by its own time limits.
void Runs::LoseMachine(const Instance& machine) {
  for (const InstanceKey& key : index_.RunningOn(machine.key)) {
    const Instance* user = view_.Live(key);
    const bool failed = machine.status != RunStatus::kFinished;
    if (failed && view_.ComponentOf(*user).run.cascade) {
      End(key, RunStatus::kCanceled, {}, std::string(kMachineLost));
    } else if (user->status == RunStatus::kWaitingForRunner) {
      EndAttempt(*user, RunStatus::kCanceled, {}, std::string(kMachineLost));
      TakeBack(key, RunStatus::kWaitingOnDependencies, kMachineLost);
      agenda_.Consider(key);
    }
  }
}

}  // namespace holdline
