#include "server/queries/pipeline_queries.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/utf8.h"
#include "server/contract/validation.h"
#include "server/pipeline/model/error.h"
#include "server/queries/marker.h"
#include "server/queries/object_pages.h"
#include "server/queries/object_query.h"
#include "server/queries/object_reader.h"
#include "server/queries/pipeline_description.h"
#include "server/queries/pipeline_message.h"
#include "server/queries/pipeline_reader.h"

namespace holdline {
namespace {

constexpr size_t kPipelinesPerPage = 100;
constexpr int kIdsPerPage = 100;

// Less than clients of gRPC take by default. Not less than a hundred objects
// have within the limits of definitions: the AWS CLI reads no second page.
constexpr size_t kObjectBytesPerPage = size_t{3} << 20;

// How much of an id an error says, in bytes.
constexpr size_t kQuotedMax = 256;

std::string NoSuchObject(absl::string_view id) {
  return absl::StrCat("No object of the pipeline has the id '",
                      WholeCharacters(id, kQuotedMax), "'.");
}

// The pipeline that a question names, if it is there for the caller.
template <typename Input>
absl::StatusOr<PipelineReader> Find(const Input& input,
                                    const QueryEnvironment& environment) {
  const Principal& caller = environment.caller;
  return PipelineReader::Find(environment.archive, caller.account,
                              input.pipeline_id(), caller.ReadingReach());
}

// Evaluates for those who may read the pipeline, or for its runners.
absl::StatusOr<std::optional<std::string>> Evaluated(
    const v1::EvaluateExpressionInput& input,
    const QueryEnvironment& environment) {
  const Principal& caller = environment.caller;
  Archive* const archive = environment.archive;
  const bool is_reader = caller.roles.Has(Role::kSubmitter) ||
                         caller.roles.Has(Role::kOperator) ||
                         caller.roles.Has(Role::kAdministrator);
  absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(archive, caller.account, input.pipeline_id(),
                           is_reader ? caller.ReadingReach() : Reach());
  const bool may_read = is_reader && pipeline.ok();
  if (is_reader && !pipeline.ok() && caller.roles.Has(Role::kRunner)) {
    pipeline = PipelineReader::Find(archive, caller.account,
                                    input.pipeline_id(), Reach());
  }
  if (!pipeline.ok()) return pipeline.status();
  ObjectReader objects(&*pipeline);
  if (may_read) return objects.Evaluate(input.object_id(), input.expression());
  return objects.EvaluateForRunner(
      input.object_id(), input.expression(),
      [&caller](absl::string_view group) { return caller.MayPoll(group); });
}

// Returns where the page before ended; empty for the first page.
template <typename Input>
absl::StatusOr<std::string> PlaceOf(const Input& input,
                                    const QueryEnvironment& environment) {
  if (input.marker().empty()) return "";
  std::optional<std::string> place = environment.markers.Read(
      environment.caller.account, QuestionOf(input), input.marker());
  if (place.has_value()) return *std::move(place);
  return ConstraintError(
      "marker",
      "Member must be a marker from an earlier response to the same request");
}

// Says where a page ended, if it did not end with the last.
template <typename Input, typename Output>
void EndPage(absl::string_view place, const Input& input,
             const QueryEnvironment& environment, Output* output) {
  output->set_has_more_results(!place.empty());
  if (place.empty()) return;
  output->set_marker(environment.markers.Write(environment.caller.account,
                                               QuestionOf(input), place));
}

}  // namespace

absl::StatusOr<v1::ListPipelinesOutput> AnswerTo(
    const v1::ListPipelinesInput& input, const QueryEnvironment& environment) {
  PipelineNumber after{0};
  const absl::StatusOr<std::string> place = PlaceOf(input, environment);
  if (!place.ok()) return place.status();
  if (!place->empty()) {
    const absl::StatusOr<std::vector<int64_t>> numbers =
        ReadMarker(*place, MarkerKind::kPipelines, 1);
    if (!numbers.ok()) return numbers.status();
    after = PipelineNumber{static_cast<uint64_t>((*numbers)[0])};
  }
  const absl::StatusOr<std::vector<PipelineRecord>> pipelines =
      environment.archive->ListPipelines(environment.caller.account, after,
                                         kPipelinesPerPage + 1);
  if (!pipelines.ok()) return pipelines.status();
  const Reach reach = environment.caller.ReadingReach();
  v1::ListPipelinesOutput output;
  for (size_t i = 0; i < pipelines->size(); ++i) {
    if (i == kPipelinesPerPage) {
      EndPage(MakeMarker(MarkerKind::kPipelines, {static_cast<int64_t>(after)}),
              input, environment, &output);
      return output;
    }
    const PipelineRecord& pipeline = (*pipelines)[i];
    after = pipeline.number;
    const absl::StatusOr<bool> is_in_reach =
        PipelineReader(environment.archive, pipeline, reach).IsInReach();
    if (!is_in_reach.ok()) return is_in_reach.status();
    if (!*is_in_reach) continue;
    v1::PipelineIdName* const listed = output.add_pipeline_id_list();
    listed->set_id(pipeline.id);
    listed->set_name(pipeline.name);
  }
  EndPage("", input, environment, &output);
  return output;
}

absl::StatusOr<v1::DescribePipelinesOutput> AnswerTo(
    const v1::DescribePipelinesInput& input,
    const QueryEnvironment& environment) {
  v1::DescribePipelinesOutput output;
  for (const std::string& id : input.pipeline_ids()) {
    absl::StatusOr<PipelineReader> pipeline =
        PipelineReader::Find(environment.archive, environment.caller.account,
                             id, environment.caller.ReadingReach());
    if (!pipeline.ok()) return pipeline.status();
    const absl::StatusOr<const PipelineReader::Version*> active =
        pipeline->VersionOf(pipeline->record().active_version);
    if (!active.ok()) return active.status();
    const absl::StatusOr<absl::Span<const ComponentRecord>> components =
        pipeline->Components();
    if (!components.ok()) return components.status();
    Describe(pipeline->record(),
             *active == nullptr ? nullptr : (*active)->workflow.get(),
             *components, output.add_pipeline_description_list());
  }
  return output;
}

absl::StatusOr<v1::GetPipelineDefinitionOutput> AnswerTo(
    const v1::GetPipelineDefinitionInput& input,
    const QueryEnvironment& environment) {
  const bool active = absl::EqualsIgnoreCase(input.version(), "active");
  if (input.has_version() && !active &&
      !absl::EqualsIgnoreCase(input.version(), "latest")) {
    return ConstraintError(
        "version", "Member must satisfy enum value set: [latest, active]");
  }
  const absl::StatusOr<PipelineReader> pipeline = Find(input, environment);
  if (!pipeline.ok()) return pipeline.status();
  const absl::StatusOr<std::optional<SharedDefinition>> definition =
      pipeline->archive().ReadDefinition(
          pipeline->number(), active ? pipeline->record().active_version
                                     : pipeline->record().saved_version);
  if (!definition.ok()) return definition.status();
  v1::GetPipelineDefinitionOutput output;
  if (definition->has_value()) ToProto(***definition, &output);
  return output;
}

absl::StatusOr<v1::DescribeObjectsOutput> AnswerTo(
    const v1::DescribeObjectsInput& input,
    const QueryEnvironment& environment) {
  int64_t first = 0;
  const absl::StatusOr<std::string> place = PlaceOf(input, environment);
  if (!place.ok()) return place.status();
  if (!place->empty()) {
    const absl::StatusOr<std::vector<int64_t>> numbers =
        ReadMarker(*place, MarkerKind::kObjects, 1);
    if (!numbers.ok()) return numbers.status();
    first = std::clamp<int64_t>((*numbers)[0], 0, input.object_ids_size());
  }
  absl::StatusOr<PipelineReader> pipeline = Find(input, environment);
  if (!pipeline.ok()) return pipeline.status();

  ObjectReader objects(&*pipeline);
  v1::DescribeObjectsOutput output;
  size_t bytes = 0;
  for (int i = static_cast<int>(first); i < input.object_ids_size(); ++i) {
    if (bytes > kObjectBytesPerPage) {
      EndPage(MakeMarker(MarkerKind::kObjects, {i}), input, environment,
              &output);
      return output;
    }
    const absl::StatusOr<std::optional<PipelineObject>> object =
        objects.Describe(input.object_ids(i), input.evaluate_expressions());
    if (!object.ok()) return object.status();
    if (!object->has_value()) {
      return InvalidRequest(NoSuchObject(input.object_ids(i)));
    }
    v1::PipelineObject* const described = output.add_pipeline_objects();
    ToProto(**object, described);
    bytes += described->ByteSizeLong();
  }
  EndPage("", input, environment, &output);
  return output;
}

absl::StatusOr<v1::QueryObjectsOutput> AnswerTo(
    const v1::QueryObjectsInput& input, const QueryEnvironment& environment) {
  const absl::StatusOr<ObjectQuery> query = ObjectQuery::Read(input);
  if (!query.ok()) return query.status();
  absl::StatusOr<PipelineReader> pipeline = Find(input, environment);
  if (!pipeline.ok()) return pipeline.status();
  const absl::StatusOr<std::string> place = PlaceOf(input, environment);
  if (!place.ok()) return place.status();
  absl::StatusOr<ObjectIdPage> page = ReadObjectIds(
      &*pipeline, *query, *place,
      input.has_limit() ? std::min(input.limit(), kIdsPerPage) : kIdsPerPage);
  if (!page.ok()) return page.status();
  v1::QueryObjectsOutput output;
  for (std::string& id : page->ids) output.add_ids(std::move(id));
  EndPage(page->marker, input, environment, &output);
  return output;
}

absl::StatusOr<v1::EvaluateExpressionOutput> AnswerTo(
    const v1::EvaluateExpressionInput& input,
    const QueryEnvironment& environment) {
  absl::StatusOr<std::optional<std::string>> text =
      Evaluated(input, environment);
  if (!text.ok()) return text.status();
  if (!text->has_value()) {
    const std::string message = NoSuchObject(input.object_id());
    // TaskNotFoundException by default.
    if (absl::StartsWith(input.object_id(), "@")) {
      return absl::NotFoundError(message);
    }
    return InvalidRequest(message);
  }
  v1::EvaluateExpressionOutput output;
  output.set_evaluated_expression(**std::move(text));
  return output;
}

}  // namespace holdline
