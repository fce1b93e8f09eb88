// The attempts of instances and their retries (DATAPIPELINE sections 5.1, 5.5,
// 6.9 and 7).
//
// An attempt is a task of the broker's that is tried once. The tries are
// counted here, since what follows from a failure is more than another try.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_ATTEMPTS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_ATTEMPTS_H_

#include <functional>
#include <string>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/broker/broker.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// Returns what a task is stored with, so that a runner can be told of it: the
// first object is the attempt.
using EncodeTask = std::function<std::string(
    const std::string& pipeline_id, absl::Span<const PipelineObject> objects)>;

// Why tasks are withdrawn.
inline constexpr absl::string_view kOfferedAgain =
    "It is offered again when its pipeline goes on.";
inline constexpr absl::string_view kResourceLost =
    "The resource that it runs on has failed.";

// Not thread-safe. What it is given is not owned and outlives it.
class Attempts {
 public:
  Attempts(LiveRuns* runs, Broker* broker, Endings* endings,
           RunAgendas* agendas, EncodeTask encode);

  // Begins the next attempt of an instance that lacks nothing. It is offered
  // at once if it may start, and handed out from `not_before` on.
  void Start(const InstanceKey& key, absl::Time not_before);

  // Offers the present attempt if it should be, takes it back if it should not
  // be, and leaves it alone while a runner has it.
  void OfferOrTakeBack(const InstanceKey& key);

  // Takes the task of an instance back, which becomes `status`: to wait, and
  // then for what it lacks now, or to stay as it is.
  void TakeBack(const InstanceKey& key, RunStatus status,
                absl::string_view reason);

  // What has become of the task of a live instance.
  void OnLeased(const InstanceKey& key, const Lease& lease);
  void OnDelayEnded(const InstanceKey& key, absl::Time at);
  void OnReturned(const InstanceKey& key);
  void OnFailed(const InstanceKey& key, FailureCause cause,
                const Failure& failure);

  // The attempt has failed: another one follows after a delay, or the instance
  // has failed with it.
  void Fail(const InstanceKey& key, const Failure& failure);

  // A precondition has been false for as long as it may be.
  void OnUnmet(const InstanceKey& key);

  // Hands out what has become ready since the last call.
  void HandOut();
  bool HasToHandOut() const { return !fed_.empty(); }

 private:
  void StartAgain(const InstanceKey& key, absl::Time not_before);
  void Offer(const InstanceKey& key);
  TaskId Submit(const Instance& instance, std::string group,
                std::string payload);
  void FailForGood(const InstanceKey& key, const Failure& failure);
  void CheckLater(const InstanceKey& key);
  bool IsOffered(const Instance& instance) const;
  bool IsResource(const Instance& instance) const;

  const RunView& view() const { return runs_->view(); }

  LiveRuns* const runs_;
  Broker* const broker_;
  Endings* const endings_;
  RunAgendas* const agendas_;
  const EncodeTask encode_;

  // The worker groups that got tasks since the last HandOut.
  absl::btree_set<GroupKey> fed_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_ATTEMPTS_H_
