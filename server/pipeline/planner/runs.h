// The runs of all pipelines: the parts that decide about them, and the order in
// which what follows is drawn (DATAPIPELINE sections 2.4 to 2.8, 5, 6.6 to 6.9
// and 7).
//
//   LiveRuns <- Endings <- Attempts <- Resources, Cascade <- Slots
//                       <- Making <- Orders
//                       <- Steering
//
// Each knows those to its left. What one of them decides and another has to
// follow is noted on the agenda of the pipeline, and drawn here, step by step.

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

// Not thread-safe. What it is given is not owned and outlives it.
//
// What follows from a call is noted, and drawn by WorkOff, which may stop after
// any step: a batch that is taken then is one from which a restart goes on.
class Runs {
 public:
  Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
       IntervalDeadlines* intervals, EncodeTask encode, ReadInstance read);

  Runs(const Runs&) = delete;
  Runs& operator=(const Runs&) = delete;

  // Takes up what is live, once, and draws what was left to be drawn.
  void Restore(absl::Time now);

  void SetNow(absl::Time now) { live_.SetNow(now); }

  // Draws what is left of a pipeline, at most `steps_max` steps. Returns how
  // many it took.
  int WorkOff(PipelineNumber pipeline, int steps_max);

  // Whether anything is left of a pipeline, and of any; and which of these has
  // its turn after another. REQUIRES: HasLeft().
  bool IsBusy(PipelineNumber pipeline) const;
  bool HasLeft() const { return !agendas_.empty(); }
  PipelineNumber NextBusy(PipelineNumber after) const {
    return agendas_.After(after);
  }

  // Follows what has become of a task. Returns the pipeline that it concerned,
  // if it did one.
  std::optional<PipelineNumber> Observe(const Update& update);

  // The instance whose task the fact is about, if it is one's.
  std::optional<InstanceKey> Concerned(const Update& update) const;

  void OnLimit(RunDeadlineKind kind, const InstanceKey& key);

  // Notes that the live instances of a pipeline are to be looked at anew: what
  // was stopped may go on, what is stopped now is not to, and nobody waits for
  // what a new definition no longer brings.
  void Review(PipelineNumber pipeline) { agendas_.Of(pipeline).AddReview(); }

  // Finishes a component that has nothing left to run, where no instance's end
  // would; with it the pipeline, if that has nothing left either.
  void CheckExhausted(const ComponentKey& component) {
    exhaustion_.Note(component);
  }

  Making& making() { return making_; }
  Orders& orders() { return orders_; }
  Steering& steering() { return steering_; }

  // Hands out what has become ready since the last call.
  void HandOut() { attempts_.HandOut(); }
  bool HasToHandOut() const { return attempts_.HasToHandOut(); }

  const RunView& view() const { return live_.view(); }
  const RunIndex& index() const { return live_.index(); }

 private:
  // Does the most pressing of what is left. Returns false if that is nothing.
  bool DoNext(PipelineNumber pipeline, RunAgenda* agenda);
  void ReviewNext(PipelineNumber pipeline, RunAgenda* agenda);
  void ReviewOne(const InstanceKey& key, RunAgenda* agenda);
  void TellNext(EndedRun* ended, RunAgenda* agenda);
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
