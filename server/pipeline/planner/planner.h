// The planner: a state machine that decides when pipelines run what.
//
// It works beside the broker, whose tasks its attempts are, and shares its
// transactions: a task's end and all that follows from it are one commit. Like
// the broker it is pure: time and chance are arguments. What has ended is not
// kept in memory; where a decision needs it, it is looked up by key.
//
// What holds after every call:
//  1. An instance runs only when all that it depends on allows it.
//  2. Attempts never exceed the tries, but for preconditions that are false.
//  3. A live instance has a task, or a reason to wait: what it waits for, a
//     place, or a pipeline or component that is stopped.
//  4. The census is what one gets by counting.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/broker.h"
#include "server/broker/ids.h"
#include "server/broker/update.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/ledger.h"
#include "server/pipeline/model/reply.h"
#include "server/pipeline/planner/run_deadlines.h"
#include "server/pipeline/planner/runs.h"
#include "server/pipeline/validation/validation.h"
#include "server/pipeline/validation/validation_limits.h"

namespace holdline {

struct PlannerOptions {
  // The most pipelines that an account may have (DATAPIPELINE section 13.1).
  int64_t pipelines_max = 10000;

  ValidationLimits limits;
};

// What the planner gets from outside.
struct PlannerSurroundings {
  EncodeTask encode;
  ReadInstance read;

  // Whether the account had a pipeline of this public id that was deleted.
  std::function<bool(const AccountId& account, const std::string& id)>
      was_deleted;
};

// An answer and to whom it goes.
struct PlannerReply {
  CallId call{};
  PipelineReply what;
};

// What a run of commands has led to.
struct PlannerOutput {
  // To be stored first.
  PipelineBatch batch;

  // To be published after that, and only if it was stored.
  std::vector<PlannerReply> replies;
};

// Not thread-safe. `now` is the calendar, which may be set back at times.
class Planner {
 public:
  // Goes on from what is on disk, at `now`. The broker is not owned, outlives
  // the planner, and has the tasks that are on disk with the rows.
  Planner(const PlannerOptions& options, PipelineRows rows, Broker* broker,
          PlannerSurroundings surroundings, absl::Time now);

  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;

  // Decides a command.
  void Handle(CallId call, const PipelineCommand& command, absl::Time now);

  // Does what is due at `now`, at most `steps_max` things.
  void Advance(absl::Time now, int steps_max);

  // Follows what has become of a task. `update` must outlive changes of the
  // broker's; Concerns tells whether it is worth a copy.
  void Observe(const Update& update, absl::Time now);
  bool Concerns(const Update& update) const {
    return runs_.Concerned(update).has_value();
  }

  // Whether the runners of a worker group are to exit: it is that of a resource
  // which has ended, or whose pipeline is deleted (DATAPIPELINE section 3.17).
  bool HasResourceEnded(const GroupKey& group) const;

  // Lets the broker hand out what became ready since the last call.
  void HandOut() { runs_.HandOut(); }
  bool HasToHandOut() const { return runs_.HasToHandOut(); }

  // When Advance is to be called again; infinite future if never.
  absl::Time NextDeadline() const { return deadlines_.Next(); }

  // Returns what has come of the calls since the last one, and whether that is
  // anything.
  PlannerOutput TakeOutput();
  bool HasOutput() const { return ledger_.dirty() || !replies_.empty(); }

  const PipelinesState& state() const { return ledger_.state(); }

  // What was done so far: facts recorded and instances looked up.
  int64_t work() const { return ledger_.recorded() + runs_.looked_up(); }

  // Returns whether the invariants above hold; the error names the one that
  // does not. Looks at everything: for tests.
  absl::Status CheckInvariants() const;

 private:
  using UniqueKey = std::tuple<AccountId, std::string, std::string>;
  void On(CallId call, const CreatePipeline& create);
  void On(CallId call, const PutDefinition& put);
  void On(CallId call, const ActivatePipeline& activate);
  void On(CallId call, const DeactivatePipeline& deactivate);
  void On(CallId call, const DeletePipeline& erase);
  void On(CallId call, const ChangeObjects& change);
  void On(CallId call, const ChangeTags& change);
  void On(CallId call, const NotificationTried& tried);
  void On(CallId call, const CountPipelines& count);

  void Answer(CallId call, PipelineReply what);

  // The pipeline of a command; null if there is none, which is answered.
  const Pipeline* Known(CallId call, const AccountId& account,
                        const std::string& id, const Reach& reach);

  // Indexes a pipeline that has come, or that goes.
  void Learn(const PipelineRecord& record);
  void Forget(const PipelineRecord& record);

  // The definition with values in place of those of the same parameters.
  static Definition WithValues(Definition definition,
                               absl::Span<const ParameterValue> values);
  ValidationReport Check(const Pipeline& pipeline, const Definition& definition,
                         ValidationPurpose purpose) const;

  absl::Status CheckUnfinished(const Pipeline& pipeline,
                               const Definition& definition) const;

  absl::Status MayActivate(const Pipeline& pipeline,
                           const Definition& definition,
                           std::optional<absl::Time> start) const;
  void SaveValues(const Pipeline& pipeline, const Definition& definition);
  void AddComponents(const Pipeline& pipeline, const Definition& definition);
  void Begin(const Pipeline& pipeline, const ActivatePipeline& activate);
  void BeginComponents(const Pipeline& pipeline, std::optional<absl::Time> at);
  void StartRun(PipelineNumber number);
  void SetComponents(const Pipeline& pipeline, ComponentStatus status);
  void GoBack(const Pipeline& pipeline);
  void Conclude();  // draws what follows from a call
  void CheckDrained(PipelineNumber number);
  absl::Status ChangeComponents(const Pipeline& pipeline,
                                const ChangeObjects& change);
  absl::Status ChangeInstances(const Pipeline& pipeline,
                               const ChangeObjects& change);
  std::optional<InstanceKey> FindInstance(const Pipeline& pipeline,
                                          absl::string_view id) const;
  void AwaitAll(const Pipeline& pipeline);
  void Await(const Pipeline& pipeline, const Component& component);
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
  Runs runs_;

  // Pipelines by what they are called.
  absl::flat_hash_map<std::pair<AccountId, std::string>, PipelineNumber> by_id_;
  absl::flat_hash_map<UniqueKey, PipelineNumber> by_unique_id_;
  absl::flat_hash_map<AccountId, int64_t> counts_;

  // Those in which the last that ran may have ended.
  absl::btree_set<PipelineNumber> draining_;

  std::vector<PlannerReply> replies_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_H_
