// The deadlines at which components make the instances of their next intervals.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_INTERVAL_DEADLINES_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_INTERVAL_DEADLINES_H_

#include "absl/time/time.h"
#include "server/pipeline/model/state.h"
#include "server/pipeline/planner/run_deadlines.h"

namespace holdline {

// Not thread-safe. The deadlines are not owned and outlive it.
class IntervalDeadlines {
 public:
  explicit IntervalDeadlines(RunDeadlines* deadlines) : deadlines_(deadlines) {}

  // Sets the deadline of a component from its record, if the pipeline is active
  // and the schedule has a next interval. An overdue interval is due at `now`:
  // it queues behind what is due already, so that pipelines take turns.
  void Set(const Pipeline& pipeline, const Component& component,
           absl::Time now);

  // Sets the deadlines of all components of a pipeline.
  void SetAll(const Pipeline& pipeline, absl::Time now);

 private:
  RunDeadlines* const deadlines_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_INTERVAL_DEADLINES_H_
