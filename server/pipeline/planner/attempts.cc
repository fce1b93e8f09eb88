#include "server/pipeline/planner/attempts.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/pipeline/model/evaluation.h"
#include "server/pipeline/model/route.h"

namespace holdline {
namespace {

// The reserved prefix of the error ids of the service (section 5.4).
constexpr char kExpressionError[] = "Service_ExpressionError";
constexpr char kNoWorkerGroup[] = "Service_NoWorkerGroup";
constexpr char kPreconditionTimeout[] = "Service_PreconditionTimeout";

RunEnd StayedFalse(const RunSettings& run) {
  return {RunStatus::kFailed,
          {kPreconditionTimeout,
           absl::StrCat("The precondition did not hold for ",
                        absl::FormatDuration(run.precondition_timeout), "."),
           ""}};
}

TaskKind KindOf(ObjectFamily family) {
  switch (family) {
    case ObjectFamily::kPrecondition:
      return TaskKind::kPrecondition;
    case ObjectFamily::kResource:
      return TaskKind::kResource;
    case ObjectFamily::kActivity:
    case ObjectFamily::kDataNode:
    case ObjectFamily::kNone:
    case ObjectFamily::kAction:
    case ObjectFamily::kSchedule:
    case ObjectFamily::kDatabase:
    case ObjectFamily::kDataFormat:
    case ObjectFamily::kUtility:
      break;
  }
  return TaskKind::kActivity;
}

}  // namespace

Attempts::Attempts(LiveRuns* runs, Broker* broker, Endings* endings,
                   RunAgendas* agendas, EncodeTask encode)
    : runs_(runs),
      broker_(broker),
      endings_(endings),
      agendas_(agendas),
      encode_(std::move(encode)) {}

bool Attempts::IsResource(const Instance& instance) const {
  return view().ComponentOf(instance).family() == ObjectFamily::kResource;
}

void Attempts::Start(const InstanceKey& key, absl::Time not_before) {
  Attempt attempt;
  attempt.status = IsResource(*view().Live(key)) ? RunStatus::kCreating
                                                 : RunStatus::kWaitingForRunner;
  attempt.ready_at = not_before;
  runs_->Edit(key, [&](Instance& instance) {
    attempt.key = {key, ++instance.attempts};
    instance.status = attempt.status;
  });
  runs_->Add(std::move(attempt));
  // A deadline may have passed while the attempt before was live.
  runs_->Watch(key);
  if (view().MayStart(*view().Live(key))) Offer(key);
}

// An instance whose resource has ended waits for it again.
void Attempts::StartAgain(const InstanceKey& key, absl::Time not_before) {
  const std::optional<InstanceKey> id = view().ResourceOf(*view().Live(key));
  const Instance* resource = id.has_value() ? view().Live(*id) : nullptr;
  if (!id.has_value() ||
      (resource != nullptr &&
       resource->status != RunStatus::kWaitingOnDependencies)) {
    Start(key, not_before);
    return;
  }
  TakeBack(key, RunStatus::kWaitingOnDependencies, kResourceLost);
  agendas_->Of(key.pipeline).AddCandidate(key);
}

void Attempts::Offer(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  const RunContext context = view().ContextOf(instance);
  const absl::StatusOr<std::vector<PipelineObject>> objects =
      RunnerObjects(context, instance, *runs_->AttemptOf(key));
  if (!objects.ok()) {
    return FailForGood(
        key, {kExpressionError, std::string(objects.status().message()), ""});
  }
  std::string group = WorkerGroupOf(context, instance);
  if (group.empty()) {
    return FailForGood(
        key, {kNoWorkerGroup,
              "No worker group is known for it: workerGroup is not set, or "
              "there is no instance of what it runs on.",
              ""});
  }
  const TaskId task = Submit(instance, std::move(group),
                             encode_(context.pipeline->id, *objects));
  runs_->EditAttempt(key, [&](Attempt& attempt) { attempt.task = task; });
  runs_->Edit(key, [&](Instance& offered) { offered.task = task; });
}

TaskId Attempts::Submit(const Instance& instance, std::string group,
                        std::string payload) {
  const Component& component = view().ComponentOf(instance);
  const PipelineRecord& pipeline = view().PipelineOf(instance.key).record;
  Submission submission;
  TaskSpec& spec = submission.spec;
  spec.group = {pipeline.account, std::move(group)};
  spec.kind = KindOf(component.family());
  spec.type = component.object->type_name;
  spec.fairness_key = pipeline.id;
  spec.retry.attempts = 1;
  spec.timeouts.progress = component.run.progress_timeout;
  spec.timeouts.attempt = component.run.attempt_timeout;
  submission.not_before = runs_->AttemptOf(instance.key)->ready_at;
  submission.payload = std::move(payload);
  fed_.insert(spec.group);
  return broker_->Take(std::move(submission));
}

bool Attempts::IsOffered(const Instance& instance) const {
  const auto task = broker_->state().tasks.find(instance.task);
  return task != broker_->state().tasks.end() &&
         task->second.state.phase == Phase::kWaiting;
}

void Attempts::OfferOrTakeBack(const InstanceKey& key) {
  const Instance* instance = view().Live(key);
  if (instance == nullptr || runs_->AttemptOf(key) == nullptr) return;
  const bool may_start = view().MayStart(*instance);
  if (may_start && instance->task == TaskId{}) {
    Offer(key);
  } else if (!may_start && IsOffered(*instance)) {
    TakeBack(key, instance->status, kOfferedAgain);
  }
}

void Attempts::TakeBack(const InstanceKey& key, RunStatus status,
                        absl::string_view reason) {
  TaskId task{};
  runs_->Edit(key, [&](Instance& instance) {
    task = std::exchange(instance.task, TaskId{});
    instance.status = status;
  });
  if (status == RunStatus::kWaitingOnDependencies) {
    // A dependency may be rerun since.
    runs_->SetWaitingOn(key, view().Unmet(*view().Live(key)));
  }
  broker_->Withdraw(task, std::string(reason));
}

void Attempts::OnLeased(const InstanceKey& key, const Lease& lease) {
  const Instance& instance = *view().Live(key);
  const bool is_first = instance.started_at == absl::InfiniteFuture();
  // A resource counts as up when an instance on it is handed out.
  const bool is_resource = IsResource(instance);
  runs_->EditAttempt(key, [&](Attempt& attempt) {
    attempt.hostname = lease.hostname;
    attempt.instance_arn = lease.instance_arn;
    if (!is_resource) attempt.status = RunStatus::kRunning;
  });
  if (is_first) runs_->Unwatch(key);
  runs_->Edit(key, [&](Instance& leased) {
    if (!is_resource) leased.status = RunStatus::kRunning;
    if (is_first) leased.started_at = runs_->now();
  });
  if (is_first) runs_->Watch(key);
}

void Attempts::OnDelayEnded(const InstanceKey& key, absl::Time at) {
  runs_->Unwatch(key);
  runs_->EditAttempt(key, [&](Attempt& attempt) { attempt.ready_at = at; });
  runs_->Watch(key);
}

void Attempts::OnReturned(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  // If another runner was polling, the attempt is leased again already: it
  // continues, even if nothing may start now.
  const auto task = broker_->state().tasks.find(instance.task);
  if (task != broker_->state().tasks.end() &&
      task->second.state.phase == Phase::kLeased) {
    return;
  }
  // The status of a resource does not depend on who has its task.
  const RunStatus status =
      !IsResource(instance) && instance.status == RunStatus::kRunning
          ? RunStatus::kWaitingForRunner
          : instance.status;
  runs_->EditAttempt(key, [&](Attempt& attempt) {
    attempt.hostname.clear();
    attempt.instance_arn.clear();
    attempt.status = status;
  });
  runs_->Edit(key, [&](Instance& returned) { returned.status = status; });
  runs_->Watch(key);
  if (!view().MayStart(instance)) TakeBack(key, status, kOfferedAgain);
}

void Attempts::OnFailed(const InstanceKey& key, FailureCause cause,
                        const Failure& failure) {
  switch (cause) {
    case FailureCause::kFalse:
      return CheckLater(key);
    case FailureCause::kPermanent:
      return FailForGood(key, failure);
    case FailureCause::kReported:
    case FailureCause::kProgressTimeout:
    case FailureCause::kAttemptTimeout:
      return Fail(key, failure);
  }
}

void Attempts::Fail(const InstanceKey& key, const Failure& failure) {
  const Instance& instance = *view().Live(key);
  const RunStatus status = instance.status;
  if (instance.retries_left == 0) {
    endings_->End(key, {RunStatus::kFailed, failure});
    return;
  }
  endings_->EndAttempt(key, {RunStatus::kFailed, failure});
  runs_->Edit(key, [](Instance& failed) { --failed.retries_left; });
  // A runner may still have the task, unless the runner reported the failure.
  TakeBack(key, status, failure.message);
  StartAgain(key, runs_->now() + view().ComponentOf(instance).run.retry_delay);
}

// A retry would not help.
void Attempts::FailForGood(const InstanceKey& key, const Failure& failure) {
  runs_->Edit(key, [](Instance& failed) { failed.retries_left = 0; });
  Fail(key, failure);
}

// A false precondition is no failure until preconditionTimeout (section 7).
void Attempts::CheckLater(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  const RunSettings& run = view().ComponentOf(instance).run;
  if (runs_->now() >= instance.started_at + run.precondition_timeout) {
    endings_->End(key, StayedFalse(run));
    return;
  }
  endings_->EndAttempt(key, {RunStatus::kFinished});
  runs_->Edit(key, [&](Instance& checked) {
    checked.task = TaskId{};
    ++checked.rechecks;
    checked.rechecked_at = runs_->now();
  });
  StartAgain(key, runs_->now() + run.retry_delay);
}

// A check under way may still find the precondition true.
void Attempts::OnUnmet(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  if (instance.rechecks == 0 || !view().MayStart(instance) ||
      instance.status != RunStatus::kWaitingForRunner) {
    return;
  }
  endings_->End(key, StayedFalse(view().ComponentOf(instance).run));
}

void Attempts::HandOut() {
  for (const GroupKey& group : std::exchange(fed_, {})) {
    broker_->HandOutReady(group);
  }
}

}  // namespace holdline
