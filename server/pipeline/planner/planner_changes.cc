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
  if (pipeline == nullptr) return;
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
}

// Instances keep the definition that they were made from: other values for an
// active version are a version of their own.
void Planner::SaveValues(const Pipeline& pipeline,
                         const Definition& definition) {
  PipelineRecord record = pipeline.record;
  if (record.saved_version == record.active_version) ++record.saved_version;
  ledger_.Record(
      SavedDefinition{record.number, record.saved_version, definition});
  ledger_.Record(std::move(record));
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
  PipelineRecord record = pipeline.record;
  record.state = PipelineState::kScheduled;
  record.active_version = record.saved_version;
  record.first_activated_at = std::min(record.first_activated_at, now_);
  record.last_activated_at = now_;
  record.finished_at = absl::InfiniteFuture();
  const PipelineNumber number = record.number;
  ledger_.Record(std::move(record));
  BeginComponents(pipeline, activate.start);
  runs_.Resume(number);
  if (pipeline.workflow()->on_demand()) StartRun(number);
  AwaitAll(pipeline);
  runs_.CheckExhausted(number);
}

void Planner::BeginComponents(const Pipeline& pipeline,
                              std::optional<absl::Time> at) {
  const Workflow& workflow = *pipeline.workflow();
  for (ComponentRecord record : pipeline.components) {
    const Component* component = workflow.Find(record.number);
    if (component == nullptr) continue;
    if (record.status != ComponentStatus::kPaused) {
      record.status = ComponentStatus::kScheduled;
    }
    if (at.has_value() && component->schedule.has_value()) {
      record.skip_before = *at;
    }
    ledger_.Record(std::move(record));
  }
}

void Planner::StartRun(PipelineNumber number) {
  const Pipeline& pipeline = state().pipelines.at(number);
  absl::btree_set<absl::Time> starts;
  for (const InstanceKey& key : runs_.view().LiveOf(number))
    starts.insert(key.start);
  const int runs_max = pipeline.workflow()->runs_max();
  if (static_cast<int>(starts.size()) >= runs_max) {
    runs_.CancelAll(number, "The pipeline was activated again.");
  }
  // Two activations within a second are told apart.
  absl::Time start = absl::FromUnixSeconds(absl::ToUnixSeconds(now_));
  for (const ComponentRecord& component : pipeline.components) {
    start = std::max(start, component.latest_run + absl::Seconds(1));
  }
  for (ComponentRecord record : pipeline.components) {
    record.latest_run = start;
    ledger_.Record(std::move(record));
  }
  runs_.MakeRun(pipeline, start);
}

void Planner::SetComponents(const Pipeline& pipeline, ComponentStatus status) {
  for (ComponentRecord record : pipeline.components) {
    if (record.status != ComponentStatus::kPaused) record.status = status;
    if (status == ComponentStatus::kInactive) record.deactivated_at = now_;
    ledger_.Record(std::move(record));
  }
}

void Planner::On(CallId call, const DeactivatePipeline& deactivate) {
  const Pipeline* pipeline =
      Known(call, deactivate.account, deactivate.pipeline_id, deactivate.reach);
  if (pipeline == nullptr) return;
  PipelineRecord record = pipeline->record;
  const PipelineNumber number = record.number;
  if (record.state == PipelineState::kPending ||
      record.state == PipelineState::kFinished) {
    Answer(call, InvalidRequest("The pipeline is not active."));
    return;
  }
  Answer(call, PipelineDone{});
  if (record.state != PipelineState::kScheduled) return;
  record.deactivated_at = now_;
  record.state = deactivate.cancel_active ? PipelineState::kInactive
                                          : PipelineState::kDeactivating;
  ledger_.Record(std::move(record));
  SetComponents(*pipeline, ComponentStatus::kInactive);
  if (deactivate.cancel_active) {
    GoBack(*pipeline);
    runs_.CancelAll(number, kDeactivatedReason);
  } else {
    absl::btree_set<ComponentNumber> all;
    for (const ComponentRecord& component : pipeline->components) {
      all.insert(component.number);
    }
    runs_.Freeze(number, all);
    draining_.insert(number);
  }
}

// What is cancelled now is run when the pipeline goes on (section 3.5). What is
// run again by hand is not: its interval was completed before.
void Planner::GoBack(const Pipeline& pipeline) {
  for (const InstanceKey& key : runs_.view().LiveOf(pipeline.record.number)) {
    const Component* component = pipeline.workflow()->Find(key.component);
    if (component == nullptr || !component->schedule.has_value() ||
        state().instances.at(key).rerun) {
      continue;
    }
    const int64_t number = FirstIntervalFrom(*component->schedule, key.start);
    ComponentRecord record = pipeline.component(key.component);
    if (number >= record.next_interval) continue;
    record.next_interval = number;
    ledger_.Record(std::move(record));
  }
}

void Planner::On(CallId call, const ChangeObjects& change) {
  const Pipeline* pipeline =
      Known(call, change.account, change.pipeline_id, change.reach);
  if (pipeline == nullptr) return;
  if (pipeline->record.state == PipelineState::kFinished) {
    Answer(call, InvalidRequest("The pipeline has finished."));
    return;
  }
  const bool of_components = change.change == ObjectChange::kPause ||
                             change.change == ObjectChange::kResume;
  absl::Status status = of_components ? ChangeComponents(*pipeline, change)
                                      : ChangeInstances(*pipeline, change);
  if (status.ok()) {
    draining_.insert(pipeline->record.number);
    Answer(call, PipelineDone{});
  } else {
    Answer(call, std::move(status));
  }
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
    ComponentRecord record = pipeline.component(number);
    if (pause != (record.status == ComponentStatus::kPaused)) {
      record.status = pause ? ComponentStatus::kPaused
                      : pipeline.record.state == PipelineState::kScheduled
                          ? ComponentStatus::kScheduled
                          : ComponentStatus::kInactive;
      ledger_.Record(std::move(record));
    }
  }
  if (pause) {
    runs_.Freeze(pipeline.record.number, numbers);
  } else {
    runs_.Resume(pipeline.record.number);
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
      runs_.Cancel(keys, "It was cancelled with SetStatus.");
      break;
    case ObjectChange::kMarkFinished:
      runs_.MarkFinished(keys);
      break;
    case ObjectChange::kRerun:
      runs_.Rerun(keys);
      break;
    case ObjectChange::kPause:
    case ObjectChange::kResume:
      break;  // of components: see ChangeComponents
  }
  return absl::OkStatus();
}

}  // namespace holdline
