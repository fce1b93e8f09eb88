// The planner, continued: activation, deactivation, and the steering of
// objects.

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/remaining_runs.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/planner/planner.h"

namespace holdline {

Definition Planner::WithValues(Definition definition,
                               absl::Span<const ParameterValue> values) {
  std::erase_if(definition.values, [&](const ParameterValue& stored) {
    return absl::c_any_of(values, [&](const ParameterValue& given) {
      return given.id == stored.id;
    });
  });
  definition.values.insert(definition.values.end(), values.begin(),
                           values.end());
  return definition;
}

void Planner::On(CallId call, const ActivatePipeline& activate) {
  const Pipeline* pipeline =
      Known(call, activate.account, activate.pipeline_id, activate.reach);
  if (pipeline == nullptr || MustWait(call, *pipeline, activate)) return;
  const auto saved = pipeline->definitions.find(pipeline->record.saved_version);
  if (saved == pipeline->definitions.end()) {
    Answer(call, InvalidRequest("The pipeline has no definition: put one "
                                "before it is activated."));
    return;
  }
  const Definition definition = WithValues(saved->second, activate.values);
  if (!IsInReach(definition, activate.reach)) {
    Answer(call, OutOfReach());
    return;
  }
  absl::Status status = MayActivate(*pipeline, definition, activate.start);
  if (!status.ok()) {
    Answer(call, std::move(status));
    return;
  }
  AddComponents(*pipeline, definition);
  if (definition != saved->second) SaveValues(*pipeline, definition);
  Begin(*pipeline, activate);
  Answer(call, PipelineDone{});
  Conclude(pipeline->record.number);
}

// Instances keep the definition that they were made from: other values for an
// active version are a version of their own.
void Planner::SaveValues(const Pipeline& pipeline,
                         const Definition& definition) {
  const PipelineRecord& record = pipeline.record;
  ledger_.Edit(record.number, [](PipelineRecord& saved) {
    if (saved.saved_version == saved.active_version) ++saved.saved_version;
  });
  ledger_.Record(
      SavedDefinition{record.number, record.saved_version, definition});
}

absl::Status Planner::MayActivate(const Pipeline& pipeline,
                                  const Definition& definition,
                                  std::optional<absl::Time> start) const {
  ValidationPurpose purpose;
  purpose.for_activation = true;
  purpose.start = start.value_or(absl::InfinitePast());
  const ValidationReport report = Check(pipeline, definition, purpose);
  std::vector<std::string> all;
  for (const auto* list : {&report.fatal, &report.errors}) {
    for (const ObjectMessages& of : *list) {
      for (const std::string& message : of.messages) {
        all.push_back(absl::StrCat(of.id, ": ", message));
      }
    }
  }
  if (!all.empty()) {
    return InvalidRequest(absl::StrCat("Pipeline definition has errors: ",
                                       absl::StrJoin(all, "; ")));
  }
  return CheckUnfinished(pipeline, definition);
}

absl::Status Planner::CheckUnfinished(const Pipeline& pipeline,
                                      const Definition& definition) const {
  return pipeline.record.state != PipelineState::kFinished ||
                 CanRunFurther(definition, pipeline.components,
                               pipeline.record.first_activated_at)
             ? absl::OkStatus()
             : InvalidRequest(kNothingLeftToRun);
}

void Planner::AddComponents(const Pipeline& pipeline,
                            const Definition& definition) {
  for (const std::string& id :
       RunnableObjects(ResolvedDefinition::Resolve(definition))) {
    if (pipeline.numbers.contains(id)) continue;
    ComponentRecord record;
    record.pipeline = pipeline.record.number;
    record.number =
        ComponentNumber{static_cast<uint32_t>(pipeline.components.size()) + 1};
    record.id = id;
    ledger_.Record(std::move(record));
  }
}

void Planner::Begin(const Pipeline& pipeline,
                    const ActivatePipeline& activate) {
  const PipelineNumber number = pipeline.record.number;
  ledger_.Edit(number, [&](PipelineRecord& record) {
    record.state = PipelineState::kScheduled;
    record.active_version = record.saved_version;
    record.first_activated_at = std::min(record.first_activated_at, now_);
    record.last_activated_at = now_;
    record.finished_at = absl::InfiniteFuture();
  });
  BeginComponents(pipeline, activate.start);
  runs_.steering().Resume(number);
  if (pipeline.workflow()->on_demand()) StartRun(number);
  SetDeadlines(pipeline);
  runs_.CheckExhausted(number);
}

void Planner::BeginComponents(const Pipeline& pipeline,
                              std::optional<absl::Time> at) {
  for (const Component& component : pipeline.workflow()->components()) {
    ledger_.Edit(ComponentKey{pipeline.record.number, component.number},
                 [&](ComponentRecord& record) {
                   if (record.status != ComponentStatus::kPaused) {
                     record.status = ComponentStatus::kScheduled;
                   }
                   if (at.has_value() && component.schedule.has_value()) {
                     record.skip_before = *at;
                   }
                 });
  }
}

void Planner::StartRun(PipelineNumber number) {
  const Pipeline& pipeline = state().pipelines.at(number);
  absl::btree_set<absl::Time> starts;
  for (const InstanceKey& key : runs_.view().LiveOf(number)) {
    starts.insert(key.start);
  }
  const int runs_max = pipeline.workflow()->runs_max();
  if (static_cast<int>(starts.size()) >= runs_max) {
    runs_.steering().CancelAll(number, "The pipeline was activated again.");
  }
  // Two activations within a second are told apart.
  absl::Time start = absl::FromUnixSeconds(absl::ToUnixSeconds(now_));
  for (const ComponentRecord& component : pipeline.components) {
    start = std::max(start, component.latest_run + absl::Seconds(1));
  }
  runs_.making().BeginRun(pipeline, start);
}

void Planner::On(CallId call, const DeactivatePipeline& deactivate) {
  const Pipeline* pipeline =
      Known(call, deactivate.account, deactivate.pipeline_id, deactivate.reach);
  if (pipeline == nullptr || MustWait(call, *pipeline, deactivate)) return;
  const PipelineState state = pipeline->record.state;
  if (state == PipelineState::kPending || state == PipelineState::kFinished) {
    Answer(call, InvalidRequest("The pipeline is not active."));
    return;
  }
  Answer(call, PipelineDone{});
  if (state != PipelineState::kScheduled) return;
  const PipelineNumber number = pipeline->record.number;
  ledger_.Edit(number, [&](PipelineRecord& record) {
    record.deactivated_at = now_;
    record.state = deactivate.cancel_active ? PipelineState::kInactive
                                            : PipelineState::kDeactivating;
  });
  absl::btree_set<ComponentNumber> all;
  for (const ComponentRecord& component : pipeline->components) {
    all.insert(component.number);
    ledger_.Edit(ComponentKey{number, component.number},
                 [&](ComponentRecord& record) {
                   record.deactivated_at = now_;
                   if (record.status == ComponentStatus::kPaused) return;
                   record.status = ComponentStatus::kInactive;
                 });
  }
  if (deactivate.cancel_active) {
    SetBackIntervals(*pipeline);
    runs_.steering().CancelAll(number, kDeactivatedReason);
  } else {
    runs_.steering().Freeze(number, all);
  }
  Conclude(number);
}

// What is cancelled now is run when the pipeline goes on (section 3.5). What is
// run again by hand is not: its interval was completed before.
void Planner::SetBackIntervals(const Pipeline& pipeline) {
  for (const InstanceKey& key : runs_.view().LiveOf(pipeline.record.number)) {
    const Component* component = pipeline.workflow()->Find(key.component);
    if (component == nullptr || !component->schedule.has_value() ||
        state().instances.at(key).rerun) {
      continue;
    }
    const int64_t number = FirstIntervalFrom(*component->schedule, key.start);
    if (number >= pipeline.component(key.component).next_interval) continue;
    ledger_.Edit(
        ComponentKey{key.pipeline, key.component},
        [&](ComponentRecord& record) { record.next_interval = number; });
  }
}

void Planner::On(CallId call, const ChangeObjects& change) {
  const Pipeline* pipeline =
      Known(call, change.account, change.pipeline_id, change.reach);
  if (pipeline == nullptr || MustWait(call, *pipeline, change)) return;
  if (pipeline->record.state == PipelineState::kFinished) {
    Answer(call, InvalidRequest("The pipeline has finished."));
    return;
  }
  const bool of_components = change.change == ObjectChange::kPause ||
                             change.change == ObjectChange::kResume;
  absl::Status status = of_components ? ChangeComponents(*pipeline, change)
                                      : ChangeInstances(*pipeline, change);
  if (!status.ok()) {
    Answer(call, std::move(status));
    return;
  }
  Answer(call, PipelineDone{});
  Conclude(pipeline->record.number);
}

absl::Status Planner::ChangeComponents(const Pipeline& pipeline,
                                       const ChangeObjects& change) {
  absl::btree_set<ComponentNumber> numbers;
  for (const std::string& id : change.object_ids) {
    const auto found = pipeline.numbers.find(id);
    if (found == pipeline.numbers.end()) {
      return InvalidRequest(absl::StrCat(
          "objectIds: PAUSE and RESUME take components of an activated "
          "pipeline that run, and there is none with the id ",
          id));
    }
    numbers.insert(found->second);
  }
  const bool pause = change.change == ObjectChange::kPause;
  for (const ComponentNumber number : numbers) {
    const ComponentStatus status = pipeline.component(number).status;
    if (pause == (status == ComponentStatus::kPaused)) continue;
    ledger_.Edit(ComponentKey{pipeline.record.number, number},
                 [&](ComponentRecord& record) {
                   record.status =
                       pause ? ComponentStatus::kPaused
                       : pipeline.record.state == PipelineState::kScheduled
                           ? ComponentStatus::kScheduled
                           : ComponentStatus::kInactive;
                 });
  }
  if (pause) {
    runs_.steering().Freeze(pipeline.record.number, numbers);
  } else {
    runs_.steering().Resume(pipeline.record.number);
    runs_.CheckExhausted(pipeline.record.number);
  }
  return absl::OkStatus();
}

std::optional<InstanceKey> Planner::FindInstance(const Pipeline& pipeline,
                                                 absl::string_view id) const {
  const Workflow* workflow = pipeline.workflow();
  if (workflow == nullptr) return std::nullopt;
  for (const InstanceKey& key :
       InstancesCalled(*workflow, pipeline.record.number, id)) {
    if (runs_.view().StatusOf(key).has_value()) return key;
  }
  return std::nullopt;
}

bool Planner::HasResourceEnded(const GroupKey& group) const {
  // As ResourceWorkerGroup writes it: the instance's id begins with the `@`.
  const std::vector<std::string> parts =
      absl::StrSplit(group.name, absl::MaxSplits("_@", 1));
  if (parts.size() < 2) return false;
  const auto found = by_id_.find(std::pair(group.account, parts[0]));
  if (found == by_id_.end()) {
    return surroundings_.was_deleted(group.account, parts[0]);
  }
  const Pipeline& pipeline = state().pipelines.at(found->second);
  const std::optional<InstanceKey> key =
      FindInstance(pipeline, absl::StrCat("@", parts[1]));
  if (!key.has_value()) return false;
  return pipeline.workflow()->Find(key->component)->family() ==
             ObjectFamily::kResource &&
         HasEnded(runs_.view().Find(*key)->status);
}

absl::Status Planner::ChangeInstances(const Pipeline& pipeline,
                                      const ChangeObjects& change) {
  std::vector<InstanceKey> keys;
  for (const std::string& id : change.object_ids) {
    const std::optional<InstanceKey> key = FindInstance(pipeline, id);
    if (!key.has_value()) {
      return InvalidRequest(absl::StrCat(
          "objectIds: TRY_CANCEL, RERUN and MARK_FINISHED take instances, and "
          "there is none with the id ",
          id));
    }
    keys.push_back(*key);
  }
  switch (change.change) {
    case ObjectChange::kTryCancel:
      runs_.steering().Cancel(keys, "It was cancelled with SetStatus.");
      break;
    case ObjectChange::kMarkFinished:
      runs_.steering().MarkFinished(keys);
      break;
    case ObjectChange::kRerun:
      runs_.steering().Rerun(keys);
      break;
    case ObjectChange::kPause:
    case ObjectChange::kResume:
      break;  // of components: see ChangeComponents
  }
  return absl::OkStatus();
}

}  // namespace holdline
