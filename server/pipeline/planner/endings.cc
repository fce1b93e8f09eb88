#include "server/pipeline/planner/endings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/pipeline/model/evaluation.h"
#include "server/pipeline/model/object_id.h"

namespace holdline {
namespace {

// A field of an action, evaluated where possible: a wrong expression is no
// reason to stay silent.
std::string Evaluated(const ExpressionPlace& place,
                      const ResolvedObject& action, absl::string_view key) {
  const absl::string_view text = action.Text(key);
  const absl::StatusOr<std::string> evaluated = place.Evaluate(text);
  return evaluated.ok() ? *evaluated : std::string(text);
}

}  // namespace

Endings::Endings(LiveRuns* runs, Broker* broker, RunAgendas* agendas,
                 Exhaustion* exhaustion)
    : runs_(runs),
      broker_(broker),
      agendas_(agendas),
      exhaustion_(exhaustion) {}

void Endings::End(const InstanceKey& key, RunEnd end) {
  Ends ends;
  ends.emplace_back(key, std::move(end));
  // Grows while it is walked.
  for (size_t i = 0; i < ends.size(); ++i) {
    const auto [next, how] = std::move(ends[i]);
    if (runs_->view().Live(next) == nullptr) continue;
    EndAlone(next, how);
    const Instance& ended = runs_->state().instances.at(next);
    const Component& component = runs_->view().ComponentOf(ended);
    if (ended.status == RunStatus::kFinished) {
      TriggerActions(next, component.on_success);
    } else if (ended.status != RunStatus::kCanceled) {
      TriggerActions(next, component.on_fail);
    }
    AddWhatEndsWith(ended, &ends);
    NoteEnded(ended);
    // Its slot is filled after the other ends on the agenda.
    agendas_->Of(next.pipeline).AddCandidate(next);
  }
}

void Endings::EndAlone(const InstanceKey& key, const RunEnd& end) {
  EndAttempt(key, end);
  runs_->Unwatch(key);
  TaskId task{};
  runs_->Edit(key, [&](Instance& instance) {
    task = std::exchange(instance.task, TaskId{});
    instance.status = end.status;
    instance.ended_at = runs_->now();
    instance.failure = end.failure;
    instance.cancellation_reason = end.reason;
  });
  if (task != TaskId{}) broker_->Withdraw(task, end.reason);
  NoteHealth(runs_->state().instances.at(key));
}

void Endings::EndAttempt(const InstanceKey& key, const RunEnd& end) {
  const Attempt* present = runs_->AttemptOf(key);
  if (present == nullptr) return;
  // The broker forgets the task sooner than the planner the attempt.
  const auto task = broker_->state().tasks.find(present->task);
  const bool has_task = task != broker_->state().tasks.end();
  runs_->EditAttempt(key, [&](Attempt& attempt) {
    attempt.status = end.status;
    attempt.ended_at = runs_->now();
    attempt.failure = end.failure;
    attempt.cancellation_reason = end.reason;
    if (!has_task) return;
    attempt.reported_at = task->second.state.lease.reported_at;
    attempt.progress = task->second.state.progress;
  });
}

void Endings::AddWhatEndsWith(const Instance& ended, Ends* ends) const {
  const RunView& view = runs_->view();
  const InstanceKey& key = ended.key;
  for (const ComponentNumber number : view.ComponentOf(ended).preconditions) {
    ends->emplace_back(
        InstanceKey{key.pipeline, key.start, number, key.component},
        RunEnd{RunStatus::kCanceled, {}, "What it guards has ended."});
  }
  if (ended.status != RunStatus::kFailed) return;
  const std::optional<InstanceKey> id = view.ResourceOf(ended);
  const Instance* resource = id.has_value() ? view.Live(*id) : nullptr;
  if (resource != nullptr &&
      resource->status != RunStatus::kWaitingOnDependencies &&
      view.ComponentOf(*resource).run.ends_with_task) {
    ends->emplace_back(*id, RunEnd{RunStatus::kFinished});
  }
}

void Endings::NoteEnded(const Instance& ended) {
  const InstanceKey& key = ended.key;
  RunAgenda& agenda = agendas_->Of(key.pipeline);
  const bool is_resource =
      runs_->view().ComponentOf(ended).family() == ObjectFamily::kResource;
  agenda.AddEnded({key, ended.status, ended.failure,
                   is_resource ? EndedRun::Audience::kActivities
                               : EndedRun::Audience::kWaiting});
  NoteIdle(ended);
}

void Endings::NoteIdle(const Instance& user) {
  const InstanceKey& key = user.key;
  const std::optional<InstanceKey> resource = runs_->view().ResourceOf(user);
  if (resource.has_value()) {
    agendas_->Of(key.pipeline).AddIdleResource(*resource);
  }
  exhaustion_->Note({key.pipeline, key.component});
}

// Section 2.8.
void Endings::NoteHealth(const Instance& ended) {
  const InstanceKey& key = ended.key;
  const bool finished = ended.status == RunStatus::kFinished;
  PipelineLedger& ledger = runs_->ledger();
  ledger.Edit(ComponentKey{key.pipeline, key.component},
              [&](ComponentRecord& record) {
                record.health = finished ? Health::kHealthy : Health::kError;
                record.health_at = runs_->now();
                record.health_from = key;
                if (!finished) return;
                record.latest_completed_run =
                    std::max(record.latest_completed_run, key.start);
              });
  const Pipeline& pipeline = runs_->view().PipelineOf(key);
  const Health worst = pipeline.WorstHealth();
  if (worst == pipeline.record.health) return;
  ledger.Edit(key.pipeline, [&](PipelineRecord& record) {
    record.health = worst;
    record.health_at = runs_->now();
  });
}

void Endings::TriggerActions(const InstanceKey& key,
                             absl::Span<const std::string> actions) {
  const Instance& instance = runs_->state().instances.at(key);
  const ResolvedDefinition& definition =
      runs_->view().WorkflowOf(instance).definition();
  for (const std::string& id : actions) {
    const ResolvedObject* action = definition.Find(id);
    if (action == nullptr) continue;
    if (action->type_name == "Terminate") {
      End(key,
          {RunStatus::kCanceled, {}, absl::StrCat("Terminated by ", id, ".")});
    } else if (action->type_name == "SnsAlarm") {
      Send(instance, *action);
    }
  }
}

void Endings::Send(const Instance& instance, const ResolvedObject& alarm) {
  const RunContext context = runs_->view().ContextOf(instance);
  const ExpressionPlace place =
      ExpressionPlace::OfAction(context, alarm, instance);
  Notification notification;
  notification.number = runs_->state().counters.next_notification;
  notification.account = context.pipeline->account;
  notification.pipeline_id = context.pipeline->id;
  notification.object_id = InstanceId(*context.workflow, instance.key);
  notification.action_id = alarm.id;
  notification.topic = Evaluated(place, alarm, "topicArn");
  notification.subject = Evaluated(place, alarm, "subject");
  notification.message = Evaluated(place, alarm, "message");
  notification.created_at = runs_->now();
  notification.due_at = runs_->now();
  runs_->ledger().Record(std::move(notification));
}

}  // namespace holdline
