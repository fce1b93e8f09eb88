// The planner: a state machine that decides which instances run, and when.
//
// The planner works beside the broker, in the same transactions: each attempt
// is a task of the broker, and the ends of a task and of its instance are one
// commit. Consequences for other instances are noted on the agenda of the
// pipeline and worked off in steps, a bounded number in a turn; a restart
// continues with the rest. Pure: time and random ids are arguments.
//
// Invariants after every call, for a pipeline with an empty agenda:
//  1. An instance runs only when all its dependencies are satisfied.
//  2. An instance never has more failed attempts than its retries and one.
//  3. A live instance has a task, or waits for a dependency or a slot, or its
//     pipeline or component is stopped.
//  4. The census equals the counts of the rows.

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

// Not thread-safe. `now` is calendar time, which may be set back.
class Planner {
 public:
  // Continues from the stored rows, at `now`. The broker is not owned, outlives
  // the planner, and has the tasks that were stored with the rows.
  Planner(const PlannerOptions& options, PipelineRows rows, Broker* broker,
          PlannerSurroundings surroundings, absl::Time now);

  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  // Decides a command. One to a whole pipeline waits for an empty agenda, and
  // is answered when its own consequences are worked off.
  void Handle(CallId call, PipelineCommand command, absl::Time now);

  // Works off agendas, pipelines in turns, and then serves the deadlines due at
  // `now`, at most `deadlines_max`.
  void Advance(absl::Time now, int deadlines_max);

  // Applies an update, which outlives changes of the broker, to the instance
  // whose task it is about. Concerns() is false if there is none.
  void Observe(const Update& update, absl::Time now);
  bool Concerns(const Update& update) const {
    return runs_.Concerned(update).has_value();
  }

  // Whether the runners of a worker group are to exit: its resource has ended,
  // or the pipeline of that is deleted (DATAPIPELINE section 3.17).
  bool HasResourceEnded(const GroupKey& group) const;

  // Lets the broker hand out the tasks that became ready.
  void HandOut() { runs_.HandOut(); }
  bool HasToHandOut() const { return runs_.HasToHandOut(); }

  // When Advance is due; infinite past if something is left, infinite future if
  // nothing is to come.
  absl::Time NextDeadline() const {
    return HasLeft() ? absl::InfinitePast() : deadlines_.Next();
  }

  // Whether an agenda, or a command that can be decided next, is left; and
  // whether commands wait for an agenda or for the judgement of a draft.
  bool HasLeft() const;
  bool HasHeld() const { return !waiting_.empty() || !in_judgement_.empty(); }

  // Ends a turn: returns the rows, replies and drafts since the last call; and
  // whether the turn has any, or has done a step.
  PlannerOutput TakeOutput();
  bool HasOutput() const {
    return ledger_.dirty() || !replies_.empty() || !drafts_.empty() ||
           steps_left_ < options_.steps_per_turn;
  }

  const PipelinesState& state() const { return ledger_.state(); }

  // The work done since construction: facts recorded and instances looked up.
  int64_t work() const { return ledger_.recorded() + runs_.view().looked_up(); }

  // Returns the first invariant that does not hold, after checking all state.
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
  void On(CallId call, DeliveryEnded ended);
  void On(CallId call, CountPipelines count);
  void On(CallId call, DraftJudged judged);

  // Answers a call now, or once the agenda of the pipeline is empty.
  void Answer(CallId call, PipelineReply what);
  void AnswerWhenSettled(CallId call, PipelineNumber pipeline);

  // The pipeline of a command; null if there is none, which is answered.
  const Pipeline* Known(CallId call, const AccountId& account,
                        const std::string& id, const Reach& reach);

  // Whether a command to a pipeline has to wait; and puts it in the queue.
  bool IsHeld(PipelineNumber pipeline) const;
  void Hold(CallId call, PipelineNumber pipeline, PipelineCommand command);
  void DecideWaiting();

  // Works off the agenda of a pipeline, as far as the steps of this turn go.
  void Conclude(PipelineNumber pipeline);
  void WorkOffLeft();

  // Does what waits for an empty agenda: a deletion, answers. Deactivating ends
  // even before, with the last running instance.
  void Settle(PipelineNumber pipeline);
  void SettleDrained(const Pipeline& pipeline);

  // Adds a pipeline to the indexes, or removes it.
  void Learn(const PipelineRecord& record);
  void Forget(const PipelineRecord& record);

  // A draft for judgement, with the present state of the pipeline; and the
  // decision by the result of the judgement.
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
  // The invariant that does not hold of a live instance; empty if all do.
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

  // Pipelines by public id, and by name and unique id; and counts by account.
  absl::flat_hash_map<std::pair<AccountId, std::string>, PipelineNumber> by_id_;
  absl::flat_hash_map<UniqueKey, PipelineNumber> by_unique_id_;
  absl::flat_hash_map<AccountId, int64_t> counts_;

  // Held commands, by pipeline in the order of arrival; and calls to be
  // answered when the agenda of their pipeline is empty.
  std::map<PipelineNumber, std::vector<std::pair<CallId, PipelineCommand>>>
      waiting_;
  absl::flat_hash_map<PipelineNumber, std::vector<CallId>> calls_to_answer_;

  // Drafts for the output of this turn, and the calls of the drafts that are
  // being judged.
  std::vector<Draft> drafts_;
  absl::flat_hash_map<PipelineNumber, CallId> in_judgement_;

  // Results of drafts that wait for the agenda of their pipeline.
  std::vector<DraftJudged> judged_;

  // The pipeline that had its turn last, and the steps left in this turn.
  PipelineNumber turn_{};
  int steps_left_ = 0;

  std::vector<PlannerReply> replies_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_
