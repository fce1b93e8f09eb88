// Log lines of changes in pipelines.

#ifndef HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_
#define HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_

#include "absl/types/span.h"
#include "server/log/log.h"
#include "server/pipeline/model/fact.h"

namespace holdline {

// Writes that pipelines were created, activated, deactivated, finished and
// deleted at info, and what becomes of instances and attempts at debug. Ids and
// our own words are written, never what fields say, which may be secret.
void WritePipelineFacts(Log* log, absl::Span<const PipelineFact> facts);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_PIPELINE_LINES_H_
