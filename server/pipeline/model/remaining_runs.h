// The check whether a finished pipeline has anything left to run.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

// The error of activating one that has nothing left (DATAPIPELINE section 15,
// row 10).
inline constexpr absl::string_view kNothingLeftToRun =
    "The pipeline has finished and nothing would be left to run: extend its "
    "schedule first.";

// Whether the next workflow leaves something to run to a pipeline with these
// components: a later interval, a new object, or anything on demand.
bool CanRunFurther(const Workflow& next,
                   absl::Span<const ComponentRecord> components);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_
