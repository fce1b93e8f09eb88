// Read-only questions about instances.

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

// A component that depends on another, or runs on it, as seen from an instance
// of that: its instances that have to do with it.
struct Dependant {
  std::vector<InstanceKey> runs;

  // Whether they wait for it, as what depends on it does.
  bool waits = true;

  // Whether they are run again with it: they run on it, or it is in mode
  // cascade.
  bool fails_with = false;
};

// Whether what waits for an instance of this status may go on (DATAPIPELINE
// section 6.6).
inline bool Satisfies(RunStatus status) {
  return status == RunStatus::kFinished || status == RunStatus::kSkipped;
}

// Not thread-safe. The state and its index are not owned and outlive it. The
// pipelines of the keys exist.
class RunView {
 public:
  RunView(const PipelinesState* state, const RunIndex* index,
          ReadInstance read);

  const Pipeline& PipelineOf(const InstanceKey& key) const;

  // The instance if it has not ended, or null.
  const Instance* Live(const InstanceKey& key) const;

  // The instance as it is now, live or not, or nothing; and its status.
  std::optional<Instance> Find(const InstanceKey& key) const;
  std::optional<RunStatus> StatusOf(const InstanceKey& key) const;

  // The live instances of a pipeline, earliest first; and the first of them,
  // or the first after another.
  std::vector<InstanceKey> LiveOf(PipelineNumber pipeline) const;
  std::optional<InstanceKey> NextLive(
      PipelineNumber pipeline, const std::optional<InstanceKey>& after) const;

  // By the definition that the instance was made from, or the active one if
  // that is no longer known.
  const Workflow& WorkflowOf(const Instance& instance) const;
  const Component& ComponentOf(const Instance& instance) const;
  RunContext ContextOf(const Instance& instance) const;

  // Whether it may start: its pipeline is active, and neither its component nor
  // what it guards is paused.
  bool MayStart(const Instance& instance) const;

  // Whether a component has made the instance, and whether it will make it or
  // take it up again.
  bool WasMade(const InstanceKey& key) const;
  bool IsToCome(const InstanceKey& key) const;

  // What an instance waits for as things stand, preconditions and resources
  // apart; and what of a list has failed for good.
  std::vector<InstanceKey> Unmet(const Instance& instance) const;
  std::vector<InstanceKey> Failed(absl::Span<const InstanceKey> keys) const;

  // What an instance that fails by these has failed by: they, and what they
  // failed by, down to what failed by itself. That is the last of a list that
  // would be too long.
  std::vector<InstanceKey> ChainOf(absl::Span<const InstanceKey> failed) const;

  // The resource that an instance runs on, if it runs on one (section 6.6).
  std::optional<InstanceKey> ResourceOf(const Instance& instance) const;

  // What a live instance is to others.
  RunRole RoleOf(const Instance& instance) const;

  // Whether anything runs on a resource or is still to come.
  bool IsNeeded(const Instance& resource) const;

  // When something is to happen to an instance as it is.
  std::vector<RunDeadline> LimitsOf(const Instance& instance) const;

  // The next of those that depend on an instance or run on it, nothing after
  // the last. `version` and `place` are zero at first, and say where it goes
  // on.
  std::optional<Dependant> NextDependant(const Instance& instance, int* version,
                                         size_t* place) const;

  // Whether what failed with an instance is run again with it, if all of these
  // are, which have ended (section 5.6).
  bool Spreads(const Instance& instance,
               const absl::btree_set<InstanceKey>& all) const;

  // How many runs of a pipeline go on, which is on demand; not more than `max`.
  int CountRuns(PipelineNumber pipeline, int max) const;

  // Whether a component makes no more instances.
  bool IsExhausted(const Pipeline& pipeline, ComponentNumber component) const;

  // How often something was looked up so far.
  int64_t looked_up() const { return looked_up_; }

 private:
  const PipelinesState* const state_;
  const RunIndex* const index_;
  const ReadInstance read_;
  mutable int64_t looked_up_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_VIEW_H_
