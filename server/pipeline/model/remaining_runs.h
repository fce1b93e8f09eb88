// The check whether a finished pipeline has anything left to run.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// The error of one that has not (DATAPIPELINE section 15, row 10).
inline constexpr absl::string_view kNothingLeftToRun =
    "The pipeline has finished and nothing would be left to run: extend its "
    "schedule first.";

// Returns whether a definition leaves something to run for a pipeline that has
// these components and was first activated then: a later interval, a new
// object, or anything on demand.
bool CanRunFurther(const Definition& definition,
                   absl::Span<const ComponentRecord> components,
                   absl::Time first_activation);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_REMAINING_RUNS_H_
