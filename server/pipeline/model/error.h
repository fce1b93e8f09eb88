// The errors about pipelines (DATAPIPELINE sections 3 and 12.5).

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_ERROR_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/error_reason.h"

namespace holdline {

// No pipeline of the account has the id: PipelineNotFoundException.
inline absl::Status NoSuchPipeline() {
  return WithReason(
      absl::NotFoundError("No pipeline of this account has this pipelineId."),
      "PipelineNotFoundException");
}

// The account had a pipeline of the id: PipelineDeletedException.
inline absl::Status PipelineWasDeleted() {
  return WithReason(absl::NotFoundError("The pipeline was deleted."),
                    "PipelineDeletedException");
}

// The definition names a worker group that is out of reach: AccessDenied.
inline absl::Status OutOfReach() {
  return WithReason(
      absl::PermissionDeniedError(
          "The definition names a worker group that the caller is not bound "
          "to."),
      "AccessDenied");
}

// The request does not fit the state or the limits: InvalidRequestException.
inline absl::Status InvalidRequest(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_ERROR_H_
