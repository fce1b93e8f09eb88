// An index of the live instances: by what they wait for, by the resource they
// run on, by task, and the counts of those in slots. Rebuilt at start.

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

// Whether an instance of this status takes a slot of maxActiveInstances
// (DATAPIPELINE section 6.7).
inline bool IsActive(RunStatus status) {
  return status >= RunStatus::kWaitingForRunner &&
         status <= RunStatus::kShuttingDown;
}

// The role of an instance towards others. Constant while it is live.
struct RunRole {
  ObjectFamily family{};

  // The resource that the instance runs on, if any.
  std::optional<InstanceKey> resource;
};

// The indexed members of an instance, which change while it is live.
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
  // An instance becomes live, with all its dependencies; changes; and ends,
  // when it waits for nothing.
  void Add(const Instance& instance, const RunRole& role);
  void Change(const InstanceKey& key, const RunStanding& before,
              const RunStanding& after, ObjectFamily family);
  void Remove(const InstanceKey& key, const RunStanding& before,
              const RunRole& role);

  // A live instance starts or stops waiting for a dependency.
  void StartWaiting(const InstanceKey& waiting, const InstanceKey& key);
  void StopWaiting(const InstanceKey& waiting, const InstanceKey& key);

  // Whether `waiting` waits for `key`, which need not exist; and whether any
  // instance does.
  bool Waits(const InstanceKey& waiting, const InstanceKey& key) const;
  bool IsAwaited(const InstanceKey& key) const;

  // The first instance that waits for `key`, or the first after `after`, which
  // need not wait any more; nothing if there is none.
  std::optional<InstanceKey> NextWaiting(
      const InstanceKey& key, const std::optional<InstanceKey>& after) const;

  // The same of the live activities, or the live preconditions, on a resource.
  std::optional<InstanceKey> NextUser(
      const InstanceKey& resource, ObjectFamily family,
      const std::optional<InstanceKey>& after) const;

  // Whether `user` runs on a resource or is to; and whether any instance does.
  bool Uses(const InstanceKey& user, const InstanceKey& resource) const;
  bool IsInUse(const InstanceKey& resource) const;

  // The instance whose present attempt is this task, or null.
  const InstanceKey* OfTask(TaskId task) const;

  // The number of live instances of a pipeline or component.
  int64_t Live(PipelineNumber pipeline) const;
  int64_t Live(const ComponentKey& component) const;

  // The number of RUNNING instances of a pipeline, without resources.
  int64_t Running(PipelineNumber pipeline) const;

  // The number of slots of a component in use; reruns use none.
  int SlotsInUse(const ComponentKey& component) const;

  // The ready instances of a component, which wait for nothing but a slot,
  // earliest first. An instance stays ready until its status changes or it
  // waits for something.
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
    int slots = 0;
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
