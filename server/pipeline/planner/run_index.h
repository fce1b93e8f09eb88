// An index of the live instances: who waits for whom, what runs on which
// resource, which task is whose, how many are active. Rebuilt at start.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_INDEX_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_INDEX_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/object_family.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/state.h"

namespace holdline {

// Whether an instance takes one of the places that maxActiveInstances allows
// (DATAPIPELINE section 6.7).
inline bool IsActive(RunStatus status) {
  return status >= RunStatus::kWaitingForRunner &&
         status <= RunStatus::kShuttingDown;
}

// What an instance is to others. Does not change while it is live.
struct RunRole {
  ObjectFamily family{};

  // What it runs on, if it runs on anything.
  std::optional<InstanceKey> resource;
};

// What is counted and found of an instance, and changes while it is live.
struct RunStanding {
  RunStatus status{};
  TaskId task{};
  bool rerun = false;
};

inline RunStanding StandingOf(const Instance& instance) {
  return {instance.status, instance.task, instance.rerun};
}

// Not thread-safe.
class RunIndex {
 public:
  // Follows one that comes to be live, with all it waits for; changes; and
  // ends, and by then waits for nothing.
  void Add(const Instance& instance, const RunRole& role);
  void Change(const InstanceKey& key, const RunStanding& before,
              const RunStanding& after, ObjectFamily family);
  void Remove(const InstanceKey& key, const RunStanding& before,
              const RunRole& role);

  // Follows the list of what a live instance waits for.
  void StartWaiting(const InstanceKey& waiting, const InstanceKey& key);
  void StopWaiting(const InstanceKey& waiting, const InstanceKey& key);

  // Whether `waiting` waits for an instance, which need not exist; and whether
  // anybody does.
  bool Waits(const InstanceKey& waiting, const InstanceKey& key) const;
  bool IsAwaited(const InstanceKey& key) const;

  // The earliest that waits for an instance, and the next one after another,
  // which need not wait any more; nothing if there is none.
  std::optional<InstanceKey> NextWaiting(
      const InstanceKey& key, const std::optional<InstanceKey>& after) const;

  // The same of the live activities on a resource, or its live preconditions.
  std::optional<InstanceKey> NextUser(
      const InstanceKey& resource, ObjectFamily family,
      const std::optional<InstanceKey>& after) const;

  // Whether one of these is to run on a resource; and whether any is.
  bool Uses(const InstanceKey& user, const InstanceKey& resource) const;
  bool IsInUse(const InstanceKey& resource) const;

  // The instance whose present attempt is this task, or null.
  const InstanceKey* OfTask(TaskId task) const;

  // How many of a pipeline or component are live.
  int64_t Live(PipelineNumber pipeline) const;
  int64_t Live(const ComponentKey& component) const;

  // How many of a pipeline are RUNNING, resources apart.
  int64_t Running(PipelineNumber pipeline) const;

  // How many of a component take a place: reruns do not.
  int Places(const ComponentKey& component) const;

  // Those of a component that lack nothing but a place, earliest first. They
  // stay until they no longer wait, or wait for something.
  void AddReady(const InstanceKey& key);
  const InstanceKey* FirstReady(const ComponentKey& component) const;
  bool IsReady(const InstanceKey& key) const;

 private:
  struct OfPipeline {
    int64_t live = 0;
    int64_t running = 0;
  };

  struct OfResource {
    absl::btree_set<InstanceKey> activities;
    absl::btree_set<InstanceKey> preconditions;
  };

  struct OfComponent {
    int64_t live = 0;
    int places = 0;
    absl::btree_set<InstanceKey> ready;
  };

  static ComponentKey ComponentOf(const InstanceKey& key) {
    return {key.pipeline, key.component};
  }

  void Count(const InstanceKey& key, const RunStanding& standing,
             ObjectFamily family, int by);
  void Use(const InstanceKey& resource, const InstanceKey& user,
           ObjectFamily family);
  void Leave(const InstanceKey& resource, const InstanceKey& user);

  absl::flat_hash_map<InstanceKey, absl::btree_set<InstanceKey>> waiting_;
  absl::flat_hash_map<TaskId, InstanceKey> tasks_;
  absl::flat_hash_map<PipelineNumber, OfPipeline> pipelines_;
  absl::flat_hash_map<ComponentKey, OfComponent> components_;
  absl::flat_hash_map<InstanceKey, OfResource> resources_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_INDEX_H_
