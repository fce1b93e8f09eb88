#include "server/pipeline/planner/planner.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/validation/validation.h"

namespace holdline {
namespace {

constexpr size_t kTagsMax = 10;

// How many steps a pipeline does before it is another one's turn.
constexpr int kStepsAtOnce = 8;

// The sentence with which AWS refuses a definition (DATAPIPELINE section 3.2).
absl::Status DefinitionRefused(absl::string_view what,
                               absl::Span<const ObjectMessages> messages) {
  std::vector<std::string> all;
  for (const ObjectMessages& of : messages) {
    for (const std::string& message : of.messages) {
      all.push_back(absl::StrCat(of.id, ": ", message));
    }
  }
  return InvalidRequest(absl::StrCat("Pipeline definition has errors: ", what,
                                     " [", absl::StrJoin(all, "; "),
                                     "] Please call Validate to validate your "
                                     "pipeline"));
}

// Whether all of its definitions are, those too that only instances are still
// made of.
bool HasAllInReach(const Pipeline& pipeline, const Reach& reach) {
  return absl::c_all_of(pipeline.definitions, [&](const auto& version) {
    return IsInReach(version.second, reach);
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
      runs_(&ledger_, broker, &deadlines_, surroundings_.encode,
            surroundings_.read),
      steps_left_(options.steps_per_turn) {
  for (const auto& [number, pipeline] : state().pipelines) {
    Learn(pipeline.record);
    SetDeadlines(pipeline);
  }
  runs_.Restore(now);
  for (const auto& [number, pipeline] : state().pipelines) CheckDrained(number);
}

void Planner::Handle(CallId call, const PipelineCommand& command,
                     absl::Time now) {
  now_ = now;
  runs_.SetNow(now_);
  std::visit([&](const auto& what) { On(call, what); }, command);
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
  CheckDrained(pipeline);
}

// Half of the turn's steps, so that what happens in it has the others.
void Planner::WorkOffLeft() {
  int steps = (steps_left_ + 1) / 2;
  while (steps > 0 && runs_.HasLeft()) {
    turn_ = runs_.NextBusy(turn_);
    const int done = runs_.WorkOff(turn_, std::min(steps, kStepsAtOnce));
    CheckDrained(turn_);
    steps -= done;
    steps_left_ -= done;
  }
}

bool Planner::MustWait(CallId call, const Pipeline& pipeline,
                       const PipelineCommand& command) {
  const PipelineNumber number = pipeline.record.number;
  if (!runs_.IsBusy(number) && !waiting_.contains(number)) return false;
  waiting_[number].emplace_back(call, command);
  return true;
}

// What has to wait once more goes back, behind those before it.
void Planner::DecideWaiting() {
  for (auto& [number, commands] : std::exchange(waiting_, {})) {
    if (runs_.IsBusy(number)) {
      waiting_.emplace(number, std::move(commands));
      continue;
    }
    for (const auto& [call, command] : commands) {
      std::visit([&](const auto& what) { On(call, what); }, command);
    }
  }
}

PlannerOutput Planner::TakeOutput() {
  steps_left_ = options_.steps_per_turn;
  return {ledger_.TakeBatch(), std::exchange(replies_, {})};
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
    Answer(call, surroundings_.was_deleted(account, id) ? PipelineWasDeleted()
                                                        : NoSuchPipeline());
    return nullptr;
  }
  const Pipeline& pipeline = state().pipelines.at(found->second);
  if (HasAllInReach(pipeline, reach)) return &pipeline;
  Answer(call, NoSuchPipeline());
  return nullptr;
}

void Planner::On(CallId call, const CreatePipeline& create) {
  const auto earlier = by_unique_id_.find(
      UniqueKey(create.account, create.name, create.unique_id));
  if (earlier != by_unique_id_.end()) {
    Answer(call,
           PipelineCreated{state().pipelines.at(earlier->second).record.id});
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

void Planner::On(CallId call, const PutDefinition& put) {
  const Pipeline* pipeline =
      Known(call, put.account, put.pipeline_id, put.reach);
  if (pipeline == nullptr) return;
  if (!IsInReach(put.definition, put.reach)) {
    Answer(call, OutOfReach());
    return;
  }
  ValidationReport report = Check(*pipeline, put.definition, {});
  if (!report.fatal.empty()) {
    Answer(call, DefinitionRefused(
                     "Could not save the pipeline definition due to FATAL "
                     "errors:",
                     report.fatal));
    return;
  }
  if (!report.breaks_active) {
    absl::Status status = CheckUnfinished(*pipeline, put.definition);
    if (!status.ok()) {
      Answer(call, std::move(status));
      return;
    }
    const PipelineRecord& record = pipeline->record;
    ledger_.Record(SavedDefinition{record.number, record.saved_version + 1,
                                   put.definition});
    ledger_.Edit(record.number, [&](PipelineRecord& saved) {
      ++saved.saved_version;
      saved.errored = !report.errors.empty();
    });
  }
  Answer(call, DefinitionChecked{std::move(report)});
}

ValidationReport Planner::Check(const Pipeline& pipeline,
                                const Definition& definition,
                                ValidationPurpose purpose) const {
  const auto active = pipeline.definitions.find(pipeline.record.active_version);
  if (active != pipeline.definitions.end()) purpose.active = &active->second;
  purpose.now = now_;
  return Validate(definition, purpose, options_.limits);
}

void Planner::On(CallId call, const ChangeTags& change) {
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

void Planner::On(CallId call, const NotificationTried& tried) {
  const auto found = state().notifications.find(tried.number);
  if (found != state().notifications.end()) {
    if (tried.delivered || tried.retry_at == absl::InfiniteFuture()) {
      ledger_.Record(NotificationRemoved{tried.number});
    } else {
      Notification notification = found->second;
      ++notification.failures;
      notification.due_at = tried.retry_at;
      ledger_.Record(std::move(notification));
    }
  }
  Answer(call, PipelineDone{});
}

void Planner::On(CallId call, const CountPipelines&) {
  PipelineCensus census = ledger_.census();
  census.components_behind = deadlines_.CountIntervals(now_);
  census.notifications = static_cast<int64_t>(state().notifications.size());
  if (!state().notifications.empty()) {
    census.oldest_notification_at =
        state().notifications.begin()->second.created_at;
  }
  Answer(call, census);
}

void Planner::On(CallId call, const DeletePipeline& erase) {
  // A second deletion does not find it (DATAPIPELINE section 3.7).
  const auto found = by_id_.find(std::pair(erase.account, erase.pipeline_id));
  if (found == by_id_.end() ||
      !HasAllInReach(state().pipelines.at(found->second), erase.reach)) {
    Answer(call, NoSuchPipeline());
    return;
  }
  const PipelineNumber number = found->second;
  const Pipeline& pipeline = state().pipelines.at(number);
  if (MustWait(call, pipeline, erase)) return;
  Forget(pipeline.record);
  runs_.steering().Forget(number);
  ledger_.Record(PipelineDeleted{number});
  Answer(call, PipelineDone{});
}

void Planner::Advance(absl::Time now, int deadlines_max) {
  const bool set_back = now < now_;
  now_ = now;
  runs_.SetNow(now_);
  // What is overdue was queued at a time that is yet to come.
  if (set_back) {
    for (const auto& [number, pipeline] : state().pipelines) {
      SetDeadlines(pipeline);
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

void Planner::SetDeadlines(const Pipeline& pipeline) {
  if (pipeline.workflow() == nullptr) return;
  for (const Component& component : pipeline.workflow()->components()) {
    SetDeadline(pipeline, component);
  }
}

void Planner::SetDeadline(const Pipeline& pipeline,
                          const Component& component) {
  if (pipeline.record.state != PipelineState::kScheduled ||
      !component.schedule.has_value()) {
    return;
  }
  const ComponentRecord& record = pipeline.component(component.number);
  const std::optional<Interval> next =
      IntervalAt(*component.schedule, record.next_interval);
  if (!next.has_value()) return;
  const bool is_resource = component.family() == ObjectFamily::kResource;
  // What is overdue queues behind what is due, so that pipelines take turns.
  deadlines_.Add(
      {std::max(DueAt(component, *next), now_),
       is_resource ? RunDeadlineKind::kResource : RunDeadlineKind::kInterval,
       {pipeline.record.number, absl::InfinitePast(), component.number}});
}

void Planner::MakeNext(PipelineNumber number, ComponentNumber component) {
  const auto found = state().pipelines.find(number);
  if (found == state().pipelines.end()) return;
  const Pipeline& pipeline = found->second;
  const Workflow* workflow = pipeline.workflow();
  const Component* of =
      workflow == nullptr ? nullptr : workflow->Find(component);
  if (of == nullptr || !of->schedule.has_value() ||
      pipeline.record.state != PipelineState::kScheduled) {
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
  SetDeadline(pipeline, *of);
}

void Planner::CheckDrained(PipelineNumber number) {
  const auto found = state().pipelines.find(number);
  if (found == state().pipelines.end() ||
      found->second.record.state != PipelineState::kDeactivating ||
      runs_.index().Running(number) > 0) {
    return;
  }
  ledger_.Edit(number, [](PipelineRecord& record) {
    record.state = PipelineState::kInactive;
  });
}

void Planner::Answer(CallId call, PipelineReply what) {
  replies_.push_back({call, std::move(what)});
}

}  // namespace holdline
