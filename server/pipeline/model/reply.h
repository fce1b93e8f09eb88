// Replies of the planner. A reply is published only after everything that it is
// based on has been committed.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_REPLY_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_REPLY_H_

#include <string>
#include <variant>

#include "absl/status/status.h"
#include "server/pipeline/model/census.h"
#include "server/pipeline/validation/validation_report.h"

namespace holdline {

struct PipelineCreated {
  std::string id;
};

// The result of validating a definition. It was saved if there are no errors,
// and also with errors unless an activated pipeline does not allow the edit.
struct DefinitionChecked {
  ValidationReport report;
};

struct PipelineDone {};

using PipelineReply = std::variant<PipelineCreated, DefinitionChecked,
                                   PipelineDone, PipelineCensus, absl::Status>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_REPLY_H_
