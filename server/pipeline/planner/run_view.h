// Read-only queries about instances.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_VIEW_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_VIEW_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/types/span.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/model/state.h"
#include "server/pipeline/model/workflow.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/run_index.h"

namespace holdline {

// Returns an instance as it was last committed, or nothing if there is none.
using ReadInstance =
    std::function<std::optional<Instance>(const InstanceKey& key)>;

// A component that depends on another or runs on it, as seen from an instance
// of that other one.
struct Dependant {
  std::vector<InstanceKey> runs;

  // Whether `runs` wait for the instance because their component depends on its
  // component.
  bool waits = true;

  // Whether `runs` are rerun with the instance: they run on it, or it is in
  // mode cascade.
  bool fails_with = false;
};

// Whether dependents of an instance of this status may start (DATAPIPELINE
// section 6.6).
inline bool Satisfies(RunStatus status) {
  return status == RunStatus::kFinished || status == RunStatus::kSkipped;
}

// Not thread-safe. The state and the index are not owned and outlive it.
// REQUIRES: the pipelines of the keys exist.
class RunView {
 public:
  RunView(const PipelinesState* state, const RunIndex* index,
          ReadInstance read);

  const Pipeline& PipelineOf(const InstanceKey& key) const;

  // The instance while it is live; null once it has ended.
  const Instance* Live(const InstanceKey& key) const;

  // The instance, live or ended, and its status; nothing if there is none.
  std::optional<Instance> Find(const InstanceKey& key) const;
  std::optional<RunStatus> StatusOf(const InstanceKey& key) const;

  // The live instances of a pipeline, earliest first; and the first of them, or
  // the first after `after`, which need not be live any more.
  std::vector<InstanceKey> LiveOf(PipelineNumber pipeline) const;
  std::optional<InstanceKey> NextLive(
      PipelineNumber pipeline, const std::optional<InstanceKey>& after) const;

  // The workflow and component by the definition that the instance was made
  // from, or by the active one if that definition is no longer stored.
  const Workflow& WorkflowOf(const Instance& instance) const;
  const Component& ComponentOf(const Instance& instance) const;
  RunContext ContextOf(const Instance& instance) const;

  // Whether the instance may start: its pipeline is active, and its component
  // is not paused, nor that which a precondition guards.
  bool MayStart(const Instance& instance) const;

  // Whether the component has made the instance already; and whether it will
  // make it, or rerun it after a reactivation.
  bool WasMade(const InstanceKey& key) const;
  bool IsToCome(const InstanceKey& key) const;

  // The dependencies of an instance that are not satisfied, without
  // preconditions and resources; and those of `keys` that have failed for good.
  std::vector<InstanceKey> Unmet(const Instance& instance) const;
  std::vector<InstanceKey> Failed(absl::Span<const InstanceKey> keys) const;

  // The value of `cascade_failed_on` for an instance that fails because of
  // `failed`: these, and the failures that caused theirs, down to the root,
  // which stays the last of a list that is cut.
  std::vector<InstanceKey> ChainOf(absl::Span<const InstanceKey> failed) const;

  // The resource that an instance runs on, if any (section 6.6).
  std::optional<InstanceKey> ResourceOf(const Instance& instance) const;

  // The role of a live instance towards others.
  RunRole RoleOf(const Instance& instance) const;

  // Whether an instance runs on the resource, or is still to be made for it.
  bool IsNeeded(const Instance& resource) const;

  // The deadlines of an instance in its present status.
  std::vector<RunDeadline> LimitsOf(const Instance& instance) const;

  // The next component that depends on the component of an instance or runs on
  // it; nothing after the last. `version` and `position` are the cursor of the
  // walk: zero at first, and moved on by each call.
  std::optional<Dependant> NextDependant(const Instance& instance, int* version,
                                         size_t* position) const;

  // Whether a rerun of an instance spreads to those that failed with it, given
  // the set of all ended instances that are rerun at once (section 5.6).
  bool Spreads(const Instance& instance,
               const absl::btree_set<InstanceKey>& all) const;

  // The number of unfinished runs of an on-demand pipeline, at most `max`.
  int CountRuns(PipelineNumber pipeline, int max) const;

  // Whether a component makes no more instances.
  bool IsExhausted(const Pipeline& pipeline, ComponentNumber component) const;

  // The number of look-ups since construction.
  int64_t looked_up() const { return looked_up_; }

 private:
  const PipelinesState* const state_;
  const RunIndex* const index_;
  const ReadInstance read_;
  mutable int64_t looked_up_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_VIEW_H_
