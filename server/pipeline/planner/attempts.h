// The attempts of instances and their retries (DATAPIPELINE sections 5.1, 5.5,
// 6.9 and 7).
//
// Each attempt is a task of the broker with one attempt of its own. Retries are
// counted here, not by the broker, because the instance, its resource and its
// dependents have to follow each failure.

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

// Returns the payload of a task from the objects for the runner; the first
// object is the attempt.
using EncodeTask = std::function<std::string(
    const std::string& pipeline_id, absl::Span<const PipelineObject> objects)>;

// The reasons of withdrawn tasks.
inline constexpr absl::string_view kOfferedAgain =
    "It is offered again when its pipeline goes on.";
inline constexpr absl::string_view kResourceLost =
    "The resource that it runs on has failed.";

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Attempts {
 public:
  Attempts(LiveRuns* runs, Broker* broker, Endings* endings,
           RunAgendas* agendas, EncodeTask encode);

  // Begins the next attempt of an instance that waits for nothing. Its task is
  // submitted at once if the instance may start, and handed out from
  // `not_before` on.
  void Start(const InstanceKey& key, absl::Time not_before);

  // Submits the task of the present attempt if the instance may start and has
  // no task; withdraws it if the instance may not start. Leased tasks are left
  // alone.
  void OfferOrTakeBack(const InstanceKey& key);

  // Withdraws the task of an instance and sets its status to `status`. With
  // kWaitingOnDependencies, its dependencies are determined anew.
  void TakeBack(const InstanceKey& key, RunStatus status,
                absl::string_view reason);

  // Events of the task of a live instance.
  void OnLeased(const InstanceKey& key, const Lease& lease);
  void OnDelayEnded(const InstanceKey& key, absl::Time at);
  void OnReturned(const InstanceKey& key);
  void OnFailed(const InstanceKey& key, FailureCause cause,
                const Failure& failure);

  // Ends the attempt as failed: a retry begins after the delay, or the instance
  // has failed if it has no retry left.
  void Fail(const InstanceKey& key, const Failure& failure);

  // The deadline at which a false precondition fails has passed.
  void OnUnmet(const InstanceKey& key);

  // Hands out the tasks that became ready since the last call.
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
