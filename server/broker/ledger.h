// The ledger: the only way to change the broker's state.
//
// All other code sees `const State&`. Record applies an update to the state and
// adds it to the batch of the next commit, so memory and disk cannot diverge.

#ifndef HOLDLINE_SERVER_BROKER_LEDGER_H_
#define HOLDLINE_SERVER_BROKER_LEDGER_H_

#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "absl/types/span.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/update.h"

namespace holdline {

// Not thread-safe.
class Ledger {
 public:
  // Continues from a stored state.
  explicit Ledger(State state) : state_(std::move(state)) {}

  const State& state() const { return state_; }

  // Returns the task, or null if it is not live: unknown, or ended in an
  // earlier batch.
  const Task* Find(TaskId id) const;

  // Applies an update. REQUIRES: it fits the state. An update of a task that is
  // not live, or a second submission of one, is a bug.
  void Record(Update update);

  // Returns the rows of the updates since the last call, and removes the tasks
  // that ended in them from the state.
  Batch TakeBatch();

  // Returns the updates since the last TakeBatch, in order.
  absl::Span<const Update> updates() const { return batch_.updates; }

  // Whether there is anything to be stored.
  bool dirty() const { return !batch_.updates.empty(); }

 private:
  void Apply(TaskSubmitted& update);
  void Apply(const TaskLeased& update);
  void Apply(const ProgressReported& update);
  void Apply(const LeaseReturned& update);
  void Apply(const AttemptFailed& update);
  void Apply(const TaskFinished& update);
  void Apply(const TaskCanceled& update);
  void Apply(const TaskRetried& update);
  void Apply(const DelayEnded& update);
  void Apply(const GroupChanged& update);
  void Apply(const RunnerChanged& update);
  void Apply(const RunnerForgotten& update);
  void Apply(const RequestRemembered& update);
  void Apply(const RequestForgotten& update);

  // The state of a live task, which the batch will store.
  TaskState& Change(TaskId id);

  State state_;
  Batch batch_;

  // The tasks of `batch_.changed_tasks`, whose rows are filled in at the end.
  absl::flat_hash_set<TaskId> changed_;

  // The accounts of `batch_.accounts`, likewise.
  absl::flat_hash_set<AccountId> counted_;

  // The runners that were recorded or forgotten: in one batch a runner may be
  // both, one after the other.
  absl::btree_set<RunnerKey> changed_runners_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_LEDGER_H_
