// The description of a pipeline, as DescribePipelines returns it (DATAPIPELINE
// section 3.8).

#ifndef HOLDLINE_SERVER_QUERIES_PIPELINE_DESCRIPTION_H_
#define HOLDLINE_SERVER_QUERIES_PIPELINE_DESCRIPTION_H_

#include "absl/types/span.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

// Fills `description`, which must be empty. `workflow` is that of the version
// that was activated last, or null; `components` are the pipeline's.
void Describe(const PipelineRecord& pipeline, const Workflow* workflow,
              absl::Span<const ComponentRecord> components,
              v1::PipelineDescription* description);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PIPELINE_DESCRIPTION_H_
