// What follows from the live instances: who waits for whom, which task is
// whose, how many are active. Built anew at start.

#ifndef HOLDLINE_SERVER_PIPELINE_RUN_INDEX_H_
#define HOLDLINE_SERVER_PIPELINE_RUN_INDEX_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "server/broker/ids.h"
#include "server/pipeline/instance.h"
#include "server/pipeline/pipeline_ids.h"

namespace holdline {

using ComponentKey = std::pair<PipelineNumber, ComponentNumber>;

// Whether an instance takes one of the places that maxActiveInstances allows
// (DATAPIPELINE section 6.7).
inline bool IsActive(RunStatus status) {
  return status >= RunStatus::kWaitingForRunner &&
         status <= RunStatus::kShuttingDown;
}

// Not thread-safe.
class RunIndex {
 public:
  // Follows a change of an instance. Null stands for one that is not live.
  void Change(const Instance* before, const Instance* after);

  // Those that wait for an instance, which need not exist, earliest first.
  std::vector<InstanceKey> WaitingFor(const InstanceKey& key) const;

  // The instance whose present attempt is this task, or null.
  const InstanceKey* OfTask(TaskId task) const;

  // How many of a pipeline or component are live.
  int64_t Live(PipelineNumber pipeline) const;
  int64_t Live(const ComponentKey& component) const;

  // How many of a component take a place: reruns do not.
  int Places(const ComponentKey& component) const;

  // Those of a component that lack nothing but a place, earliest first. They
  // stay until they no longer wait, or wait for something.
  void AddReady(const InstanceKey& key);
  const InstanceKey* FirstReady(const ComponentKey& component) const;
  bool IsReady(const InstanceKey& key) const;

 private:
  struct OfComponent {
    int64_t live = 0;
    int places = 0;
    absl::btree_set<InstanceKey> ready;
  };

  static ComponentKey ComponentOf(const InstanceKey& key) {
    return {key.pipeline, key.component};
  }

  void Count(const Instance& instance, int by);
  void AddWaiting(const Instance& instance);
  void RemoveWaiting(const Instance& instance);

  absl::flat_hash_map<InstanceKey, absl::btree_set<InstanceKey>> waiting_;
  absl::flat_hash_map<TaskId, InstanceKey> tasks_;
  absl::flat_hash_map<PipelineNumber, int64_t> pipelines_;
  absl::flat_hash_map<ComponentKey, OfComponent> components_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_RUN_INDEX_H_
