// All pages of a result in one.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_PAGES_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/call_options.h"
#include "client/holdline_client.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// Each function reads page after page, and returns the error of the first call
// that fails. INTERNAL: the server returns the same page again.

// The ids of all objects that the query asks for, at most `most` of them.
absl::StatusOr<std::vector<std::string>> QueryAllObjects(
    Client& client, v1::QueryObjectsInput query, size_t most = SIZE_MAX,
    const CallOptions& options = {});

// The objects with these ids, in the order of the ids.
absl::StatusOr<std::vector<v1::PipelineObject>> DescribeAllObjects(
    Client& client, const std::string& pipeline_id,
    const std::vector<std::string>& ids, bool evaluate_expressions = false,
    const CallOptions& options = {});

// All pipelines there are.
absl::StatusOr<std::vector<v1::PipelineIdName>> ListAllPipelines(
    Client& client, const CallOptions& options = {});

// The pipelines with these ids, in the order of the ids.
absl::StatusOr<std::vector<v1::PipelineDescription>> DescribeAllPipelines(
    Client& client, const std::vector<std::string>& ids,
    const CallOptions& options = {});

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_OBJECT_PAGES_H_
