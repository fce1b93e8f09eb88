// Runs, continued: how instances are tried.

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/pipeline/model/evaluation.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/planner/runs.h"

namespace holdline {
namespace {

// The reserved beginning of the service's own error ids (section 5.4).
constexpr char kExpressionError[] = "Service_ExpressionError";
constexpr char kNoWorkerGroup[] = "Service_NoWorkerGroup";
constexpr char kPreconditionTimeout[] = "Service_PreconditionTimeout";

Failure StayedFalse(const RunSettings& run) {
  return {kPreconditionTimeout,
          absl::StrCat("The precondition did not hold for ",
                       absl::FormatDuration(run.precondition_timeout), "."),
          ""};
}

TaskKind KindOf(ObjectFamily family) {
  switch (family) {
    case ObjectFamily::kPrecondition:
      return TaskKind::kPrecondition;
    case ObjectFamily::kResource:
      return TaskKind::kResource;
    default:
      return TaskKind::kActivity;
  }
}

}  // namespace

void Runs::StartAttempt(const InstanceKey& key, absl::Time not_before) {
  Instance next = *view_.Live(key);
  ++next.attempts;
  const bool is_machine =
      view_.ComponentOf(next).family() == ObjectFamily::kResource;
  next.status =
      is_machine ? RunStatus::kCreating : RunStatus::kWaitingForRunner;
  Attempt attempt;
  attempt.key = {key, next.attempts};
  attempt.status = next.status;
  attempt.ready_at = not_before;
  const Instance instance = next;
  Put(std::move(next));
  ledger_->Record(attempt);
  // A limit may have passed while an attempt was under way.
  Watch(instance);
  if (view_.MayStart(instance)) Offer(instance, std::move(attempt));
}

void Runs::TryAgain(const InstanceKey& key, absl::Time not_before) {
  const std::optional<InstanceKey> id = view_.MachineOf(*view_.Live(key));
  const Instance* machine = id.has_value() ? view_.Live(*id) : nullptr;
  if (!id.has_value() ||
      (machine != nullptr &&
       machine->status != RunStatus::kWaitingOnDependencies)) {
    StartAttempt(key, not_before);
    return;
  }
  TakeBack(key, RunStatus::kWaitingOnDependencies, kMachineLost);
  agenda_.Consider(key);
}

void Runs::Offer(const Instance& instance, Attempt attempt) {
  const RunContext context = view_.ContextOf(instance);
  const InstanceKey key = instance.key;
  absl::StatusOr<std::vector<PipelineObject>> objects =
      RunnerObjects(context, instance, attempt);
  Failure failure;
  if (!objects.ok()) {
    failure = {kExpressionError, std::string(objects.status().message()), ""};
  } else if (RouteOf(instance).empty()) {
    failure = {kNoWorkerGroup,
               "No worker group is known for it: workerGroup is not set, or "
               "there is no instance of what it runs on.",
               ""};
  }
  if (!failure.id.empty()) {
    FailForGood(key, std::move(failure));
    return;
  }
  Instance next = instance;
  next.task = attempt.task =
      Submit(instance, attempt, encode_(context.pipeline->id, *objects));
  ledger_->Record(std::move(attempt));
  Put(std::move(next));
}

TaskId Runs::Submit(const Instance& instance, const Attempt& attempt,
                    std::string payload) {
  const Component& component = view_.ComponentOf(instance);
  Submission submission;
  TaskSpec& spec = submission.spec;
  spec.group = {view_.PipelineOf(instance.key).record.account,
                RouteOf(instance)};
  spec.kind = KindOf(component.family());
  spec.type = component.object->type_name;
  spec.fairness_key = view_.PipelineOf(instance.key).record.id;
  spec.retry.attempts = 1;
  spec.timeouts.progress = component.run.progress_timeout;
  spec.timeouts.attempt = component.run.attempt_timeout;
  submission.not_before = attempt.ready_at;
  submission.payload = std::move(payload);
  fed_.insert(spec.group);
  return broker_->Take(std::move(submission));
}

std::string Runs::RouteOf(const Instance& instance) const {
  return WorkerGroupOf(view_.ContextOf(instance), instance);
}

std::optional<InstanceKey> Runs::Concerned(const Update& update) const {
  const InstanceKey* key = nullptr;
  std::visit(
      [&](const auto& fact) {
        if constexpr (requires { TaskId{fact.task}; }) {
          key = index_.OfTask(fact.task);
        }
      },
      update);
  if (key == nullptr) return std::nullopt;
  return *key;
}

std::optional<PipelineNumber> Runs::Observe(const Update& update) {
  const std::optional<InstanceKey> key = Concerned(update);
  if (!key.has_value()) return std::nullopt;
  if (const auto* leased = std::get_if<TaskLeased>(&update)) {
    OnLeased(*key, leased->lease);
  } else if (const auto* ended = std::get_if<DelayEnded>(&update)) {
    OnDelayEnded(*key, ended->at);
  } else if (std::holds_alternative<LeaseReturned>(update)) {
    OnReturned(*key);
  } else if (const auto* failed = std::get_if<AttemptFailed>(&update)) {
    if (failed->cause == FailureCause::kFalse) {
      Recheck(*key);
    } else if (failed->cause == FailureCause::kPermanent) {
      FailForGood(*key, failed->failure);
    } else {
      FailAttempt(*key, failed->failure);
    }
  } else if (std::holds_alternative<TaskFinished>(update)) {
    End(*key, RunStatus::kFinished);
  } else if (const auto* canceled = std::get_if<TaskCanceled>(&update)) {
    Cancel({*key}, canceled->reason);
  }
  return key->pipeline;
}

void Runs::OnLeased(const InstanceKey& key, const Lease& lease) {
  const Instance before = *view_.Live(key);
  Instance next = before;
  Attempt attempt = state().attempts.at(key);
  attempt.hostname = lease.hostname;
  attempt.instance_arn = lease.instance_arn;
  // A machine is up when something runs on it.
  const bool is_machine =
      view_.ComponentOf(next).family() == ObjectFamily::kResource;
  if (!is_machine) next.status = attempt.status = RunStatus::kRunning;
  ledger_->Record(std::move(attempt));
  if (next.started_at == absl::InfiniteFuture()) {
    Unwatch(before);
    next.started_at = now_;
    Watch(next);
  }
  Put(std::move(next));
  const std::optional<InstanceKey> machine = view_.MachineOf(before);
  if (machine.has_value()) OnMachineUp(*machine);
}

void Runs::OnDelayEnded(const InstanceKey& key, absl::Time at) {
  const Instance& instance = *view_.Live(key);
  Attempt attempt = state().attempts.at(key);
  attempt.ready_at = at;
  Unwatch(instance);
  ledger_->Record(std::move(attempt));
  Watch(instance);
}

void Runs::OnReturned(const InstanceKey& key) {
  Instance next = *view_.Live(key);
  // Where a runner waited, the attempt was handed out again in the same breath:
  // it goes on, even if nothing may begin now.
  const auto task = broker_->state().tasks.find(next.task);
  if (task != broker_->state().tasks.end() &&
      task->second.state.phase == Phase::kLeased) {
    return;
  }
  Attempt attempt = state().attempts.at(key);
  attempt.hostname.clear();
  attempt.instance_arn.clear();
  // A machine is what it is, whoever tends it.
  const bool is_machine =
      view_.ComponentOf(next).family() == ObjectFamily::kResource;
  if (!is_machine && next.status == RunStatus::kRunning) {
    next.status = attempt.status = RunStatus::kWaitingForRunner;
  }
  ledger_->Record(std::move(attempt));
  Watch(next);
  const bool may_start = view_.MayStart(next);
  const RunStatus status = next.status;
  Put(std::move(next));
  if (!may_start) TakeBack(key, status, kOfferedAgain);
}

void Runs::EndAttempt(const Instance& instance, RunStatus status,
                      Failure failure, std::string reason) {
  const auto found = state().attempts.find(instance.key);
  if (found == state().attempts.end() || HasEnded(found->second.status)) return;
  Attempt attempt = found->second;
  attempt.status = status;
  attempt.ended_at = now_;
  attempt.failure = std::move(failure);
  attempt.cancellation_reason = std::move(reason);
  // The task is forgotten sooner than the attempt.
  const auto task = broker_->state().tasks.find(attempt.task);
  if (task != broker_->state().tasks.end()) {
    attempt.reported_at = task->second.state.lease.reported_at;
    attempt.progress = task->second.state.progress;
  }
  ledger_->Record(std::move(attempt));
}

void Runs::FailAttempt(const InstanceKey& key, Failure failure) {
  const Instance instance = *view_.Live(key);
  if (instance.retries_left == 0) {
    End(key, RunStatus::kFailed, std::move(failure));
    return;
  }
  EndAttempt(instance, RunStatus::kFailed, failure, {});
  Instance next = instance;
  --next.retries_left;
  Put(std::move(next));
  // A runner may still have it, if it was not the one who said so.
  TakeBack(key, instance.status, failure.message);
  TryAgain(key, now_ + view_.ComponentOf(instance).run.retry_delay);
}

// Trying again would not help.
void Runs::FailForGood(const InstanceKey& key, Failure failure) {
  Instance next = *view_.Live(key);
  next.retries_left = 0;
  Put(std::move(next));
  FailAttempt(key, std::move(failure));
}

// The condition does not hold yet: that is no failure until its time is over
// (section 7).
void Runs::Recheck(const InstanceKey& key) {
  const Instance instance = *view_.Live(key);
  const RunSettings& run = view_.ComponentOf(instance).run;
  if (now_ >= instance.started_at + run.precondition_timeout) {
    End(key, RunStatus::kFailed, StayedFalse(run));
    return;
  }
  EndAttempt(instance, RunStatus::kFinished, {}, {});
  Instance next = instance;
  next.task = TaskId{};
  ++next.rechecks;
  next.rechecked_at = now_;
  Put(std::move(next));
  TryAgain(key, now_ + run.retry_delay);
}

// A check that goes on may still find that it holds.
void Runs::OnUnmet(const InstanceKey& key) {
  const Instance& instance = *view_.Live(key);
  if (instance.rechecks == 0 || !view_.MayStart(instance) ||
      instance.status != RunStatus::kWaitingForRunner) {
    return;
  }
  End(key, RunStatus::kFailed, StayedFalse(view_.ComponentOf(instance).run));
}

}  // namespace holdline
