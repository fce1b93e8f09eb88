#include "client/command_line/pipelines/object_pages.h"

#include <algorithm>

#include "absl/status/status.h"
#include "client/services.h"

namespace holdline::client {
namespace {

// The most ids that one request may hold (DATAPIPELINE sections 3.8, 3.10).
constexpr size_t kPipelinesMax = 25;
constexpr size_t kObjectsMax = 100;

// Prepares `input` for the page after `output`. Returns whether there is one.
template <class Input, class Output>
absl::StatusOr<bool> NextPage(const Output& output, Input& input) {
  if (!output.has_more_results()) return false;
  if (output.marker().empty() || output.marker() == input.marker()) {
    return absl::InternalError("the server returns pages without end");
  }
  input.set_marker(output.marker());
  return true;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> QueryAllObjects(
    Client& client, v1::QueryObjectsInput query, size_t most,
    const CallOptions& options) {
  std::vector<std::string> ids;
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more && ids.size() < most) {
    const auto page = client.Call(&DataPipeline::QueryObjects, query, options);
    if (!page.ok()) return page.status();
    ids.insert(ids.end(), page->ids().begin(), page->ids().end());
    more = NextPage(*page, query);
  }
  if (!more.ok()) return more.status();
  ids.resize(std::min(ids.size(), most));
  return ids;
}

absl::StatusOr<std::vector<v1::PipelineObject>> DescribeAllObjects(
    Client& client, const std::string& pipeline_id,
    const std::vector<std::string>& ids, bool evaluate_expressions,
    const CallOptions& options) {
  std::vector<v1::PipelineObject> objects;
  for (size_t begin = 0; begin < ids.size(); begin += kObjectsMax) {
    v1::DescribeObjectsInput input;
    input.set_pipeline_id(pipeline_id);
    if (evaluate_expressions) input.set_evaluate_expressions(true);
    for (size_t i = begin; i < std::min(begin + kObjectsMax, ids.size()); ++i) {
      input.add_object_ids(ids[i]);
    }
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) {
      const auto page =
          client.Call(&DataPipeline::DescribeObjects, input, options);
      if (!page.ok()) return page.status();
      objects.insert(objects.end(), page->pipeline_objects().begin(),
                     page->pipeline_objects().end());
      more = NextPage(*page, input);
    }
    if (!more.ok()) return more.status();
  }
  return objects;
}

absl::StatusOr<std::vector<v1::PipelineIdName>> ListAllPipelines(
    Client& client, const CallOptions& options) {
  std::vector<v1::PipelineIdName> pipelines;
  v1::ListPipelinesInput input;
  absl::StatusOr<bool> more = true;
  while (more.ok() && *more) {
    const auto page = client.Call(&DataPipeline::ListPipelines, input, options);
    if (!page.ok()) return page.status();
    pipelines.insert(pipelines.end(), page->pipeline_id_list().begin(),
                     page->pipeline_id_list().end());
    more = NextPage(*page, input);
  }
  if (!more.ok()) return more.status();
  return pipelines;
}

absl::StatusOr<std::vector<v1::PipelineDescription>> DescribeAllPipelines(
    Client& client, const std::vector<std::string>& ids,
    const CallOptions& options) {
  std::vector<v1::PipelineDescription> pipelines;
  for (size_t begin = 0; begin < ids.size(); begin += kPipelinesMax) {
    v1::DescribePipelinesInput input;
    const size_t end = std::min(begin + kPipelinesMax, ids.size());
    for (size_t i = begin; i < end; ++i) input.add_pipeline_ids(ids[i]);
    const auto page =
        client.Call(&DataPipeline::DescribePipelines, input, options);
    if (!page.ok()) return page.status();
    pipelines.insert(pipelines.end(), page->pipeline_description_list().begin(),
                     page->pipeline_description_list().end());
  }
  return pipelines;
}

}  // namespace holdline::client
