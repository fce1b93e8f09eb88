#include "server/rpc/services/pipeline_service.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/empty.pb.h"
#include "server/contract/validation.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/model/remaining_runs.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/validation/validation.h"
#include "server/queries/pipeline_message.h"
#include "server/queries/pipeline_queries.h"
#include "server/queries/pipeline_reader.h"
#include "server/queries/proto_time.h"
#include "server/rpc/call/answer.h"

namespace holdline {
namespace {

// As the ids of AWS look (section 1.4).
constexpr absl::string_view kIdPrefix = "df-";
constexpr absl::string_view kIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr size_t kIdLength = 20;

constexpr std::array<std::pair<absl::string_view, ObjectChange>, 5> kChanges = {
    {{"PAUSE", ObjectChange::kPause},
     {"RESUME", ObjectChange::kResume},
     {"TRY_CANCEL", ObjectChange::kTryCancel},
     {"RERUN", ObjectChange::kRerun},
     {"MARK_FINISHED", ObjectChange::kMarkFinished}}};

std::string NewPipelineId() {
  absl::BitGen chance;
  std::string id(kIdPrefix);
  for (size_t i = 0; i < kIdLength; ++i) {
    id += kIdLetters[absl::Uniform<size_t>(chance, 0, kIdLetters.size())];
  }
  return id;
}

absl::Status CheckDistinct(
    const google::protobuf::RepeatedPtrField<v1::Tag>& tags) {
  for (int i = 0; i < tags.size(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (tags[i].key() != tags[j].key()) continue;
      return ConstraintError(absl::StrCat("tags[", i, "].key"),
                             "Member must be different from those before it");
    }
  }
  return absl::OkStatus();
}

template <typename Input>
void AboutPipeline(const Input& input, UnaryCall* call) {
  call->About(absl::StrCat("pipeline ", input.pipeline_id()));
}

// Answers a command that has nothing to say with an empty message.
template <typename Output>
ReplyCallback OnDone(UnaryCall* call) {
  return OnAnswer<PipelineDone>(
      call, [call](PipelineDone) { call->Answer(Output()); });
}

// What Validate is told of a pipeline that exists.
absl::StatusOr<ValidationReport> Examine(const Definition& definition,
                                         const Principal& caller,
                                         const std::string& pipeline_id,
                                         const ValidationLimits& limits,
                                         absl::Time now, Archive* archive) {
  const Reach reach = caller.ReadingReach();
  absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(archive, caller.account, pipeline_id, reach);
  if (!pipeline.ok()) return pipeline.status();
  if (!IsInReach(definition, reach)) return OutOfReach();
  const absl::StatusOr<std::optional<SharedDefinition>> active =
      archive->ReadDefinition(pipeline->number(),
                              pipeline->record().active_version);
  if (!active.ok()) return active.status();
  ValidationPurpose purpose;
  purpose.active = active->has_value() ? &***active : nullptr;
  purpose.now = now;
  ValidationReport report = Validate(definition, purpose, limits);
  if (pipeline->record().state != PipelineState::kFinished) return report;
  const absl::StatusOr<absl::Span<const ComponentRecord>> components =
      pipeline->Components();
  if (!components.ok()) return components.status();
  // Put would not save it (section 3.2).
  ResolvedDefinition resolved = ResolvedDefinition::Resolve(definition);
  const ComponentNumbers numbers =
      WithNumbersOf(resolved, NumbersOf(*components));
  const auto next = Workflow::Make(std::move(resolved), numbers,
                                   pipeline->record().first_activated_at);
  if (!CanRunFurther(*next, *components)) {
    report.fatal.push_back({"Default", {std::string(kNothingLeftToRun)}});
  }
  return report;
}

}  // namespace

MethodTable::Handlers PipelineService::Handlers() {
  using Self = PipelineService;
  return {
      {"ActivatePipeline", Bind(this, &Self::ActivatePipeline)},
      {"AddTags", Bind(this, &Self::AddTags)},
      {"CreatePipeline", Bind(this, &Self::CreatePipeline)},
      {"DeactivatePipeline", Bind(this, &Self::DeactivatePipeline)},
      {"DeletePipeline", Bind(this, &Self::DeletePipeline)},
      {"DescribeObjects", Bind(this, &Self::Ask<v1::DescribeObjectsInput>)},
      {"DescribePipelines", Bind(this, &Self::Ask<v1::DescribePipelinesInput>)},
      {"EvaluateExpression",
       Bind(this, &Self::Ask<v1::EvaluateExpressionInput>)},
      {"GetPipelineDefinition",
       Bind(this, &Self::Ask<v1::GetPipelineDefinitionInput>)},
      {"ListPipelines", Bind(this, &Self::Ask<v1::ListPipelinesInput>)},
      {"PutPipelineDefinition", Bind(this, &Self::PutPipelineDefinition)},
      {"QueryObjects", Bind(this, &Self::Ask<v1::QueryObjectsInput>)},
      {"RemoveTags", Bind(this, &Self::RemoveTags)},
      {"SetStatus", Bind(this, &Self::SetStatus)},
      {"ValidatePipelineDefinition",
       Bind(this, &Self::ValidatePipelineDefinition)},
  };
}

void PipelineService::ActivatePipeline(const v1::ActivatePipelineInput& input,
                                       UnaryCall* call) {
  AboutPipeline(input, call);
  holdline::ActivatePipeline command{
      call->account(), input.pipeline_id(), FromProto(input.parameter_values()),
      std::nullopt, call->caller().SteeringReach()};
  if (input.has_start_timestamp()) {
    command.start = FromProto(input.start_timestamp());
  }
  call->Ask(std::move(command), OnDone<v1::ActivatePipelineOutput>(call));
}

void PipelineService::AddTags(const v1::AddTagsInput& input, UnaryCall* call) {
  AboutPipeline(input, call);
  call->Ask(ChangeTags{call->account(),
                       input.pipeline_id(),
                       FromProto(input.tags()),
                       {},
                       call->caller().SteeringReach()},
            OnDone<v1::AddTagsOutput>(call));
}

void PipelineService::CreatePipeline(const v1::CreatePipelineInput& input,
                                     UnaryCall* call) {
  const absl::Status status = CheckDistinct(input.tags());
  if (!status.ok()) return call->Refuse(status);
  call->Ask(
      holdline::CreatePipeline{call->account(), call->caller().Creator(),
                               NewPipelineId(), input.name(), input.unique_id(),
                               input.description(), FromProto(input.tags())},
      OnAnswer<PipelineCreated>(call, [call](PipelineCreated created) {
        v1::CreatePipelineOutput output;
        output.set_pipeline_id(std::move(created.id));
        AboutPipeline(output, call);
        call->Answer(output);
      }));
}

void PipelineService::DeactivatePipeline(
    const v1::DeactivatePipelineInput& input, UnaryCall* call) {
  AboutPipeline(input, call);
  call->Ask(holdline::DeactivatePipeline{call->account(), input.pipeline_id(),
                                         !input.has_cancel_active() ||
                                             input.cancel_active(),
                                         call->caller().SteeringReach()},
            OnDone<v1::DeactivatePipelineOutput>(call));
}

void PipelineService::DeletePipeline(const v1::DeletePipelineInput& input,
                                     UnaryCall* call) {
  AboutPipeline(input, call);
  call->Ask(holdline::DeletePipeline{call->account(), input.pipeline_id(),
                                     call->caller().SteeringReach()},
            OnDone<google::protobuf::Empty>(call));
}

void PipelineService::PutPipelineDefinition(
    const v1::PutPipelineDefinitionInput& input, UnaryCall* call) {
  AboutPipeline(input, call);
  absl::StatusOr<Definition> definition = DefinitionOf(input);
  if (!definition.ok()) return call->Refuse(definition.status());
  call->Ask(
      PutDefinition{call->account(), input.pipeline_id(),
                    *std::move(definition), call->caller().SteeringReach()},
      OnAnswer<DefinitionChecked>(call,
                                  [call](const DefinitionChecked& checked) {
                                    v1::PutPipelineDefinitionOutput output;
                                    ToProto(checked.report, &output);
                                    call->Answer(output);
                                  }));
}

void PipelineService::RemoveTags(const v1::RemoveTagsInput& input,
                                 UnaryCall* call) {
  AboutPipeline(input, call);
  call->Ask(ChangeTags{call->account(),
                       input.pipeline_id(),
                       {},
                       {input.tag_keys().begin(), input.tag_keys().end()},
                       call->caller().SteeringReach()},
            OnDone<v1::RemoveTagsOutput>(call));
}

void PipelineService::SetStatus(const v1::SetStatusInput& input,
                                UnaryCall* call) {
  AboutPipeline(input, call);
  const auto change = absl::c_find_if(kChanges, [&](const auto& candidate) {
    return absl::EqualsIgnoreCase(candidate.first, input.status());
  });
  if (change == kChanges.end()) {
    return call->Refuse(ConstraintError(
        "status",
        "Member must satisfy enum value set: [PAUSE, RESUME, TRY_CANCEL, "
        "RERUN, MARK_FINISHED]"));
  }
  call->Ask(
      ChangeObjects{call->account(),
                    input.pipeline_id(),
                    {input.object_ids().begin(), input.object_ids().end()},
                    change->second,
                    call->caller().SteeringReach()},
      OnDone<google::protobuf::Empty>(call));
}

void PipelineService::ValidatePipelineDefinition(
    const v1::ValidatePipelineDefinitionInput& input, UnaryCall* call) {
  AboutPipeline(input, call);
  absl::StatusOr<Definition> definition = DefinitionOf(input);
  if (!definition.ok()) return call->Refuse(definition.status());
  history_->Ask(
      call->account(),
      [this, call, definition = *std::move(definition),
       pipeline_id = input.pipeline_id()](Archive& archive) {
        const absl::StatusOr<ValidationReport> report =
            Examine(definition, call->caller(), pipeline_id, limits_,
                    call->arrived_at(), &archive);
        if (!report.ok()) return call->Refuse(report.status());
        v1::ValidatePipelineDefinitionOutput output;
        ToProto(*report, &output);
        call->Answer(output);
      },
      [call](const absl::Status& status) { call->Refuse(status); });
}

template <typename Input>
void PipelineService::Ask(const Input& input, UnaryCall* call) {
  history_->Ask(
      call->account(),
      [this, call, input](Archive& archive) {
        const auto output = AnswerTo(
            input, QueryEnvironment{call->caller(), *markers_, &archive});
        if (!output.ok()) return call->Refuse(output.status());
        call->Answer(*output);
      },
      [call](const absl::Status& status) { call->Refuse(status); });
}

}  // namespace holdline
