// A broker and a planner with a store in memory and a clock set by hand, for
// tests.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_HARNESS_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_HARNESS_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/stored_tasks.h"
#include "server/engine/core.h"
#include "server/pipeline/model/stored_pipelines.h"

namespace holdline {

class PlannerHarness {
 public:
  explicit PlannerHarness(const std::string& start = "2012-12-13T01:40:49",
                          CoreOptions options = {});

  absl::Time now;
  AccountId account{"acme"};
  StoredPipelines disk;

  // If set, called with each batch before it is stored.
  std::function<void(const PipelineBatch& batch)> before_store;

  // If set, called after each turn that has left work on an agenda.
  std::function<void()> after_unfinished_turn;

  // Gives the planner a command and returns the reply, in as many turns as it
  // takes.
  ReplyBody Say(PipelineCommand command);
  absl::Status StatusOf(const ReplyBody& reply);

  // Gives the planner a command and takes one turn, whether or not that answers
  // it.
  void SayInOneTurn(PipelineCommand command);

  // Creates a pipeline df-1, df-2, ... and returns its id.
  std::string Create(const std::string& name = "p");
  DefinitionChecked Put(const std::string& id, const Definition& definition);
  absl::Status Activate(const std::string& id,
                        std::vector<ParameterValue> values = {},
                        std::optional<absl::Time> start = {});
  absl::Status Deactivate(const std::string& id, bool cancel = true);
  absl::Status Change(const std::string& id, ObjectChange change,
                      std::vector<std::string> objects);

  // Creates a pipeline with a valid definition and activates it.
  std::string Start(const Definition& definition,
                    std::vector<ParameterValue> values = {});

  // Serves that many deadlines; or all that are due, and lets time pass.
  void AdvanceOnce(int steps);
  void Run();
  void Pass(absl::Duration duration);

  // Polls; a task must be ready.
  Task Take(const std::string& group = "wg");
  std::optional<Task> TryTake(const std::string& group = "wg");
  void Report(const Task& task);

  // Releases the lease of a task; PassOn while another runner polls, and
  // returns what that poll is handed.
  void Release(const Task& task);
  std::optional<Task> PassOn(const Task& task, const std::string& group = "wg");
  bool IsCanceled(const Task& task);

  // Cancels a task, or makes a delayed one ready, as an operator does.
  void CancelTask(const Task& task);
  void RunTaskNow(TaskId task);
  void End(const Task& task, AttemptEnd end = AttemptEnd::kFinished,
           const Failure& failure = {});

  // The same, in a single turn.
  void EndInOneTurn(const Task& task, AttemptEnd end = AttemptEnd::kFinished);

  // The objects that the runner received; the attempt is the first.
  const std::vector<PipelineObject>& Told(const Task& task) const;

  // The first value of a field of the attempt.
  std::string ToldText(const Task& task, const std::string& key) const;

  // Fails the next attempts of a group, each followed by the delay.
  void FailAttempts(int attempts, const std::string& group = "wg",
                    absl::Duration delay = absl::Minutes(10));

  // Whether a runner of the group is told to exit.
  bool IsToExit(const std::string& group);

  // The reply to CountPipelines.
  PipelineCensus Count();

  // The stored instance, by its public id; likewise its status, an attempt, the
  // records.
  Instance At(const std::string& pipeline_id, const std::string& id) const;
  std::string StatusAt(const std::string& pipeline_id,
                       const std::string& id) const;
  Attempt AttemptAt(const std::string& pipeline_id, const std::string& id,
                    int number) const;
  const PipelineRecord& Record(const std::string& pipeline_id) const;
  std::string StateOf(const std::string& pipeline_id) const;
  ComponentRecord ComponentOf(const std::string& pipeline_id,
                              const std::string& id) const;

  const Core& core() const { return *core_; }

  // Restarts from the stored rows; and returns the rows that a restart now
  // would lead to once all that is due is done.
  void Restart();
  StoredPipelines AfterRestart() const;

  // Whether a restart would lose an undecided call: a held command, or a poll.
  bool HasUndecided() const;

  // The number of calls of submitters and runners.
  uint64_t calls() const { return last_call_; }

 private:
  PlannerSurroundings Surroundings();

  void Tell(CallId call, CommandBody what);

  // Ends a turn, with the judgement of its drafts; or without, and returns
  // them.
  void Commit();
  std::vector<Draft> CommitOnce();

  const CoreOptions options_;
  StoredTasks tasks_;
  std::optional<Core> core_;
  uint64_t last_call_ = 0;
  int restarts_ = 0;
  int last_pipeline_ = 0;

  // Held polls and their deadlines.
  std::vector<std::pair<CallId, absl::Time>> polls_;
  absl::flat_hash_map<CallId, ReplyBody> replies_;
  absl::flat_hash_map<TaskId, std::vector<PipelineObject>> told_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_HARNESS_H_
