#include "server/pipeline/planner/resources.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

RunEnd Lost() { return {RunStatus::kCanceled, {}, std::string(kResourceLost)}; }

}  // namespace

Resources::Resources(LiveRuns* runs, Attempts* attempts, Endings* endings,
                     RunAgendas* agendas)
    : runs_(runs), attempts_(attempts), endings_(endings), agendas_(agendas) {}

bool Resources::Provide(const InstanceKey& user) {
  const std::optional<InstanceKey> id = view().ResourceOf(*view().Live(user));
  if (!id.has_value()) return true;
  std::optional<Instance> resource = view().Find(*id);
  const bool exists = resource.has_value();
  // A resource that has ended or was skipped is needed again.
  if (exists && Satisfies(resource->status)) {
    runs_->Reopen(*std::move(resource), true);
  }
  if (const Instance* live = view().Live(*id)) {
    if (live->status == RunStatus::kWaitingOnDependencies) {
      if (!view().MayStart(*live) || !HasFreeSlot(*live)) {
        runs_->AddWaitingOn(user, {*id});
        return false;
      }
      BringUp(*id);
    }
    // The attempt may have failed at once.
    if (view().Live(*id) != nullptr) return true;
  }
  if (exists && view().ComponentOf(*view().Live(user)).run.cascade) {
    endings_->End(user, Lost());
  } else {
    // The instance waits until the resource is made, or rerun.
    runs_->AddWaitingOn(user, {*id});
  }
  return false;
}

bool Resources::EndIfLost(const InstanceKey& user) {
  const Instance& instance = *view().Live(user);
  if (!view().ComponentOf(instance).run.cascade) return false;
  const std::optional<InstanceKey> id = view().ResourceOf(instance);
  if (!id.has_value() || view().Live(*id) != nullptr) return false;
  const std::optional<RunStatus> resource = view().StatusOf(*id);
  if (!resource.has_value() || Satisfies(*resource) || view().IsToCome(*id)) {
    return false;
  }
  endings_->End(user, Lost());
  return true;
}

// Without a free slot the resource is ready, and gets the next one in its turn.
bool Resources::HasFreeSlot(const Instance& resource) {
  const InstanceKey& key = resource.key;
  const int slots = runs_->index().SlotsInUse({key.pipeline, key.component});
  if (resource.rerun || slots < view().ComponentOf(resource).run.active_max) {
    return true;
  }
  runs_->AddReady(key);
  return false;
}

void Resources::Advance(const InstanceKey& key) {
  const Instance& resource = *view().Live(key);
  if (!view().IsNeeded(resource)) {
    endings_->End(key, {RunStatus::kFinished});
  } else if (view().MayStart(resource) && runs_->index().IsAwaited(key) &&
             HasFreeSlot(resource)) {
    agendas_->Of(key.pipeline).AddEnded({key, RunStatus::kFinished});
  }
}

void Resources::BringUp(const InstanceKey& resource) {
  runs_->Unwatch(resource);
  runs_->Edit(resource,
              [&](Instance& next) { next.started_at = runs_->now(); });
  attempts_->Start(resource, runs_->now());
  // Unless the attempt has failed at once, those that wait for it may go on,
  // whoever needed it first.
  if (view().Live(resource) != nullptr && runs_->index().IsAwaited(resource)) {
    agendas_->Of(resource.pipeline).AddEnded({resource, RunStatus::kFinished});
  }
}

void Resources::OnUserStarted(const InstanceKey& user) {
  const std::optional<InstanceKey> id = view().ResourceOf(*view().Live(user));
  const Instance* resource = id.has_value() ? view().Live(*id) : nullptr;
  if (resource == nullptr || resource->status != RunStatus::kCreating) return;
  runs_->EditAttempt(
      *id, [](Attempt& attempt) { attempt.status = RunStatus::kRunning; });
  runs_->Edit(*id, [](Instance& up) { up.status = RunStatus::kRunning; });
}

void Resources::OnStartUpTimeout(const InstanceKey& key) {
  const Instance& resource = *view().Live(key);
  const RunSettings& run = view().ComponentOf(resource).run;
  const Attempt* attempt = runs_->AttemptOf(key);
  if (resource.status != RunStatus::kCreating || attempt == nullptr ||
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
  const Instance* resource = view().Live(key);
  if (resource == nullptr ||
      view().ComponentOf(*resource).family() != ObjectFamily::kResource ||
      view().IsNeeded(*resource)) {
    return;
  }
  endings_->End(key, {RunStatus::kFinished});
}

bool Resources::PropagateToNextUser(EndedRun* resource) {
  const ObjectFamily family =
      resource->audience == EndedRun::Audience::kActivities
          ? ObjectFamily::kActivity
          : ObjectFamily::kPrecondition;
  resource->last =
      runs_->index().NextUser(resource->key, family, resource->last);
  if (!resource->last.has_value()) return false;
  Lose(*resource->last, resource->status);
  return true;
}

void Resources::CheckResourceOf(const InstanceKey& user) {
  const Instance* instance = view().Live(user);
  if (instance == nullptr || runs_->AttemptOf(user) == nullptr) return;
  // It is about to be cancelled as its resource was.
  if (view().PipelineOf(user).record.order.cancellation !=
      MassCancellation::kNone) {
    return;
  }
  const std::optional<InstanceKey> id = view().ResourceOf(*instance);
  if (!id.has_value()) return;
  const std::optional<RunStatus> resource = view().StatusOf(*id);
  if (resource.has_value() && HasEnded(*resource)) Lose(user, *resource);
}

// A task that is offered to the runner of the resource will not be taken any
// more; one that it has taken ends by its own time-outs.
void Resources::Lose(const InstanceKey& user, RunStatus resource) {
  const Instance& instance = *view().Live(user);
  if (!Satisfies(resource) && view().ComponentOf(instance).run.cascade) {
    endings_->End(user, Lost());
  } else if (instance.status == RunStatus::kWaitingForRunner) {
    endings_->EndAttempt(user, Lost());
    attempts_->TakeBack(user, RunStatus::kWaitingOnDependencies, kResourceLost);
    agendas_->Of(user.pipeline).AddCandidate(user);
  }
}

}  // namespace holdline
