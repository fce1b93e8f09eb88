// The planner: a state machine that decides when pipelines run what.
//
// It works beside the broker, whose tasks its attempts are, and shares its
// transactions: a task's end and that of its instance are one commit. What
// follows for other instances is drawn in steps, of which a turn does so many;
// the rest comes with later turns, after a restart too. Pure: time and chance
// are arguments. What has ended is looked up by key where it is needed.
//
// What holds after every call, for a pipeline of which nothing is left to be
// drawn:
//  1. An instance runs only when all that it depends on allows it.
//  2. Attempts never exceed the tries, but for preconditions that are false.
//  3. A live instance has a task, or a reason to wait: what it waits for, a
//     place, or a pipeline or component that is stopped.
//  4. The census is what one gets by counting.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/broker.h"
#include "server/broker/ids.h"
#include "server/broker/update.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/model/reply.h"
#include "server/pipeline/planner/draft.h"
#include "server/pipeline/planner/interval_deadlines.h"
#include "server/pipeline/planner/planner_options.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/runs.h"

namespace holdline {

// Not thread-safe. `now` is the calendar, which may be set back at times.
class Planner {
 public:
  // Goes on from what is on disk, at `now`. The broker is not owned, outlives
  // the planner, and has the tasks that are on disk with the rows.
  Planner(const PlannerOptions& options, PipelineRows rows, Broker* broker,
          PlannerSurroundings surroundings, absl::Time now);

  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  // Decides a command. One about a whole pipeline waits until what happened in
  // it before is drawn, and is answered when what follows from it is.
  void Handle(CallId call, PipelineCommand command, absl::Time now);

  // Goes on with what is left, pipelines in turns, and then does what is due at
  // `now`, at most `deadlines_max` things.
  void Advance(absl::Time now, int deadlines_max);

  // Follows what has become of a task. `update` must outlive changes of the
  // broker's; Concerns tells whether it is worth a copy.
  void Observe(const Update& update, absl::Time now);
  bool Concerns(const Update& update) const {
    return runs_.Concerned(update).has_value();
  }

  // Whether the runners of a worker group are to exit: it is that of a resource
  // which has ended, or whose pipeline is deleted (DATAPIPELINE section 3.17).
  bool HasResourceEnded(const GroupKey& group) const;

  // Lets the broker hand out what became ready.
  void HandOut() { runs_.HandOut(); }
  bool HasToHandOut() const { return runs_.HasToHandOut(); }

  // When Advance is to be called again; infinite future if never, infinite past
  // if something is left.
  absl::Time NextDeadline() const {
    return HasLeft() ? absl::InfinitePast() : deadlines_.Next();
  }

  // Whether anything is left to be drawn, or to be decided after that; and
  // whether commands are held for that, or for a draft.
  bool HasLeft() const;
  bool HasHeld() const { return !waiting_.empty() || !in_judgement_.empty(); }

  // Ends a turn: returns what has come of the calls since the last one. Whether
  // anything has been done in it.
  PlannerOutput TakeOutput();
  bool HasOutput() const {
    return ledger_.dirty() || !replies_.empty() || !drafts_.empty() ||
           steps_left_ < options_.steps_per_turn;
  }

  const PipelinesState& state() const { return ledger_.state(); }

  // What was done so far: facts recorded and instances looked up.
  int64_t work() const { return ledger_.recorded() + runs_.view().looked_up(); }

  // Looks at everything and returns the invariant that does not hold, if any.
  absl::Status CheckInvariants() const;

 private:
  using UniqueKey = std::tuple<AccountId, std::string, std::string>;

  void On(CallId call, CreatePipeline create);
  void On(CallId call, PutDefinition put);
  void On(CallId call, ActivatePipeline activate);
  void On(CallId call, DeactivatePipeline deactivate);
  void On(CallId call, DeletePipeline erase);
  void On(CallId call, ChangeObjects change);
  void On(CallId call, ChangeTags change);
  void On(CallId call, NotificationTried tried);
  void On(CallId call, CountPipelines count);
  void On(CallId call, DraftJudged judged);

  // Answers now, or when what follows in the pipeline is drawn.
  void Answer(CallId call, PipelineReply what);
  void AnswerWhenDrawn(CallId call, PipelineNumber pipeline);

  // The pipeline of a command; null if there is none, which is answered.
  const Pipeline* Known(CallId call, const AccountId& account,
                        const std::string& id, const Reach& reach);

  // Whether a command to a pipeline has to wait; and lets it wait.
  bool IsHeld(const Pipeline& pipeline) const;
  void Hold(CallId call, const Pipeline& pipeline, PipelineCommand command);
  void DecideWaiting();

  // Draws what follows from something in a pipeline, as far as this turn may.
  void Conclude(PipelineNumber pipeline);
  void WorkOffLeft();

  // Once all that is left of a pipeline is drawn, finishes what was to wait for
  // that: that nothing runs any more, a deletion, and answers.
  void Settle(PipelineNumber pipeline);
  void SettleDrained(const Pipeline& pipeline);

  // Indexes a pipeline that has come, or that goes.
  void Learn(const PipelineRecord& record);
  void Forget(const PipelineRecord& record);

  // A draft of a definition, to be judged as the pipeline is now; and what is
  // decided by the result.
  Draft DraftOf(CallId call, const Pipeline& pipeline) const;
  void GiveOut(Draft draft);
  void Save(const Pipeline& pipeline, DraftJudged judged);
  void Activate(const Pipeline& pipeline, DraftJudged judged);
  void SaveValues(const Pipeline& pipeline, SharedDefinition definition);

  absl::Status ChangeComponents(const Pipeline& pipeline,
                                const ChangeObjects& change);
  absl::Status ChangeInstances(const Pipeline& pipeline,
                               const ChangeObjects& change);
  std::optional<InstanceKey> FindInstance(const Pipeline& pipeline,
                                          absl::string_view id) const;
  void MakeNext(PipelineNumber number, ComponentNumber component);
  // What of the invariants does not hold of a live instance, if any.
  std::string WrongWith(const Instance& instance) const;
  std::string WrongWithTask(const Instance& instance) const;
  std::string WrongWithWaiting(const Instance& instance) const;
  absl::Status CheckIndex() const;
  const PlannerOptions options_;
  const PlannerSurroundings surroundings_;
  absl::Time now_;
  PipelineLedger ledger_;
  Broker* const broker_;
  RunDeadlines deadlines_;
  IntervalDeadlines intervals_;
  Runs runs_;

  // Pipelines by what they are called.
  absl::flat_hash_map<std::pair<AccountId, std::string>, PipelineNumber> by_id_;
  absl::flat_hash_map<UniqueKey, PipelineNumber> by_unique_id_;
  absl::flat_hash_map<AccountId, int64_t> counts_;

  // Commands that wait, by pipeline in the order in which they came; and those
  // that are answered when all that is left of their pipeline is drawn.
  std::map<PipelineNumber, std::vector<std::pair<CallId, PipelineCommand>>>
      waiting_;
  absl::flat_hash_map<PipelineNumber, std::vector<CallId>> to_be_told_;

  // Drafts to be given out, and the calls of those that are being judged.
  std::vector<Draft> drafts_;
  absl::flat_hash_map<PipelineNumber, CallId> in_judgement_;

  // Results that wait until all that is left of their pipeline is drawn.
  std::vector<DraftJudged> judged_;

  // The pipeline that had its turn last, and how many steps this turn has left.
  PipelineNumber turn_{};
  int steps_left_ = 0;

  std::vector<PlannerReply> replies_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_
