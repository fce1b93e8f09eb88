// The runs of all pipelines: the classes that decide about instances, and the
// order in which consequences are worked off (DATAPIPELINE sections 2.4 to 2.8,
// 5, 6.6 to 6.9 and 7).
//
//   LiveRuns <- Endings <- Attempts <- Resources, Cascade <- Slots
//                       <- Making <- Orders
//                       <- Steering
//
// Each class calls those to its left only. A decision of one that another has
// to follow is noted on the agenda of the pipeline, and worked off by Runs.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_

#include <optional>

#include "absl/time/time.h"
#include "server/broker/broker.h"
#include "server/broker/update.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/cascade.h"
#include "server/pipeline/planner/endings.h"
#include "server/pipeline/planner/exhaustion.h"
#include "server/pipeline/planner/interval_deadlines.h"
#include "server/pipeline/planner/live_runs.h"
#include "server/pipeline/planner/making.h"
#include "server/pipeline/planner/orders.h"
#include "server/pipeline/planner/resources.h"
#include "server/pipeline/planner/run_agenda.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/slots.h"
#include "server/pipeline/planner/steering.h"

namespace holdline {

// Not thread-safe. The constructor's arguments are not owned and outlive it.
//
// Each call notes its consequences; WorkOff works them off, and may stop after
// any step: a restart continues from the batch that is taken then.
class Runs {
 public:
  Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
       IntervalDeadlines* intervals, EncodeTask encode, ReadInstance read);

  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  // Takes up the live instances, once, and works off all agendas.
  void Restore(absl::Time now);

  void SetNow(absl::Time now) { live_.SetNow(now); }

  // Works off the agenda of a pipeline, at most `steps_max` steps. Returns the
  // number of steps taken.
  int WorkOff(PipelineNumber pipeline, int steps_max);

  // Whether a pipeline has an agenda; whether any has; and the pipeline with an
  // agenda whose turn is after another. REQUIRES: HasLeft().
  bool IsBusy(PipelineNumber pipeline) const;
  bool HasLeft() const { return !agendas_.empty(); }
  PipelineNumber NextBusy(PipelineNumber after) const {
    return agendas_.After(after);
  }

  // Applies an update of a task to its instance. Returns the pipeline of the
  // instance, if the task is one of an instance.
  std::optional<PipelineNumber> Observe(const Update& update);

  // The instance whose task the update is about, if there is one.
  std::optional<InstanceKey> Concerned(const Update& update) const;

  void OnLimit(RunDeadlineKind kind, const InstanceKey& key);

  // Notes that the live instances of a pipeline are to be reviewed: attempts
  // may be offered or have to be withdrawn, and dependencies that a new
  // definition no longer has are struck off.
  void Review(PipelineNumber pipeline) { agendas_.Of(pipeline).AddReview(); }

  // Notes a component that may have nothing left to run without the end of an
  // instance; the component, and its pipeline likewise, are then finished.
  void CheckExhausted(const ComponentKey& component) {
    exhaustion_.Note(component);
  }

  Making& making() { return making_; }
  Orders& orders() { return orders_; }
  Steering& steering() { return steering_; }

  // Hands out the tasks that became ready since the last call.
  void HandOut() { attempts_.HandOut(); }
  bool HasToHandOut() const { return attempts_.HasToHandOut(); }

  const RunView& view() const { return live_.view(); }
  const RunIndex& index() const { return live_.index(); }

 private:
  // Does the most urgent step of an agenda. Returns false if it is empty.
  bool DoNext(PipelineNumber pipeline, RunAgenda* agenda);
  void ReviewNext(PipelineNumber pipeline, RunAgenda* agenda);
  void ReviewOne(const InstanceKey& key, RunAgenda* agenda);
  void PropagateEnd(EndedRun* ended, RunAgenda* agenda);
  void OnLate(const InstanceKey& key);
  void CheckAllExhausted(const Pipeline& pipeline);

  LiveRuns live_;
  RunAgendas agendas_;
  Exhaustion exhaustion_;
  Endings endings_;
  Attempts attempts_;
  Resources resources_;
  Cascade cascade_;
  Slots slots_;
  Making making_;
  Orders orders_;
  Steering steering_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUNS_H_
