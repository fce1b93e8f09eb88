#include "server/pipeline/planner/resources.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

RunEnd Lost() { return {RunStatus::kCanceled, {}, std::string(kMachineLost)}; }

}  // namespace

Resources::Resources(LiveRuns* runs, Attempts* attempts, Endings* endings,
                     RunAgendas* agendas)
    : runs_(runs), attempts_(attempts), endings_(endings), agendas_(agendas) {}

bool Resources::Provide(const InstanceKey& user) {
  const std::optional<InstanceKey> id = view().MachineOf(*view().Live(user));
  if (!id.has_value()) return true;
  std::optional<Instance> machine = view().Find(*id);
  const bool exists = machine.has_value();
  // One that was shut down, or skipped, is needed after all.
  if (exists && Satisfies(machine->status)) {
    runs_->Reopen(*std::move(machine), true);
  }
  if (const Instance* live = view().Live(*id)) {
    if (live->status == RunStatus::kWaitingOnDependencies) {
      if (!view().MayStart(*live) || !HasPlace(*live)) {
        runs_->AddWaitingOn(user, {*id});
        return false;
      }
      BringUp(*id);
    }
    // It may have failed at once.
    if (view().Live(*id) != nullptr) return true;
  }
  if (exists && view().ComponentOf(*view().Live(user)).run.cascade) {
    endings_->End(user, Lost());
  } else {
    // Until it is made, or run again.
    runs_->AddWaitingOn(user, {*id});
  }
  return false;
}

bool Resources::EndIfLost(const InstanceKey& user) {
  const Instance& instance = *view().Live(user);
  if (!view().ComponentOf(instance).run.cascade) return false;
  const std::optional<InstanceKey> id = view().MachineOf(instance);
  if (!id.has_value() || view().Live(*id) != nullptr) return false;
  const std::optional<RunStatus> machine = view().StatusOf(*id);
  if (!machine.has_value() || Satisfies(*machine) || view().IsToCome(*id)) {
    return false;
  }
  endings_->End(user, Lost());
  return true;
}

// If not, it gets the next one in its turn.
bool Resources::HasPlace(const Instance& machine) {
  const InstanceKey& key = machine.key;
  const int places = runs_->index().Places({key.pipeline, key.component});
  if (machine.rerun || places < view().ComponentOf(machine).run.active_max) {
    return true;
  }
  runs_->AddReady(key);
  return false;
}

void Resources::GoOn(const InstanceKey& key) {
  const Instance& machine = *view().Live(key);
  if (!view().IsNeeded(machine)) {
    endings_->End(key, {RunStatus::kFinished});
  } else if (view().MayStart(machine) && runs_->index().IsAwaited(key) &&
             HasPlace(machine)) {
    agendas_->Of(key.pipeline).AddEnded({key, RunStatus::kFinished});
  }
}

void Resources::BringUp(const InstanceKey& machine) {
  runs_->Unwatch(machine);
  runs_->Edit(machine, [&](Instance& next) { next.started_at = runs_->now(); });
  attempts_->Start(machine, runs_->now());
}

void Resources::OnUserStarted(const InstanceKey& user) {
  const std::optional<InstanceKey> id = view().MachineOf(*view().Live(user));
  const Instance* machine = id.has_value() ? view().Live(*id) : nullptr;
  if (machine == nullptr || machine->status != RunStatus::kCreating) return;
  runs_->EditAttempt(
      *id, [](Attempt& attempt) { attempt.status = RunStatus::kRunning; });
  runs_->Edit(*id, [](Instance& up) { up.status = RunStatus::kRunning; });
}

void Resources::OnStartUpTimeout(const InstanceKey& key) {
  const Instance& machine = *view().Live(key);
  const RunSettings& run = view().ComponentOf(machine).run;
  const Attempt* attempt = runs_->AttemptOf(key);
  if (machine.status != RunStatus::kCreating || attempt == nullptr ||
      attempt->ready_at + run.start_up_timeout > runs_->now()) {
    return;
  }
  attempts_->Fail(
      key, {"Service_InitTimeout",
            absl::StrCat("The resource was not up after ",
                         absl::FormatDuration(run.start_up_timeout), "."),
            ""});
}

void Resources::EndIfIdle(const InstanceKey& key) {
  const Instance* machine = view().Live(key);
  if (machine == nullptr ||
      view().ComponentOf(*machine).family() != ObjectFamily::kResource ||
      view().IsNeeded(*machine)) {
    return;
  }
  endings_->End(key, {RunStatus::kFinished});
}

bool Resources::TellNextUser(EndedRun* machine) {
  const ObjectFamily family =
      machine->audience == EndedRun::Audience::kActivities
          ? ObjectFamily::kActivity
          : ObjectFamily::kPrecondition;
  machine->last = runs_->index().NextUser(machine->key, family, machine->last);
  if (!machine->last.has_value()) return false;
  Lose(*machine->last, machine->status);
  return true;
}

void Resources::CheckMachineOf(const InstanceKey& user) {
  const Instance* instance = view().Live(user);
  if (instance == nullptr || runs_->AttemptOf(user) == nullptr) return;
  const std::optional<InstanceKey> id = view().MachineOf(*instance);
  if (!id.has_value()) return;
  const std::optional<RunStatus> machine = view().StatusOf(*id);
  if (machine.has_value() && HasEnded(*machine)) Lose(user, *machine);
}

// What is offered to the machine's runner will not be taken any more; what it
// has taken ends by its own time limits.
void Resources::Lose(const InstanceKey& user, RunStatus machine) {
  const Instance& instance = *view().Live(user);
  if (!Satisfies(machine) && view().ComponentOf(instance).run.cascade) {
    endings_->End(user, Lost());
  } else if (instance.status == RunStatus::kWaitingForRunner) {
    endings_->EndAttempt(user, Lost());
    attempts_->TakeBack(user, RunStatus::kWaitingOnDependencies, kMachineLost);
    agendas_->Of(user.pipeline).AddCandidate(user);
  }
}

}  // namespace holdline
