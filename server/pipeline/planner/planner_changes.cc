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

Draft Planner::DraftOf(CallId call, const Pipeline& pipeline) const {
  Draft draft;
  draft.pipeline = pipeline.record.number;
  draft.call = call;
  draft.account = pipeline.record.account;
  const auto active = pipeline.definitions.find(pipeline.record.active_version);
  if (active != pipeline.definitions.end()) draft.active = active->second;
  draft.numbers = pipeline.numbers;
  draft.first_activated_at = pipeline.record.first_activated_at;
  if (pipeline.record.state == PipelineState::kFinished) {
    draft.finished = pipeline.components;
  }
  draft.now = now_;
  draft.limits = options_.limits;
  return draft;
}

void Planner::GiveOut(Draft draft) {
  in_judgement_.emplace(draft.pipeline, draft.call);
  drafts_.push_back(std::move(draft));
}

void Planner::On(CallId call, PutDefinition put) {
  const Pipeline* pipeline =
      Known(call, put.account, put.pipeline_id, put.reach);
  if (pipeline == nullptr) return;
  const PipelineNumber number = pipeline->record.number;
  if (IsHeld(number)) return Hold(call, number, std::move(put));
  Draft draft = DraftOf(call, *pipeline);
  draft.definition = std::move(put.definition);
  draft.reach = std::move(put.reach);
  GiveOut(std::move(draft));
}

void Planner::On(CallId call, ActivatePipeline activate) {
  const Pipeline* pipeline =
      Known(call, activate.account, activate.pipeline_id, activate.reach);
  if (pipeline == nullptr) return;
  const PipelineNumber number = pipeline->record.number;
  if (IsHeld(number)) return Hold(call, number, std::move(activate));
  const auto saved = pipeline->definitions.find(pipeline->record.saved_version);
  if (saved == pipeline->definitions.end()) {
    Answer(call, InvalidRequest("The pipeline has no definition: put one "
                                "before it is activated."));
    return;
  }
  Draft draft = DraftOf(call, *pipeline);
  draft.definition = saved->second;
  draft.is_activation = true;
  draft.values = std::move(activate.values);
  draft.start = activate.start;
  draft.reach = std::move(activate.reach);
  GiveOut(std::move(draft));
}

// Other commands have waited meanwhile, so that only instances have changed. If
// the agenda is not empty, the result waits for it, and the others wait for the
// result.
void Planner::On(CallId, DraftJudged judged) {
  const PipelineNumber number = judged.pipeline;
  const auto known = in_judgement_.find(number);
  if (known == in_judgement_.end() || known->second != judged.call) return;
  if (runs_.IsBusy(number)) {
    judged_.push_back(std::move(judged));
    return;
  }
  in_judgement_.erase(known);
  const Pipeline& pipeline = state().pipelines.at(number);
  if (!judged.refusal.ok()) {
    Answer(judged.call, std::move(judged.refusal));
  } else if (judged.is_activation) {
    Activate(pipeline, std::move(judged));
  } else {
    Save(pipeline, std::move(judged));
  }
}

void Planner::Save(const Pipeline& pipeline, DraftJudged judged) {
  if (!judged.report.breaks_active) {
    const PipelineRecord& record = pipeline.record;
    ledger_.Record(SavedDefinition{record.number, record.saved_version + 1,
                                   std::move(judged.definition)});
    ledger_.Edit(record.number, [&](PipelineRecord& saved) {
      ++saved.saved_version;
      saved.errored = !judged.report.errors.empty();
    });
  }
  Answer(judged.call, DefinitionChecked{std::move(judged.report)});
}

// Instances keep the definition that they were made from: new values of an
// active version make a new version.
void Planner::SaveValues(const Pipeline& pipeline,
                         SharedDefinition definition) {
  const PipelineRecord& record = pipeline.record;
  ledger_.Edit(record.number, [](PipelineRecord& saved) {
    if (saved.saved_version == saved.active_version) ++saved.saved_version;
  });
  ledger_.Record(SavedDefinition{record.number, record.saved_version,
                                 std::move(definition)});
}

void Planner::Activate(const Pipeline& pipeline, DraftJudged judged) {
  const PipelineNumber number = pipeline.record.number;
  if (judged.has_new_values) {
    SaveValues(pipeline, std::move(judged.definition));
  }
  const int runs_max = judged.compiled.workflow->runs_max();
  const bool is_full = judged.compiled.workflow->on_demand() &&
                       runs_.view().CountRuns(number, runs_max) >= runs_max;
  ledger_.Prepare(number, pipeline.record.saved_version,
                  std::move(judged.compiled));
  ledger_.Edit(number, [&](PipelineRecord& record) {
    record.state = PipelineState::kScheduled;
    record.active_version = record.saved_version;
    // As the workflow was compiled, whose schedules may begin with it.
    record.first_activated_at = std::min(record.first_activated_at, judged.now);
    record.last_activated_at = now_;
    record.finished_at = absl::InfiniteFuture();
    record.order = {
        is_full ? MassCancellation::kActivatedAgain : MassCancellation::kNone,
        ComponentNumber{1}, judged.start};
  });
  runs_.orders().Begin(number);
  AnswerWhenSettled(judged.call, number);
}

void Planner::On(CallId call, DeactivatePipeline deactivate) {
  const Pipeline* pipeline =
      Known(call, deactivate.account, deactivate.pipeline_id, deactivate.reach);
  if (pipeline == nullptr) return;
  const PipelineNumber number = pipeline->record.number;
  if (IsHeld(number)) return Hold(call, number, std::move(deactivate));
  const PipelineState state = pipeline->record.state;
  if (state == PipelineState::kPending || state == PipelineState::kFinished) {
    Answer(call, InvalidRequest("The pipeline is not active."));
    return;
  }
  if (state != PipelineState::kScheduled) {
    Answer(call, PipelineDone{});
    return;
  }
  ledger_.Edit(number, [&](PipelineRecord& record) {
    record.deactivated_at = now_;
    record.state = deactivate.cancel_active ? PipelineState::kInactive
                                            : PipelineState::kDeactivating;
    record.order = {deactivate.cancel_active ? MassCancellation::kDeactivated
                                             : MassCancellation::kNone,
                    ComponentNumber{1}};
  });
  runs_.orders().Begin(number);
  AnswerWhenSettled(call, number);
}

void Planner::On(CallId call, ChangeObjects change) {
  const Pipeline* pipeline =
      Known(call, change.account, change.pipeline_id, change.reach);
  if (pipeline == nullptr) return;
  const PipelineNumber number = pipeline->record.number;
  if (IsHeld(number)) return Hold(call, number, std::move(change));
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
  AnswerWhenSettled(call, number);
}

absl::Status Planner::ChangeComponents(const Pipeline& pipeline,
                                       const ChangeObjects& change) {
  absl::btree_set<ComponentNumber> numbers;
  for (const std::string& id : change.object_ids) {
    const auto found = pipeline.numbers->find(id);
    if (found == pipeline.numbers->end()) {
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
    if (!pause) runs_.CheckExhausted({pipeline.record.number, number});
  }
  runs_.Review(pipeline.record.number);
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
