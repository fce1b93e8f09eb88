// The ends of instances: their rows, the withdrawal of the task, the actions,
// the health of component and pipeline (DATAPIPELINE sections 2.4, 2.8 and 11).
//
// Consequences for other instances are noted on the agenda. Only the
// preconditions that guard the instance, and a resource that ends with it, end
// in the same step: a restart could not tell these from others.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_ENDINGS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_ENDINGS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "server/broker/broker.h"
#include "server/pipeline/planner/exhaustion.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/run_agenda.h"

namespace holdline {

// The final status of an instance or attempt, and the cause.
struct RunEnd {
  RunStatus status{};
  Failure failure = {};
  std::string reason = {};
};

// Not thread-safe. The constructor's arguments are not owned and outlive it.
class Endings {
 public:
  Endings(LiveRuns* runs, Broker* broker, RunAgendas* agendas,
          Exhaustion* exhaustion);

  // Ends a live instance: triggers its actions and notes the consequences.
  // No-op if it has ended.
  void End(const InstanceKey& key, RunEnd end);

  // Ends a live instance without actions and without consequences for others.
  void EndAlone(const InstanceKey& key, const RunEnd& end);

  // Ends the present attempt of an instance, if it is live. The instance does
  // not change.
  void EndAttempt(const InstanceKey& key, const RunEnd& end);

  // Notes on the agenda that an instance has ended or was skipped, for the
  // instances that wait for it.
  void NoteEnded(const Instance& ended);

  // Notes that the resource of an instance may be idle, and that its component
  // may have nothing left to run.
  void NoteIdle(const Instance& user);

  // Triggers the actions of these ids, evaluated for an instance.
  void TriggerActions(const InstanceKey& key,
                      absl::Span<const std::string> actions);

 private:
  using Ends = std::vector<std::pair<InstanceKey, RunEnd>>;

  void AddWhatEndsWith(const Instance& ended, Ends* ends) const;
  void NoteHealth(const Instance& ended);
  void Send(const Instance& instance, const ResolvedObject& alarm);

  LiveRuns* const runs_;
  Broker* const broker_;
  RunAgendas* const agendas_;
  Exhaustion* const exhaustion_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_ENDINGS_H_
