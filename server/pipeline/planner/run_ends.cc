// Runs, continued: how instances end, and what follows from it.

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/model/evaluation.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/planner/runs.h"

namespace holdline {
namespace {

// What an action says, evaluated where possible: a wrong expression is no
// reason to stay silent.
std::string Said(const ExpressionPlace& place, const ResolvedObject& action,
                 absl::string_view key) {
  const absl::string_view text = action.Text(key);
  const absl::StatusOr<std::string> evaluated = place.Evaluate(text);
  return evaluated.ok() ? *evaluated : std::string(text);
}

}  // namespace

void Runs::End(const InstanceKey& key, RunStatus status, Failure failure,
               std::string reason) {
  agenda_.AddEnded(Close(key, status, std::move(failure), std::move(reason)));
}

void Runs::AfterEnd(const Instance& ended) {
  const InstanceKey& key = ended.key;
  const Component& component = view_.ComponentOf(ended);
  if (ended.status == RunStatus::kFinished) {
    Fire(ended, component.on_success);
  } else if (ended.status != RunStatus::kCanceled) {
    Fire(ended, component.on_fail);
  }
  CancelPreconditions(ended);
  if (component.family() == ObjectFamily::kResource) LoseMachine(ended);
  if (ended.status == RunStatus::kFinished) {
    Release(key);
  } else {
    Cascade(ended);
  }
  ReleaseMachine(ended);
  // Its place is filled when the ends of others have been followed, too.
  agenda_.Consider(key);
  exhaustion_.Note({key.pipeline, key.component});
}

Instance Runs::Close(const InstanceKey& key, RunStatus status, Failure failure,
                     std::string reason) {
  const Instance instance = *view_.Live(key);
  EndAttempt(instance, status, failure, reason);
  Unwatch(instance);
  Instance next = instance;
  next.status = status;
  next.ended_at = now_;
  next.task = TaskId{};
  next.waiting_on.clear();
  next.failure = std::move(failure);
  next.cancellation_reason = std::move(reason);
  const Instance ended = next;
  Put(std::move(next));
  if (instance.task != TaskId{}) {
    broker_->Withdraw(instance.task, ended.cancellation_reason);
  }
  NoteHealth(ended);
  return ended;
}

// Section 2.8.
void Runs::NoteHealth(const Instance& ended) {
  const Pipeline& pipeline = view_.PipelineOf(ended.key);
  ComponentRecord record = pipeline.component(ended.key.component);
  record.health =
      ended.status == RunStatus::kFinished ? Health::kHealthy : Health::kError;
  record.health_at = now_;
  record.health_from = ended.key;
  if (ended.status == RunStatus::kFinished) {
    record.latest_completed_run =
        std::max(record.latest_completed_run, ended.key.start);
  }
  ledger_->Record(std::move(record));
  NotePipelineHealth(pipeline);
}

void Runs::NotePipelineHealth(const Pipeline& pipeline) {
  const Health health = pipeline.WorstHealth();
  if (health == pipeline.record.health) return;
  PipelineRecord record = pipeline.record;
  record.health = health;
  record.health_at = now_;
  ledger_->Record(std::move(record));
}

// Whoever waits for several is looked at when the last of them is done: until
// then its list is not written anew for each.
void Runs::Release(const InstanceKey& key) {
  for (const InstanceKey& waiting : index_.WaitingFor(key)) {
    if (agenda_.Strike(waiting, key) >=
        view_.Live(waiting)->waiting_on.size()) {
      agenda_.Consider(waiting);
    }
  }
}

// Section 6.8: the mode of those who wait decides.
void Runs::Cascade(const Instance& failed) {
  for (const InstanceKey& waiting : index_.WaitingFor(failed.key)) {
    const Instance* instance = view_.Live(waiting);
    if (instance == nullptr) continue;
    const bool guarded = failed.key.owner == waiting.component &&
                         failed.key.start == waiting.start;
    if (guarded && failed.status == RunStatus::kFailed) {
      End(waiting, RunStatus::kFailed, failed.failure);
    } else if (view_.ComponentOf(*instance).run.cascade) {
      CascadeFail(waiting, {failed.key});
    }
  }
}

void Runs::CascadeFail(const InstanceKey& key,
                       absl::Span<const InstanceKey> failed) {
  Instance next = *view_.Live(key);
  next.cascade_failed_on = view_.ChainOf(failed);
  Put(std::move(next));
  End(key, RunStatus::kCascadeFailed);
}

void Runs::CancelPreconditions(const Instance& owner) {
  for (const ComponentNumber number : view_.ComponentOf(owner).preconditions) {
    const InstanceKey key{owner.key.pipeline, owner.key.start, number,
                          owner.key.component};
    if (view_.Live(key) == nullptr) continue;
    End(key, RunStatus::kCanceled, {}, "What it guards has ended.");
  }
}

void Runs::Fire(const Instance& instance,
                absl::Span<const std::string> actions) {
  const RunContext context = view_.ContextOf(instance);
  for (const std::string& id : actions) {
    const ResolvedObject* action = context.workflow->definition().Find(id);
    if (action == nullptr) continue;
    if (action->type_name == "Terminate") {
      if (view_.Live(instance.key) != nullptr) {
        Cancel({instance.key}, absl::StrCat("Terminated by ", id, "."));
      }
      continue;
    }
    if (action->type_name != "SnsAlarm") continue;
    const ExpressionPlace place =
        ExpressionPlace::OfAction(context, *action, instance);
    Notification notification;
    notification.number = state().counters.next_notification;
    notification.account = context.pipeline->account;
    notification.pipeline_id = context.pipeline->id;
    notification.object_id = InstanceId(*context.workflow, instance.key);
    notification.action_id = id;
    notification.topic = Said(place, *action, "topicArn");
    notification.subject = Said(place, *action, "subject");
    notification.message = Said(place, *action, "message");
    notification.created_at = now_;
    notification.due_at = now_;
    ledger_->Record(std::move(notification));
  }
}

void Runs::CheckExhausted(PipelineNumber pipeline) {
  const Workflow* workflow = state().pipelines.at(pipeline).workflow();
  if (workflow == nullptr) return;
  for (const Component& component : workflow->components()) {
    exhaustion_.Note({pipeline, component.number});
  }
}

void Runs::Cancel(absl::Span<const InstanceKey> keys,
                  const std::string& reason) {
  for (const InstanceKey& key : keys) {
    if (view_.Live(key) != nullptr) {
      End(key, RunStatus::kCanceled, {}, reason);
    }
  }
}

void Runs::CancelAll(PipelineNumber pipeline, absl::string_view reason) {
  for (const InstanceKey& key : view_.LiveOf(pipeline)) {
    Close(key, RunStatus::kCanceled, {}, std::string(reason));
  }
}

void Runs::MarkFinished(absl::Span<const InstanceKey> keys) {
  for (const InstanceKey& key : keys) {
    const std::optional<Instance> instance = view_.Find(key);
    if (!instance.has_value() || instance->status == RunStatus::kFinished) {
      continue;
    }
    if (HasEnded(instance->status)) {
      // Comes back for the moment in which it is finished.
      Instance again = *instance;
      again.status = RunStatus::kWaitingOnDependencies;
      again.ended_at = absl::InfiniteFuture();
      again.cascade_failed_on.clear();
      Put(std::move(again));
    }
    End(key, RunStatus::kFinished);
  }
}

void Runs::Rerun(absl::Span<const InstanceKey> keys) {
  std::vector<InstanceKey> again;
  for (Instance& instance : view_.RunAgainWith(keys)) {
    again.push_back(instance.key);
    Reopen(std::move(instance), true);
  }
  // Only now is it known which of them wait for each other.
  for (const InstanceKey& key : again) {
    Instance next = *view_.Live(key);
    next.waiting_on = view_.Unmet(next);
    Put(std::move(next));
  }
  absl::btree_map<InstanceKey, std::vector<InstanceKey>> also;
  for (const InstanceKey& key : again) {
    for (const InstanceKey& waiting : view_.WaitingConsumersOf(key)) {
      also[waiting].push_back(key);
    }
  }
  for (const auto& [waiting, on] : also) WaitFor(waiting, on);
  for (const InstanceKey& key : again) agenda_.Consider(key);
}

// Section 5.6.
void Runs::Reopen(Instance instance, bool by_hand) {
  instance.status = RunStatus::kWaitingOnDependencies;
  instance.version = view_.PipelineOf(instance.key).record.active_version;
  instance.created_at = now_;
  instance.started_at = instance.ended_at = absl::InfiniteFuture();
  instance.rerun = by_hand;
  instance.failure = {};
  instance.cancellation_reason.clear();
  instance.cascade_failed_on.clear();
  instance.rechecks = 0;
  instance.rechecked_at = absl::InfinitePast();
  instance.retries_left = view_.ComponentOf(instance).run.retries;
  Put(std::move(instance));
}

}  // namespace holdline
