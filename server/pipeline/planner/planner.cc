#include "server/pipeline/planner/planner.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/model/route.h"

namespace holdline {
namespace {

constexpr size_t kTagsMax = 10;

// The steps of a pipeline before the turn of another.
constexpr int kStepsAtOnce = 8;

// Whether the worker groups of all its definitions are in reach, also of old
// ones of live instances.
bool HasAllInReach(const Pipeline& pipeline, const Reach& reach) {
  if (reach == nullptr) return true;
  return absl::c_all_of(pipeline.definitions, [&](const auto& version) {
    const auto compiled = pipeline.workflows.find(version.first);
    return compiled == pipeline.workflows.end()
               ? IsInReach(*version.second, reach)
               : IsInReach(compiled->second->definition(), reach);
  });
}

}  // namespace

Planner::Planner(const PlannerOptions& options, PipelineRows rows,
                 Broker* broker, PlannerSurroundings surroundings,
                 absl::Time now)
    : options_(options),
      surroundings_(std::move(surroundings)),
      now_(now),
      ledger_(std::move(rows)),
      broker_(broker),
      intervals_(&deadlines_),
      runs_(&ledger_, broker, &deadlines_, &intervals_, surroundings_.encode,
            surroundings_.read),
      steps_left_(options.steps_per_turn) {
  for (const auto& [number, pipeline] : state().pipelines) {
    Learn(pipeline.record);
    intervals_.SetAll(pipeline, now);
  }
  runs_.Restore(now);
  std::vector<PipelineNumber> all;
  for (const auto& [number, pipeline] : state().pipelines) {
    all.push_back(number);
  }
  for (const PipelineNumber number : all) Settle(number);
}

void Planner::Handle(CallId call, PipelineCommand command, absl::Time now) {
  now_ = now;
  runs_.SetNow(now_);
  std::visit([&](auto& what) { On(call, std::move(what)); }, command);
}

void Planner::Observe(const Update& update, absl::Time now) {
  now_ = now;
  runs_.SetNow(now_);
  const std::optional<PipelineNumber> pipeline = runs_.Observe(update);
  if (pipeline.has_value()) Conclude(*pipeline);
}

void Planner::Conclude(PipelineNumber pipeline) {
  const int steps = std::max(steps_left_, options_.steps_per_event);
  steps_left_ = std::max(0, steps_left_ - runs_.WorkOff(pipeline, steps));
  Settle(pipeline);
}

void Planner::Settle(PipelineNumber number) {
  const auto found = state().pipelines.find(number);
  if (found == state().pipelines.end()) return;
  if (runs_.IsBusy(number)) return;
  SettleDrained(found->second);
  const PipelineRecord& record = found->second.record;
  if (record.order.cancellation == MassCancellation::kDeleted) {
    Forget(record);
    ledger_.Record(PipelineDeleted{number});
  }
  const auto told = calls_to_answer_.find(number);
  if (told == calls_to_answer_.end()) return;
  for (const CallId call : told->second) Answer(call, PipelineDone{});
  calls_to_answer_.erase(told);
}

void Planner::SettleDrained(const Pipeline& pipeline) {
  const PipelineNumber number = pipeline.record.number;
  if (pipeline.record.state != PipelineState::kDeactivating ||
      runs_.index().Running(number) > 0) {
    return;
  }
  ledger_.Edit(number, [](PipelineRecord& record) {
    record.state = PipelineState::kInactive;
  });
}

// Half of the steps of the turn; the rest is for the turn's own events.
void Planner::WorkOffLeft() {
  int steps = (steps_left_ + 1) / 2;
  while (steps > 0 && runs_.HasLeft()) {
    turn_ = runs_.NextBusy(turn_);
    const int done = runs_.WorkOff(turn_, std::min(steps, kStepsAtOnce));
    Settle(turn_);
    steps -= done;
    steps_left_ -= done;
  }
}

bool Planner::HasLeft() const {
  return runs_.HasLeft() || !judged_.empty() ||
         absl::c_any_of(waiting_, [&](const auto& commands) {
           return !in_judgement_.contains(commands.first);
         });
}

bool Planner::IsHeld(PipelineNumber pipeline) const {
  return runs_.IsBusy(pipeline) || in_judgement_.contains(pipeline) ||
         waiting_.contains(pipeline);
}

void Planner::Hold(CallId call, PipelineNumber pipeline,
                   PipelineCommand command) {
  waiting_[pipeline].emplace_back(call, std::move(command));
}

// Of each pipeline as many as do not have to wait for those before them.
void Planner::DecideWaiting() {
  for (DraftJudged& judged : std::exchange(judged_, {})) {
    On(judged.call, std::move(judged));
  }
  std::vector<PipelineNumber> numbers;
  for (const auto& [number, commands] : waiting_) numbers.push_back(number);
  for (const PipelineNumber number : numbers) {
    auto node = waiting_.extract(number);
    auto& commands = node.mapped();
    auto next = commands.begin();
    for (; next != commands.end() && !IsHeld(number); ++next) {
      std::visit([&](auto& what) { On(next->first, std::move(what)); },
                 next->second);
    }
    commands.erase(commands.begin(), next);
    if (!commands.empty()) waiting_.insert(std::move(node));
  }
}

PlannerOutput Planner::TakeOutput() {
  steps_left_ = options_.steps_per_turn;
  return {ledger_.TakeBatch(), std::exchange(replies_, {}),
          std::exchange(drafts_, {})};
}

void Planner::Learn(const PipelineRecord& record) {
  by_id_.emplace(std::pair(record.account, record.id), record.number);
  by_unique_id_.emplace(
      UniqueKey(record.account, record.name, record.unique_id), record.number);
  ++counts_[record.account];
}

void Planner::Forget(const PipelineRecord& record) {
  by_id_.erase(std::pair(record.account, record.id));
  by_unique_id_.erase(UniqueKey(record.account, record.name, record.unique_id));
  --counts_[record.account];
}

const Pipeline* Planner::Known(CallId call, const AccountId& account,
                               const std::string& id, const Reach& reach) {
  const auto found = by_id_.find(std::pair(account, id));
  if (found == by_id_.end()) {
    const bool was_deleted =
        ledger_.Deletes(account, id) || surroundings_.was_deleted(account, id);
    Answer(call, was_deleted ? PipelineWasDeleted() : NoSuchPipeline());
    return nullptr;
  }
  const Pipeline& pipeline = state().pipelines.at(found->second);
  if (HasAllInReach(pipeline, reach)) return &pipeline;
  Answer(call, NoSuchPipeline());
  return nullptr;
}

void Planner::On(CallId call, CreatePipeline create) {
  const auto earlier = by_unique_id_.find(
      UniqueKey(create.account, create.name, create.unique_id));
  if (earlier != by_unique_id_.end()) {
    const PipelineRecord& record = state().pipelines.at(earlier->second).record;
    if (record.order.cancellation == MassCancellation::kDeleted) {
      return Hold(call, record.number, std::move(create));
    }
    Answer(call, PipelineCreated{record.id});
    return;
  }
  if (counts_[create.account] >= options_.pipelines_max) {
    Answer(call,
           InvalidRequest(absl::StrCat("The limit of ", options_.pipelines_max,
                                       " pipelines is reached.")));
    return;
  }
  PipelineRecord record;
  record.number = state().counters.next_pipeline;
  record.id = create.new_id;
  record.account = create.account;
  record.creator = create.creator;
  record.name = create.name;
  record.unique_id = create.unique_id;
  record.description = create.description;
  record.tags = create.tags;
  record.created_at = now_;
  Learn(record);
  ledger_.Record(std::move(record));
  Answer(call, PipelineCreated{create.new_id});
}

void Planner::On(CallId call, ChangeTags change) {
  const Pipeline* pipeline =
      Known(call, change.account, change.pipeline_id, change.reach);
  if (pipeline == nullptr) return;
  std::vector<Tag> tags = pipeline->record.tags;
  for (const Tag& tag : change.added) {
    const auto same = absl::c_find_if(
        tags, [&](const Tag& have) { return have.key == tag.key; });
    if (same == tags.end()) {
      tags.push_back(tag);
    } else {
      same->value = tag.value;
    }
  }
  std::erase_if(tags, [&](const Tag& tag) {
    return absl::c_linear_search(change.removed, tag.key);
  });
  if (tags.size() > kTagsMax) {
    Answer(call, InvalidRequest(absl::StrCat(
                     "tags: a pipeline can have at most ", kTagsMax, " tags")));
    return;
  }
  if (tags != pipeline->record.tags) {
    ledger_.Edit(pipeline->record.number, [&](PipelineRecord& record) {
      record.tags = std::move(tags);
    });
  }
  Answer(call, PipelineDone{});
}

void Planner::On(CallId call, DeliveryEnded ended) {
  const auto found = state().notifications.find(ended.number);
  if (found != state().notifications.end()) {
    if (ended.delivered || ended.retry_at == absl::InfiniteFuture()) {
      ledger_.Record(NotificationRemoved{ended.number});
    } else {
      Notification notification = found->second;
      ++notification.failures;
      notification.due_at = ended.retry_at;
      ledger_.Record(std::move(notification));
    }
  }
  Answer(call, PipelineDone{});
}

void Planner::On(CallId call, CountPipelines) {
  PipelineCensus census = ledger_.census();
  census.components_behind = deadlines_.CountIntervals(now_);
  census.notifications = static_cast<int64_t>(state().notifications.size());
  if (!state().notifications.empty()) {
    census.oldest_notification_at =
        state().notifications.begin()->second.created_at;
  }
  Answer(call, census);
}

void Planner::On(CallId call, DeletePipeline erase) {
  // A second deletion is NotFound, not deleted (DATAPIPELINE section 3.7).
  const auto found = by_id_.find(std::pair(erase.account, erase.pipeline_id));
  if (found == by_id_.end() ||
      !HasAllInReach(state().pipelines.at(found->second), erase.reach)) {
    Answer(call, NoSuchPipeline());
    return;
  }
  const PipelineNumber number = found->second;
  if (IsHeld(number)) return Hold(call, number, std::move(erase));
  ledger_.Edit(number, [](PipelineRecord& record) {
    record.order = {MassCancellation::kDeleted};
  });
  runs_.orders().Begin(number);
  AnswerWhenSettled(call, number);
}

void Planner::Advance(absl::Time now, int deadlines_max) {
  const bool set_back = now < now_;
  now_ = now;
  runs_.SetNow(now_);
  // Overdue intervals are queued at a time that is in the future now.
  if (set_back) {
    for (const auto& [number, pipeline] : state().pipelines) {
      intervals_.SetAll(pipeline, now_);
    }
  }
  WorkOffLeft();
  DecideWaiting();
  for (int i = 0; i < deadlines_max && deadlines_.Next() <= now_; ++i) {
    const RunDeadline due = deadlines_.Pop();
    if (due.kind <= RunDeadlineKind::kInterval) {
      MakeNext(due.key.pipeline, due.key.component);
    } else {
      runs_.OnLimit(due.kind, due.key);
    }
    Conclude(due.key.pipeline);
  }
}

void Planner::MakeNext(PipelineNumber number, ComponentNumber component) {
  const auto found = state().pipelines.find(number);
  if (found == state().pipelines.end()) return;
  const Pipeline& pipeline = found->second;
  const Workflow* workflow = pipeline.workflow();
  const Component* of =
      workflow == nullptr ? nullptr : workflow->Find(component);
  const PendingOrder& order = pipeline.record.order;
  // A component that the activation has not reached gets its deadline there.
  if (of == nullptr || !of->schedule.has_value() ||
      pipeline.record.state != PipelineState::kScheduled ||
      order.cancellation != MassCancellation::kNone ||
      (order.next_component != kNoComponent &&
       component >= order.next_component)) {
    return;
  }
  const std::optional<Interval> interval =
      IntervalAt(*of->schedule, pipeline.component(component).next_interval);
  // The deadline may be of a schedule that was extended since.
  if (!interval.has_value()) return;
  if (DueAt(*of, *interval) <= now_) {
    bool is_new = false;
    ledger_.Edit(ComponentKey{number, component}, [&](ComponentRecord& record) {
      ++record.next_interval;
      is_new = interval->start > record.latest_run;
      record.latest_run = std::max(record.latest_run, interval->start);
    });
    if (is_new) {
      runs_.making().Make(pipeline, *of, *interval);
    } else {
      runs_.making().MakeAgain(pipeline, *of, *interval);
    }
  }
  intervals_.Set(pipeline, *of, now_);
}

void Planner::Answer(CallId call, PipelineReply what) {
  replies_.push_back({call, std::move(what)});
}

void Planner::AnswerWhenSettled(CallId call, PipelineNumber pipeline) {
  calls_to_answer_[pipeline].push_back(call);
  Conclude(pipeline);
}

}  // namespace holdline
