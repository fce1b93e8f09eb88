// The live runs of all pipelines: their rows in the ledger, and what is derived
// from these (index and deadlines), changed together.
//
// Below all who decide about runs: nobody else changes an instance, an attempt,
// or what is derived from them.

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

// Not thread-safe. What it is given is not owned and outlives it. References to
// instances stay valid until the ledger's next batch.
class LiveRuns {
 public:
  LiveRuns(PipelineLedger* ledger, RunDeadlines* deadlines, ReadInstance read);

  LiveRuns(const LiveRuns&) = delete;
  LiveRuns& operator=(const LiveRuns&) = delete;

  // Derives everything from what the ledger has, once.
  void Restore();

  absl::Time now() const { return now_; }
  void SetNow(absl::Time now) { now_ = now; }

  PipelineLedger& ledger() const { return *ledger_; }
  const PipelinesState& state() const { return ledger_->state(); }
  const RunView& view() const { return view_; }
  const RunIndex& index() const { return index_; }

  // Adds an instance that is new, or comes back after it has ended. It may be
  // one that is SKIPPED at once.
  void Add(Instance instance);

  // Brings back one that has ended, to be run anew by the active definition
  // (DATAPIPELINE section 5.6). It waits for nothing yet.
  void Reopen(Instance ended, bool by_hand);

  // Changes a live instance; not what it waits for. One that no longer waits
  // waits for nothing.
  void Edit(const InstanceKey& key, absl::FunctionRef<void(Instance&)> change);

  // Changes the list of what a live instance waits for.
  void SetWaitingOn(const InstanceKey& key,
                    std::vector<InstanceKey> dependencies);
  void AddWaitingOn(const InstanceKey& key,
                    absl::Span<const InstanceKey> dependencies);
  void StrikeOff(const InstanceKey& key, absl::Span<const InstanceKey> off);

  // The present attempt of an instance; null if there is none, or it has ended.
  const Attempt* AttemptOf(const InstanceKey& key) const;
  void Add(Attempt attempt);
  void EditAttempt(const InstanceKey& key,
                   absl::FunctionRef<void(Attempt&)> change);

  // Notes one that lacks nothing but a place.
  void AddReady(const InstanceKey& key) { index_.AddReady(key); }

  // Sets or takes back the deadlines of an instance as it is.
  void Watch(const InstanceKey& key);
  void Unwatch(const InstanceKey& key);

  // Forgets what is derived from one whose pipeline is deleted.
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
