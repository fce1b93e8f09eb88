// Facts: changes of pipelines, for metrics and log. Facts are not stored: the
// rows have the state. They contain names and states, but no values of fields.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_FACT_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_FACT_H_

#include <optional>
#include <string>
#include <variant>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/object_family.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// A pipeline has entered a state, or was activated again in its state.
struct PipelineChanged {
  std::string id;
  AccountId account;
  PipelineState state{};
};

// The component that a fact is about.
struct ComponentName {
  std::string pipeline_id;
  std::string id;
  ObjectFamily family{};
};

// An instance has entered a status.
struct RunChanged {
  InstanceKey key;
  ComponentName component;
  RunStatus status{};

  // The delay of an instance that was made for an interval, and not skipped:
  // the time since the interval was due and the pipeline active.
  std::optional<absl::Duration> lag = {};
};

// An attempt has failed; the instance may have retries left.
struct RunAttemptFailed {
  AttemptKey key;
  ComponentName component;
};

using PipelineFact =
    std::variant<PipelineChanged, RunChanged, RunAttemptFailed>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_FACT_H_
