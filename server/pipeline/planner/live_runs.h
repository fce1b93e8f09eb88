// The live instances of all pipelines: their rows in the ledger, and the index
// and deadlines that are derived from them, changed together.
//
// The only class that changes an instance, an attempt, or what is derived from
// them; all that decide about instances call it.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_LIVE_RUNS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_LIVE_RUNS_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/run_index.h"
#include "server/pipeline/planner/run_view.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
// References to instances stay valid until the next batch of the ledger.
class LiveRuns {
 public:
  LiveRuns(PipelineLedger* ledger, RunDeadlines* deadlines, ReadInstance read);

  LiveRuns(const LiveRuns&) = delete;
  LiveRuns& operator=(const LiveRuns&) = delete;

  // Builds the index from the state of the ledger, once.
  void Restore();

  absl::Time now() const { return now_; }
  void SetNow(absl::Time now) { now_ = now; }

  PipelineLedger& ledger() const { return *ledger_; }
  const PipelinesState& state() const { return ledger_->state(); }
  const RunView& view() const { return view_; }
  const RunIndex& index() const { return index_; }

  // Adds an instance that is new, or live again after its end. An instance that
  // is SKIPPED may be added as ended.
  void Add(Instance instance);

  // Reopens an ended instance, to be run anew by the active definition
  // (DATAPIPELINE section 5.6); `by_hand` makes it a rerun, which uses no slot.
  // Its list of dependencies must be set by the caller.
  void Reopen(Instance ended, bool by_hand);

  // Changes a live instance, but not its dependencies. An instance that leaves
  // the status kWaitingOnDependencies loses its list.
  void Edit(const InstanceKey& key, absl::FunctionRef<void(Instance&)> change);

  // Changes the dependencies that a live instance waits for.
  void SetWaitingOn(const InstanceKey& key,
                    std::vector<InstanceKey> dependencies);
  void AddWaitingOn(const InstanceKey& key,
                    absl::Span<const InstanceKey> dependencies);
  void StrikeOff(const InstanceKey& key, absl::Span<const InstanceKey> off);

  // The present attempt of an instance; null if it has none, or the attempt has
  // ended.
  const Attempt* AttemptOf(const InstanceKey& key) const;
  void Add(Attempt attempt);
  void EditAttempt(const InstanceKey& key,
                   absl::FunctionRef<void(Attempt&)> change);

  // Notes an instance that waits for nothing but a slot.
  void AddReady(const InstanceKey& key) { index_.AddReady(key); }

  // Sets or removes the deadlines of an instance in its present status.
  void Watch(const InstanceKey& key);
  void Unwatch(const InstanceKey& key);

  // Removes an instance from index and deadlines; its pipeline is deleted.
  void Forget(const InstanceKey& key);

 private:
  PipelineLedger* const ledger_;
  RunDeadlines* const deadlines_;
  RunIndex index_;
  const RunView view_;
  absl::Time now_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_LIVE_RUNS_H_
