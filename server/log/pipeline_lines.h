// Log lines of changes in pipelines.

#ifndef HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_
#define HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_

#include "absl/types/span.h"
#include "server/log/log.h"
#include "server/pipeline/model/fact.h"

namespace holdline {

// Writes the creation, activation, deactivation, completion and deletion of
// pipelines at info, and changes of instances and attempts at debug: ids and
// fixed words only, never values of fields, which may be secret.
void WritePipelineFacts(Log* log, absl::Span<const PipelineFact> facts);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_
