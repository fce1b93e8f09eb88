// The agenda of a pipeline: work lists of the consequences of events that are
// not worked off yet. They replace recursion, so that a long chain of
// dependencies takes no stack.
//
// The classes that decide about instances note entries here and do not call
// each other. A restart finds each entry again from the stored rows (see
// Runs::Restore), so that the work may stop between any two steps.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "server/broker/task.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"

namespace holdline {

// An instance that has ended, or a resource that now has a slot: the instances
// that run on it or wait for it are informed one by one.
struct EndedRun {
  InstanceKey key;
  RunStatus status{};
  Failure failure = {};

  // The group that is being informed: the activities on a resource, then its
  // preconditions, then the instances that wait; and the last one informed.
  enum class Audience { kActivities, kPreconditions, kWaiting };
  Audience audience = Audience::kWaiting;
  std::optional<InstanceKey> last = {};

  // The value of `cascade_failed_on` for the instances that fail because of
  // this one; computed at the first of them.
  std::vector<InstanceKey> chain = {};
};

// The cursor of the cancellation of all live instances of a pipeline.
struct CancellationWalk {
  std::optional<InstanceKey> last = {};
};

// A rerun instance, and the cursor of the walk through its dependents: the
// version of the workflow, and the position in its list.
struct SpreadingRerun {
  InstanceKey key;
  int version = 0;
  size_t position = 0;
};

// A run on demand: its start, and the number of components that are done.
struct RunToMake {
  absl::Time start;
  size_t done = 0;
};

// The agenda of one pipeline. Not thread-safe.
class RunAgenda {
 public:
  // An instance, and the dependencies that it no longer waits for.
  struct Struck {
    InstanceKey waiting;
    std::vector<InstanceKey> off;
  };

  // Notes that the record of the pipeline has an order to be carried out.
  void AddOrder() { order_.emplace(); }
  std::optional<CancellationWalk>& order() { return order_; }

  // Notes a rerun instance, or a farther reach of a noted one. The first is
  // null if there is none, and is removed once all its dependents were looked
  // at. Those with the reach kWhenReached come last, since others may extend
  // it.
  void AddSpreading(const InstanceKey& key, RerunReach reach);
  SpreadingRerun* FirstSpreading();
  void RemoveSpreading() { spreading_.erase(spreading_.begin()); }

  // Notes a run on demand whose instances are to be made.
  void AddRun(absl::Time start) { run_.emplace(RunToMake{start}); }
  std::optional<RunToMake>& run() { return run_; }

  // Notes that all live instances are to be reviewed, the earliest first.
  void AddReview();
  const std::optional<std::optional<InstanceKey>>& review() const {
    return review_;
  }
  void SetReviewed(const InstanceKey& key) { review_ = key; }
  void FinishReview() { review_.reset(); }

  // Notes a component that may have a free slot for a ready instance.
  void AddFreeSlot(ComponentNumber component) { free_slots_.insert(component); }
  std::optional<ComponentNumber> TakeFreeSlot();

  // Notes an ended instance. The first is null if there is none, and is removed
  // once all others were informed.
  void AddEnded(EndedRun ended) { ended_.push_back(std::move(ended)); }
  EndedRun* FirstEnded() { return ended_.empty() ? nullptr : &ended_.front(); }
  void RemoveEnded() { ended_.pop_front(); }

  // Notes a waiting instance that may be able to start. A set: repeats change
  // nothing.
  void AddCandidate(const InstanceKey& key);
  std::optional<InstanceKey> TakeCandidate();

  // Notes that `waiting` no longer waits for `key`. Returns how many
  // dependencies are noted for `waiting`.
  size_t Strike(const InstanceKey& waiting, const InstanceKey& key);

  // Removes and returns what is noted for one instance; and for any instance.
  std::vector<InstanceKey> TakeStruck(const InstanceKey& waiting);
  std::optional<Struck> TakeStruck();

  // Notes a resource that may have become idle. It is checked when all else is
  // worked off, since other entries may still use it.
  void AddIdleResource(const InstanceKey& resource) { idle_.insert(resource); }
  std::optional<InstanceKey> TakeIdleResource();

  bool empty() const {
    return !order_.has_value() && spreading_.empty() && !run_.has_value() &&
           !review_.has_value() && free_slots_.empty() && ended_.empty() &&
           candidates_.empty() && struck_.empty() && idle_.empty();
  }

 private:
  std::optional<CancellationWalk> order_;

  // By whether the reach may still grow, then by key, so that a restart works
  // in the same order.
  absl::btree_map<std::pair<bool, InstanceKey>, SpreadingRerun> spreading_;

  std::optional<RunToMake> run_;

  // Absent: no review. Otherwise the last instance that was reviewed, if any.
  std::optional<std::optional<InstanceKey>> review_;

  absl::btree_set<ComponentNumber> free_slots_;
  std::deque<EndedRun> ended_;
  std::deque<InstanceKey> candidates_;
  absl::flat_hash_set<InstanceKey> is_candidate_;
  absl::btree_map<InstanceKey, std::vector<InstanceKey>> struck_;
  absl::btree_set<InstanceKey> idle_;
};

// The agendas of all pipelines that have one. Not thread-safe.
class RunAgendas {
 public:
  // The agenda of a pipeline, made if there is none. References stay valid
  // until Settle removes it.
  RunAgenda& Of(PipelineNumber pipeline) { return agendas_[pipeline]; }

  // The agenda of a pipeline; null if there is none.
  RunAgenda* Find(PipelineNumber pipeline);
  const RunAgenda* Find(PipelineNumber pipeline) const;

  // Removes the agenda of a pipeline if it is empty.
  void Settle(PipelineNumber pipeline);

  bool empty() const { return agendas_.empty(); }

  // The pipeline whose turn is after that of `pipeline`. REQUIRES: not empty().
  PipelineNumber After(PipelineNumber pipeline) const;

 private:
  std::map<PipelineNumber, RunAgenda> agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
