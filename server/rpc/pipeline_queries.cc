#include "server/rpc/pipeline_queries.h"

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
#include "server/pipeline/pipeline_error.h"
#include "server/rpc/marker.h"
#include "server/rpc/object_pages.h"
#include "server/rpc/object_query.h"
#include "server/rpc/object_reader.h"
#include "server/rpc/pipeline_description.h"
#include "server/rpc/pipeline_message.h"
#include "server/rpc/pipeline_reader.h"
#include "server/rpc/text.h"
#include "server/rpc/validation.h"

namespace holdline {
namespace {

constexpr int kPipelinesPerPage = 100;
constexpr int kIdsPerPage = 100;

// Less than clients of gRPC take by default. Not less than a hundred objects
// have within the limits of definitions: the AWS CLI reads no second page.
constexpr size_t kObjectBytesPerPage = size_t{3} << 20;

// How much of an id an error says, in bytes.
constexpr size_t kQuotedMax = 256;

std::string NoSuchObject(absl::string_view id) {
  return absl::StrCat("No object of the pipeline has the id '",
                      TextPrefix(id, kQuotedMax), "'.");
}

// Says where a page ended, if it did not end with the last.
template <typename Output>
void EndPage(std::string marker, Output* output) {
  output->set_has_more_results(!marker.empty());
  if (!marker.empty()) output->set_marker(std::move(marker));
}

}  // namespace

absl::StatusOr<v1::ListPipelinesOutput> AnswerTo(
    const v1::ListPipelinesInput& input, const AccountId& account,
    PipelineStore* store) {
  PipelineNumber after{0};
  if (!input.marker().empty()) {
    const absl::StatusOr<std::vector<int64_t>> numbers =
        ReadMarker(input.marker(), MarkerKind::kPipelines, 1);
    if (!numbers.ok()) return numbers.status();
    after = PipelineNumber{static_cast<uint64_t>((*numbers)[0])};
  }
  const absl::StatusOr<std::vector<PipelineRecord>> pipelines =
      store->ListPipelines(account, after, kPipelinesPerPage + 1);
  if (!pipelines.ok()) return pipelines.status();
  v1::ListPipelinesOutput output;
  for (const PipelineRecord& pipeline : *pipelines) {
    if (output.pipeline_id_list_size() == kPipelinesPerPage) {
      EndPage(MakeMarker(MarkerKind::kPipelines, {static_cast<int64_t>(after)}),
              &output);
      return output;
    }
    after = pipeline.number;
    v1::PipelineIdName* const listed = output.add_pipeline_id_list();
    listed->set_id(pipeline.id);
    listed->set_name(pipeline.name);
  }
  EndPage("", &output);
  return output;
}

absl::StatusOr<v1::DescribePipelinesOutput> AnswerTo(
    const v1::DescribePipelinesInput& input, const AccountId& account,
    PipelineStore* store) {
  v1::DescribePipelinesOutput output;
  for (const std::string& id : input.pipeline_ids()) {
    absl::StatusOr<PipelineReader> pipeline =
        PipelineReader::Find(store, account, id);
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
    const v1::GetPipelineDefinitionInput& input, const AccountId& account,
    PipelineStore* store) {
  const bool active = absl::EqualsIgnoreCase(input.version(), "active");
  if (input.has_version() && !active &&
      !absl::EqualsIgnoreCase(input.version(), "latest")) {
    return ConstraintError(
        "version", "Member must satisfy enum value set: [latest, active]");
  }
  const absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(store, account, input.pipeline_id());
  if (!pipeline.ok()) return pipeline.status();
  const absl::StatusOr<std::optional<Definition>> definition =
      store->ReadDefinition(pipeline->number(),
                            active ? pipeline->record().active_version
                                   : pipeline->record().saved_version);
  if (!definition.ok()) return definition.status();
  v1::GetPipelineDefinitionOutput output;
  if (definition->has_value()) ToProto(**definition, &output);
  return output;
}

absl::StatusOr<v1::DescribeObjectsOutput> AnswerTo(
    const v1::DescribeObjectsInput& input, const AccountId& account,
    PipelineStore* store) {
  int64_t first = 0;
  if (!input.marker().empty()) {
    const absl::StatusOr<std::vector<int64_t>> numbers =
        ReadMarker(input.marker(), MarkerKind::kObjects, 1);
    if (!numbers.ok()) return numbers.status();
    first = std::clamp<int64_t>((*numbers)[0], 0, input.object_ids_size());
  }
  absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(store, account, input.pipeline_id());
  if (!pipeline.ok()) return pipeline.status();

  ObjectReader objects(&*pipeline);
  v1::DescribeObjectsOutput output;
  size_t bytes = 0;
  for (int i = static_cast<int>(first); i < input.object_ids_size(); ++i) {
    if (bytes > kObjectBytesPerPage) {
      EndPage(MakeMarker(MarkerKind::kObjects, {i}), &output);
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
  EndPage("", &output);
  return output;
}

absl::StatusOr<v1::QueryObjectsOutput> AnswerTo(
    const v1::QueryObjectsInput& input, const AccountId& account,
    PipelineStore* store) {
  const absl::StatusOr<ObjectQuery> query = ObjectQuery::Read(input);
  if (!query.ok()) return query.status();
  absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(store, account, input.pipeline_id());
  if (!pipeline.ok()) return pipeline.status();
  absl::StatusOr<ObjectIdPage> page = ReadObjectIds(
      &*pipeline, *query, input.marker(),
      input.has_limit() ? std::min(input.limit(), kIdsPerPage) : kIdsPerPage);
  if (!page.ok()) return page.status();
  v1::QueryObjectsOutput output;
  for (std::string& id : page->ids) output.add_ids(std::move(id));
  EndPage(std::move(page->marker), &output);
  return output;
}

absl::StatusOr<v1::EvaluateExpressionOutput> AnswerTo(
    const v1::EvaluateExpressionInput& input, const AccountId& account,
    PipelineStore* store) {
  absl::StatusOr<PipelineReader> pipeline =
      PipelineReader::Find(store, account, input.pipeline_id());
  if (!pipeline.ok()) return pipeline.status();
  absl::StatusOr<std::optional<std::string>> text =
      ObjectReader(&*pipeline).Evaluate(input.object_id(), input.expression());
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
