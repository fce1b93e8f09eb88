#include "server/pipeline/planner/runs.h"

#include <limits>
#include <utility>
#include <variant>

#include "server/base/overloaded.h"

namespace holdline {

Runs::Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
           IntervalDeadlines* intervals, EncodeTask encode, ReadInstance read)
    : live_(ledger, deadlines, std::move(read)),
      exhaustion_(ledger, &live_.view(), &live_.index()),
      endings_(&live_, broker, &agendas_, &exhaustion_),
      attempts_(&live_, broker, &endings_, &agendas_, std::move(encode)),
      resources_(&live_, &attempts_, &endings_, &agendas_),
      cascade_(&live_, &endings_, &agendas_),
      slots_(&live_, &attempts_, &resources_, &cascade_, &endings_, &agendas_),
      making_(&live_, &endings_, &agendas_),
      orders_(&live_, &endings_, &making_, &exhaustion_, intervals, &agendas_),
      steering_(&live_, &endings_, &agendas_) {}

// Agendas are not stored: a review of each live instance, as after an
// activation, finds what the last batch has left.
void Runs::Restore(absl::Time now) {
  SetNow(now);
  live_.Restore();
  for (const auto& [number, pipeline] : live_.state().pipelines) {
    orders_.Restore(pipeline);
    if (pipeline.workflow() == nullptr) continue;
    making_.Restore(pipeline);
    if (agendas_.Find(number) != nullptr) CheckAllExhausted(pipeline);
    if (index().Live(number) > 0) Review(number);
  }
  for (const auto& [key, instance] : live_.state().instances) {
    steering_.Restore(instance);
  }
  while (HasLeft()) {
    WorkOff(NextBusy(PipelineNumber{}), std::numeric_limits<int>::max());
  }
}

int Runs::WorkOff(PipelineNumber pipeline, int steps_max) {
  int steps = 0;
  RunAgenda* const agenda = agendas_.Find(pipeline);
  if (agenda != nullptr) {
    while (steps < steps_max && DoNext(pipeline, agenda)) ++steps;
    // Until all instances of a run are made, none may be live to keep the
    // pipeline from finishing.
    if (agenda->run().has_value()) return steps;
    agendas_.Settle(pipeline);
  }
  exhaustion_.Finish(pipeline, live_.now());
  return steps;
}

bool Runs::IsBusy(PipelineNumber pipeline) const {
  return agendas_.Find(pipeline) != nullptr;
}

bool Runs::DoNext(PipelineNumber pipeline, RunAgenda* agenda) {
  if (agenda->order().has_value()) {
    orders_.CarryOutNext(live_.state().pipelines.at(pipeline));
  } else if (agenda->FirstSpreading() != nullptr) {
    steering_.SpreadNext(agenda);
  } else if (agenda->run().has_value()) {
    making_.MakeNextOfRun(live_.state().pipelines.at(pipeline));
  } else if (agenda->review().has_value()) {
    ReviewNext(pipeline, agenda);
  } else if (const auto component = agenda->TakeFreeSlot()) {
    // An instance that ends as it starts frees its slot for the next.
    if (slots_.FillSlot({pipeline, *component}))
      agenda->AddFreeSlot(*component);
  } else if (EndedRun* ended = agenda->FirstEnded()) {
    PropagateEnd(ended, agenda);
  } else if (const auto candidate = agenda->TakeCandidate()) {
    live_.StrikeOff(*candidate, agenda->TakeStruck(*candidate));
    slots_.Advance(*candidate);
    agenda->AddFreeSlot(candidate->component);
  } else if (const auto struck = agenda->TakeStruck()) {
    live_.StrikeOff(struck->waiting, struck->off);
  } else if (const auto resource = agenda->TakeIdleResource()) {
    resources_.EndIfIdle(*resource);
  } else {
    return false;
  }
  return true;
}

void Runs::ReviewNext(PipelineNumber pipeline, RunAgenda* agenda) {
  const std::optional<InstanceKey>& last = *agenda->review();
  const std::optional<InstanceKey> next = view().NextLive(pipeline, last);
  if (!next.has_value()) return agenda->FinishReview();
  agenda->SetReviewed(*next);
  ReviewOne(*next, agenda);
}

void Runs::ReviewOne(const InstanceKey& key, RunAgenda* agenda) {
  const Instance& instance = *view().Live(key);
  live_.Watch(key);
  if (instance.status == RunStatus::kWaitingOnDependencies) {
    cascade_.CheckList(key);
    agenda->AddCandidate(key);
  } else {
    resources_.CheckResourceOf(key);
    attempts_.OfferOrTakeBack(key);
  }
  agenda->AddIdleResource(key);
}

void Runs::PropagateEnd(EndedRun* ended, RunAgenda* agenda) {
  using Audience = EndedRun::Audience;
  const bool told = ended->audience == Audience::kWaiting
                        ? cascade_.PropagateToNextWaiting(ended)
                        : resources_.PropagateToNextUser(ended);
  if (told) return;
  switch (ended->audience) {
    case Audience::kActivities:
      ended->audience = Audience::kPreconditions;
      break;
    case Audience::kPreconditions:
      ended->audience = Audience::kWaiting;
      break;
    case Audience::kWaiting:
      agenda->RemoveEnded();
  }
}

std::optional<InstanceKey> Runs::Concerned(const Update& update) const {
  const InstanceKey* const key = std::visit(
      Overloaded{
          [this](const IsOneOf<TaskLeased, ProgressReported, LeaseReturned,
                               AttemptFailed, TaskFinished, TaskCanceled,
                               DelayEnded> auto& fact) {
            return index().OfTask(fact.task);
          },
          // Updates of new tasks, or of no task.
          [](const IsOneOf<TaskSubmitted, TaskRetried, GroupChanged,
                           RunnerChanged, RunnerForgotten, RequestRemembered,
                           RequestForgotten> auto&) -> const InstanceKey* {
            return nullptr;
          }},
      update);
  if (key == nullptr) return std::nullopt;
  return *key;
}

std::optional<PipelineNumber> Runs::Observe(const Update& update) {
  const std::optional<InstanceKey> key = Concerned(update);
  if (!key.has_value()) return std::nullopt;
  std::visit(
      Overloaded{
          [&](const TaskLeased& leased) {
            attempts_.OnLeased(*key, leased.lease);
            resources_.OnUserStarted(*key);
          },
          [&](const LeaseReturned&) {
            attempts_.OnReturned(*key);
            // Its resource may have ended while it ran.
            resources_.CheckResourceOf(*key);
          },
          [&](const AttemptFailed& failed) {
            attempts_.OnFailed(*key, failed.cause, failed.failure);
          },
          [&](const TaskFinished&) {
            endings_.End(*key, {RunStatus::kFinished});
          },
          [&](const TaskCanceled& canceled) {
            endings_.End(*key, {RunStatus::kCanceled, {}, canceled.reason});
          },
          [&](const DelayEnded& ended) {
            attempts_.OnDelayEnded(*key, ended.at);
          },
          // A report changes no instance; the others are about no instance.
          [](const IsOneOf<ProgressReported, TaskSubmitted, TaskRetried,
                           GroupChanged, RunnerChanged, RunnerForgotten,
                           RequestRemembered, RequestForgotten> auto&) {}},
      update);
  return key->pipeline;
}

void Runs::OnLimit(RunDeadlineKind kind, const InstanceKey& key) {
  if (view().Live(key) == nullptr) return;
  switch (kind) {
    case RunDeadlineKind::kLate:
      return OnLate(key);
    case RunDeadlineKind::kUnmet:
      return attempts_.OnUnmet(key);
    case RunDeadlineKind::kStartUp:
      return resources_.OnStartUpTimeout(key);
    case RunDeadlineKind::kTerminate:
      return endings_.End(
          key, {RunStatus::kTimedOut,
                {},
                "The resource lived longer than its terminateAfter."});
    case RunDeadlineKind::kResource:
    case RunDeadlineKind::kInterval:
      return;  // of components
  }
}

// The late action fires only for instances that have not started (section 15,
// row 26).
void Runs::OnLate(const InstanceKey& key) {
  const Instance& instance = *view().Live(key);
  if (instance.late || instance.started_at != absl::InfiniteFuture()) return;
  live_.Edit(key, [](Instance& late) { late.late = true; });
  endings_.TriggerActions(key, view().ComponentOf(instance).on_late);
}

void Runs::CheckAllExhausted(const Pipeline& pipeline) {
  for (const Component& component : pipeline.workflow()->components()) {
    exhaustion_.Note({pipeline.record.number, component.number});
  }
}

}  // namespace holdline
