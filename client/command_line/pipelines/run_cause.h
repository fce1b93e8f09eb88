// The root cause of why a run has not finished.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_CAUSE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_CAUSE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"

namespace holdline::client {

// Lookups of the state that the explanation is based on.
struct RunLookup {
  // Objects of the pipeline, evaluated. INVALID_ARGUMENT or NOT_FOUND: one of
  // them does not exist.
  std::function<absl::StatusOr<std::vector<v1::PipelineObject>>(
      const std::vector<std::string>& ids)>
      objects;

  // The pipeline itself.
  std::function<absl::StatusOr<v1::PipelineDescription>()> pipeline;

  // A worker group.
  std::function<absl::StatusOr<v1::Group>(const std::string& name)> group;

  absl::Time now;
};

struct RunCause {
  // A run and a predicate about it: `waits for @B_2030-01-31T08:00:00`. Each
  // but the last is about the run of the next step.
  struct Step {
    std::string id;
    std::string status;
    std::string text;
  };

  // From the run in question down to the root cause.
  std::vector<Step> steps;

  // Advice to the user; may be empty.
  std::string advice;
};

// Follows what the run `id`, or the run of the attempt `id`, waits for or has
// failed by: dependencies, resources, maxActiveInstances, paused components,
// inactive pipelines, retry delays, and worker groups without runners. Of
// several it follows one that does not resolve by itself.
//
// INVALID_ARGUMENT: `id` is a component. Any error of the lookups.
absl::StatusOr<RunCause> CauseOf(const std::string& id,
                                 const RunLookup& lookup);

// `@C waits for @B, which waits for @A, which FAILED: boom.`
std::string CauseSentence(const RunCause& cause);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_RUN_CAUSE_H_
