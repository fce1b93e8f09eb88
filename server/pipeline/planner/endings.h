// The ends of runs: their rows, the task that is withdrawn, the actions that
// are triggered, the health that is reported (DATAPIPELINE sections 2.4, 2.8
// and 11).
//
// What an end means for other runs is noted on the agenda. In the same step end
// only the preconditions that guard the run, and a resource that is not to
// outlive it: a restart could not tell these from others.

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

// As what a run or an attempt ends, and why.
struct RunEnd {
  RunStatus status{};
  Failure failure = {};
  std::string reason = {};
};

// Not thread-safe. What it is given is not owned and outlives it.
class Endings {
 public:
  Endings(LiveRuns* runs, Broker* broker, RunAgendas* agendas,
          Exhaustion* exhaustion);

  // Ends a live instance with all that follows from it; nothing happens to one
  // that has ended.
  void End(const InstanceKey& key, RunEnd end);

  // Ends a live instance alone: no action, and nothing follows for others.
  void EndAlone(const InstanceKey& key, const RunEnd& end);

  // Ends the present attempt of an instance, if it has not ended. The instance
  // stays as it is.
  void EndAttempt(const InstanceKey& key, const RunEnd& end);

  // Notes what one means for others that is passed over: it was skipped, or has
  // ended before, and will not be run again as they reckoned.
  void NotePassed(const Instance& ended);

  // Notes that what one was to run on may not be needed any more, and its
  // component have nothing left to run.
  void NoteIdle(const Instance& user);

  // Sets off the actions of these ids, as seen from an instance.
  void SetOff(const InstanceKey& key, absl::Span<const std::string> actions);

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
