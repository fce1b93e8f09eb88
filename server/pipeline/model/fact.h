// What has happened in pipelines, for those who count and keep watch. Facts are
// not stored: rows say how things are from then on. They name things and tell
// their states, and hold nothing of what fields say.

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

// A component of which something is said.
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
