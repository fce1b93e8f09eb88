// The agenda: work lists of the consequences that are still to be drawn from
// what has happened to runs, so that however long a chain is, none of it is on
// the stack.
//
// Those who decide about runs note here what is to be looked at, and do not
// call each other. Each entry is one that a restart finds again from the rows
// (see Runs::Restore), so that the drawing may stop between any two steps.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "server/broker/task.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"

namespace holdline {

// A run that has ended, of which those are told one by one who have to do with
// it.
struct EndedRun {
  InstanceKey key;
  RunStatus status{};
  Failure failure = {};

  // Who is told next: the activities on a resource, then its preconditions,
  // then whoever waits; and the last of these who was.
  enum class Audience { kActivities, kPreconditions, kWaiting };
  Audience audience = Audience::kWaiting;
  std::optional<InstanceKey> last = {};

  // What those fail by who fail by it, once it was looked up.
  std::vector<InstanceKey> chain = {};
};

// The walk through the live instances of a pipeline that are all cancelled.
struct CancellationWalk {
  std::optional<InstanceKey> last = {};
};

// An instance that is run again, and how far those that depend on it were
// looked at: the version of the workflow, and the place in its list.
struct SpreadingRerun {
  InstanceKey key;
  int version = 0;
  size_t place = 0;
};

// A run on demand: when it started, and how many components were looked at.
struct RunToMake {
  absl::Time start;
  size_t done = 0;
};

// What is left of one pipeline. Not thread-safe.
class RunAgenda {
 public:
  // An instance and what it no longer waits for.
  struct Struck {
    InstanceKey waiting;
    std::vector<InstanceKey> off;
  };

  // Notes that the pipeline's record has an order that is to be carried out.
  void AddOrder() { order_.emplace(); }
  std::optional<CancellationWalk>& order() { return order_; }

  // Notes an instance that is run again, or how much further that reaches. The
  // first of them, or null, is removed when all that depend on it were looked
  // at: those that may still be reached are the last.
  void AddSpreading(const InstanceKey& key, RerunReach reach);
  SpreadingRerun* FirstSpreading();
  void RemoveSpreading() { spreading_.erase(spreading_.begin()); }

  // Notes a run on demand whose instances are to be made.
  void AddRun(absl::Time start) { run_.emplace(RunToMake{start}); }
  std::optional<RunToMake>& run() { return run_; }

  // Notes that all live instances are to be looked at anew, from the earliest
  // on.
  void AddReview();
  const std::optional<std::optional<InstanceKey>>& review() const {
    return review_;
  }
  void SetReviewed(const InstanceKey& key) { review_ = key; }
  void FinishReview() { review_.reset(); }

  // Notes a component that may have a place for one that is ready.
  void AddPlace(ComponentNumber component) { places_.insert(component); }
  std::optional<ComponentNumber> TakePlace();

  // Notes one that has ended. The first of them, or null, is removed when all
  // were told.
  void AddEnded(EndedRun ended) { ended_.push_back(std::move(ended)); }
  EndedRun* FirstEnded() { return ended_.empty() ? nullptr : &ended_.front(); }
  void RemoveEnded() { ended_.pop_front(); }

  // Notes one that may go on, once however often it is said.
  void AddCandidate(const InstanceKey& key);
  std::optional<InstanceKey> TakeCandidate();

  // Notes that `waiting` no longer waits for `key`. Returns how much has been
  // struck off its list.
  size_t Strike(const InstanceKey& waiting, const InstanceKey& key);

  // What was struck off one list; and of any list.
  std::vector<InstanceKey> TakeStruck(const InstanceKey& waiting);
  std::optional<Struck> TakeStruck();

  // Notes a resource that may not be needed any more. That is asked when
  // nothing else is left, since what follows may still need it.
  void AddIdleResource(const InstanceKey& resource) { idle_.insert(resource); }
  std::optional<InstanceKey> TakeIdleResource();

  bool empty() const {
    return !order_.has_value() && spreading_.empty() && !run_.has_value() &&
           !review_.has_value() && places_.empty() && ended_.empty() &&
           candidates_.empty() && struck_.empty() && idle_.empty();
  }

 private:
  std::optional<CancellationWalk> order_;

  // By whether they may still be reached and by key, so that a restart goes on
  // in the same order.
  absl::btree_map<std::pair<bool, InstanceKey>, SpreadingRerun> spreading_;

  std::optional<RunToMake> run_;

  // Absent if there is none to be done; in it, the last that was looked at.
  std::optional<std::optional<InstanceKey>> review_;

  absl::btree_set<ComponentNumber> places_;
  std::deque<EndedRun> ended_;
  std::deque<InstanceKey> candidates_;
  absl::flat_hash_set<InstanceKey> is_candidate_;
  absl::btree_map<InstanceKey, std::vector<InstanceKey>> struck_;
  absl::btree_set<InstanceKey> idle_;
};

// The agendas of all pipelines that have anything left. Not thread-safe.
class RunAgendas {
 public:
  // The agenda of a pipeline, for something to be noted. References stay valid
  // until it is settled.
  RunAgenda& Of(PipelineNumber pipeline) { return agendas_[pipeline]; }

  // The agenda of a pipeline; null if nothing is left of it.
  RunAgenda* Find(PipelineNumber pipeline);
  const RunAgenda* Find(PipelineNumber pipeline) const;

  // Lets go of an agenda if it is empty.
  void Settle(PipelineNumber pipeline);

  bool empty() const { return agendas_.empty(); }

  // The pipeline whose turn is after that of another. REQUIRES: not empty().
  PipelineNumber After(PipelineNumber pipeline) const;

 private:
  std::map<PipelineNumber, RunAgenda> agendas_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
