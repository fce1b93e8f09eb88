// The read-only actions on pipelines (DATAPIPELINE sections 3.4 and 3.8 to
// 3.12), each answered from an archive.
//
// Every action may return an error of the store. Those that name a pipeline may
// return NOT_FOUND: the caller has none of that id (PipelineNotFoundException),
// or it was deleted (PipelineDeletedException). REQUIRES: inputs are within
// their limits.

#ifndef HOLDLINE_SERVER_QUERIES_PIPELINE_QUERIES_H_
#define HOLDLINE_SERVER_QUERIES_PIPELINE_QUERIES_H_

#include "absl/status/statusor.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/auth/credentials/principal.h"
#include "server/queries/page_markers.h"
#include "server/store/archive.h"

namespace holdline {

// The sources of an answer. Everything outlives it.
struct QueryEnvironment {
  const Principal& caller;
  const PageMarkers& markers;
  Archive* archive;
};

// INVALID_ARGUMENT: the marker is not one of this account and this query.

// INVALID_ARGUMENT: the marker is none.
absl::StatusOr<v1::ListPipelinesOutput> AnswerTo(
    const v1::ListPipelinesInput& input, const QueryEnvironment& environment);

absl::StatusOr<v1::DescribePipelinesOutput> AnswerTo(
    const v1::DescribePipelinesInput& input,
    const QueryEnvironment& environment);

// INVALID_ARGUMENT: there is no such version.
absl::StatusOr<v1::GetPipelineDefinitionOutput> AnswerTo(
    const v1::GetPipelineDefinitionInput& input,
    const QueryEnvironment& environment);

// Pages are of about a megabyte. INVALID_ARGUMENT: an id names no object, or
// the marker is invalid.
absl::StatusOr<v1::DescribeObjectsOutput> AnswerTo(
    const v1::DescribeObjectsInput& input, const QueryEnvironment& environment);

// INVALID_ARGUMENT: the query (see object_query.h) or the marker is invalid.
absl::StatusOr<v1::QueryObjectsOutput> AnswerTo(
    const v1::QueryObjectsInput& input, const QueryEnvironment& environment);

// A caller that is a runner only sees what its tasks see:
// ObjectReader::EvaluateForRunner().
//
// INVALID_ARGUMENT: the expression is wrong or refers to something that is not
// there, or there is no such component. NOT_FOUND (TaskNotFoundException):
// there is no such instance or attempt.
absl::StatusOr<v1::EvaluateExpressionOutput> AnswerTo(
    const v1::EvaluateExpressionInput& input,
    const QueryEnvironment& environment);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PIPELINE_QUERIES_H_
