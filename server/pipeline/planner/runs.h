// What becomes of instances: made, waiting, tried, ended, run again
// (DATAPIPELINE sections 2.4 to 2.8, 5, 6.6 to 6.9 and 7).
//
// An attempt is a task of the broker's that is tried once. The tries are
// counted here, since what follows from a failure is more than another try.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/broker/broker.h"
#include "server/broker/update.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/planner/exhaustion.h"
#include "server/pipeline/planner/run_agenda.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/run_index.h"
#include "server/pipeline/planner/run_view.h"

namespace holdline {

// Returns what a task is stored with, so that a runner can be told of it: the
// first object is the attempt.
using EncodeTask = std::function<std::string(
    const std::string& pipeline_id, absl::Span<const PipelineObject> objects)>;

// Why those were cancelled that are run when their pipeline goes on.
inline constexpr absl::string_view kDeactivatedReason =
    "The pipeline was deactivated.";

// Why tasks are withdrawn.
inline constexpr absl::string_view kOfferedAgain =
    "It is offered again when its pipeline goes on.";
inline constexpr absl::string_view kMachineLost =
    "The resource that it runs on has failed.";

// Not thread-safe. What it is given is not owned and outlives it.
//
// What follows from a call is noted, and drawn by WorkOff, step by step: a
// chain of any length takes time by its length, and no more of the stack.
class Runs {
 public:
  Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
       EncodeTask encode, ReadInstance read);

  // Takes up what is live, once.
  void Restore(absl::Time now);

  void SetNow(absl::Time now) { now_ = now; }

  // Draws what follows from the calls since the last one, all of it: only then
  // is a batch to be taken.
  void WorkOff();

  // Makes the instance of a component for an interval, and starts it if nothing
  // hinders it. Earlier than `skip_before` it is skipped.
  void Make(const Pipeline& pipeline, const Component& component,
            const Interval& interval);

  // Comes to an interval for the second time: what was cancelled with its
  // pipeline is run after all (section 3.5).
  void TakeUp(const Pipeline& pipeline, const Component& component,
              const Interval& interval);

  // Makes a run of everything, on demand (section 6.4).
  void MakeRun(const Pipeline& pipeline, absl::Time start);

  // Follows what has become of a task. Returns the pipeline that it concerned,
  // if it did one.
  std::optional<PipelineNumber> Observe(const Update& update);

  // The instance whose task the fact is about, if it is one's.
  std::optional<InstanceKey> Concerned(const Update& update) const;

  void OnLimit(RunDeadlineKind kind, const InstanceKey& key);

  // Starts what could not start because its pipeline or component was stopped,
  // and forgets to wait for what a new definition no longer brings.
  void Resume(PipelineNumber pipeline);

  // Takes back what is offered and nobody has taken, of some components of a
  // pipeline and what guards them.
  void Freeze(PipelineNumber pipeline,
              const absl::btree_set<ComponentNumber>& components);

  // Cancels everything that is live, with no consequences for each other.
  void CancelAll(PipelineNumber pipeline, absl::string_view reason);

  // Finishes what has nothing left to run, where no instance's end would.
  void CheckExhausted(PipelineNumber pipeline);

  // Steers instances (section 3.13), which must exist, all at once: what
  // follows from the one does not come before the other.
  void Cancel(absl::Span<const InstanceKey> keys, const std::string& reason);
  void MarkFinished(absl::Span<const InstanceKey> keys);
  void Rerun(absl::Span<const InstanceKey> keys);

  // Lets go of the tasks of a pipeline that is deleted.
  void Forget(PipelineNumber pipeline);
  // Hands out what has become ready since the last call.
  void HandOut();
  bool HasToHandOut() const { return !fed_.empty(); }
  const RunView& view() const { return view_; }
  const RunIndex& index() const { return index_; }
  int64_t looked_up() const { return view_.looked_up(); }

 private:
  const PipelinesState& state() const { return ledger_->state(); }

  // Records how an instance is from now on.
  void Put(Instance next);
  void AfterSkip(const Instance& skipped);
  void StrikeOff(const InstanceKey& key, absl::Span<const InstanceKey> off);
  void WaitFor(const InstanceKey& key,
               absl::Span<const InstanceKey> dependencies);
  void ForgetWhatNeverComes(const InstanceKey& key);

  // Goes on with one that waits, as far as it can.
  void GoOn(const InstanceKey& key);
  void GoOnWithMachine(const Instance& machine);
  bool AwaitPreconditions(const Instance& instance);
  void MakePrecondition(const Instance& owner, const Component& precondition);
  void FillPlaces(const ComponentKey& component);
  bool FillPlace(const ComponentKey& component);
  void TakeBack(const InstanceKey& key, RunStatus status,
                absl::string_view reason);
  void Watch(const Instance& instance);
  void Unwatch(const Instance& instance);
  void OnLate(const InstanceKey& key);
  void OnUnmet(const InstanceKey& key);
  void OnStartUp(const InstanceKey& key);

  // Whether the machine that an instance runs on is there, or on its way. If it
  // is not, the instance is made to wait or ended.
  bool HasMachine(const InstanceKey& key);
  bool BringUp(const Instance& machine);
  bool HasPlace(const Instance& machine);
  void StartMachine(const InstanceKey& key);
  void ReleaseMachine(const Instance& user);
  void EndIfNotNeeded(const InstanceKey& machine);
  void LoseMachine(const Instance& machine);

  // Tries.
  void StartAttempt(const InstanceKey& key, absl::Time not_before);
  void TryAgain(const InstanceKey& key, absl::Time not_before);
  void Offer(const Instance& instance, Attempt attempt);
  TaskId Submit(const Instance& instance, const Attempt& attempt,
                std::string payload);
  std::string RouteOf(const Instance& instance) const;
  void EndAttempt(const Instance& instance, RunStatus status, Failure failure,
                  std::string reason);
  void OnLeased(const InstanceKey& key, const Lease& lease);
  void OnDelayEnded(const InstanceKey& key, absl::Time at);
  void OnReturned(const InstanceKey& key);
  void OnMachineUp(const InstanceKey& machine);
  void FailAttempt(const InstanceKey& key, Failure failure);
  void FailForGood(const InstanceKey& key, Failure failure);
  void Recheck(const InstanceKey& key);

  // Ends. What follows comes with AfterEnd.
  void End(const InstanceKey& key, RunStatus status, Failure failure = {},
           std::string reason = {});
  void AfterEnd(const Instance& ended);
  Instance Close(const InstanceKey& key, RunStatus status, Failure failure,
                 std::string reason);
  void NoteHealth(const Instance& ended);
  void NotePipelineHealth(const Pipeline& pipeline);
  void Release(const InstanceKey& key);
  void Cascade(const Instance& failed);
  void CascadeFail(const InstanceKey& key,
                   absl::Span<const InstanceKey> failed);
  void CancelPreconditions(const Instance& owner);
  void Fire(const Instance& instance, absl::Span<const std::string> actions);
  void Reopen(Instance instance, bool by_hand);

  PipelineLedger* const ledger_;
  Broker* const broker_;
  RunDeadlines* const deadlines_;
  const EncodeTask encode_;
  const RunView view_;
  absl::Time now_;
  RunIndex index_;
  RunAgenda agenda_;
  Exhaustion exhaustion_;

  // The worker groups that got tasks since the last HandOut.
  absl::btree_set<GroupKey> fed_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_
