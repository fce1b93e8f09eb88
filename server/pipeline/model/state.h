// The state of the planner, which a restart restores: pipelines, live instances
// and attempts, undelivered notifications.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_STATE_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_STATE_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

using ComponentKey = std::pair<PipelineNumber, ComponentNumber>;

struct Pipeline {
  PipelineRecord record;

  // Definitions by version: the saved one, the active one, and those that live
  // instances were made from.
  std::map<int, SharedDefinition> definitions;

  // Records of components; number n is at n - 1. While an activation is carried
  // out, the last ones may be missing.
  std::vector<ComponentRecord> components;

  // Counts of `components` by Health: derived.
  std::array<int64_t, 3> healths{};

  // The numbers of all components, also of missing ones. Not null.
  std::shared_ptr<const ComponentNumbers> numbers =
      std::make_shared<const ComponentNumbers>();

  // Workflows by version, compiled from `definitions`.
  std::map<int, std::shared_ptr<const Workflow>> workflows;

  // The record of a component; one in the status kPending if it is missing.
  const ComponentRecord& component(ComponentNumber number) const {
    static const ComponentRecord kMissing = [] {
      ComponentRecord missing;
      missing.status = ComponentStatus::kPending;
      return missing;
    }();
    const size_t place = static_cast<size_t>(number) - 1;
    return place < components.size() ? components[place] : kMissing;
  }

  // The worst health of the components; unknown if none is known.
  Health WorstHealth() const {
    if (healths[static_cast<size_t>(Health::kError)] > 0) return Health::kError;
    return healths[static_cast<size_t>(Health::kHealthy)] > 0
               ? Health::kHealthy
               : Health::kUnknown;
  }

  // The workflow of the active version; null before the first activation.
  const Workflow* workflow() const {
    const auto found = workflows.find(record.active_version);
    return found == workflows.end() ? nullptr : found->second.get();
  }
};

struct PipelinesState {
  absl::node_hash_map<PipelineNumber, Pipeline> pipelines;

  // Live instances, those that ended in the batch that is not committed yet,
  // and the present attempt of each. References stay valid while an instance is
  // in the map.
  std::map<InstanceKey, Instance> instances;
  absl::flat_hash_map<InstanceKey, Attempt> attempts;

  std::map<NotificationNumber, Notification> notifications;
  PipelineCounters counters;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_STATE_H_
