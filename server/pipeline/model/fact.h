// Facts about changes in pipelines, for metrics and logging. Facts are not
// stored: the rows have the state. They contain names and states, and no values
// of fields.

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

// A pipeline has come into a state, or was activated in the one that it was in.
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

// An instance has come into a status.
struct RunChanged {
  InstanceKey key;
  ComponentName component;
  RunStatus status{};

  // Of one that was made for an interval of a schedule, and not skipped: how
  // long after this was due, and its pipeline active.
  std::optional<absl::Duration> lag = {};
};

// An attempt has failed; the instance may have others.
struct RunAttemptFailed {
  AttemptKey key;
  ComponentName component;
};

using PipelineFact =
    std::variant<PipelineChanged, RunChanged, RunAttemptFailed>;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_FACT_H_
