// A broker and a planner with a disk and a clock of their own, for tests.

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

  // Is told of what is about to be stored, if it is set.
  std::function<void(const PipelineBatch& batch)> before_store;

  // Called after each turn that has left something to be drawn, if it is set.
  std::function<void()> after_unfinished_turn;

  // Says something to the planner and returns its answer, in as many turns as
  // that takes.
  ReplyBody Say(PipelineCommand command);
  absl::Status StatusOf(const ReplyBody& reply);

  // Says something in one turn, whether or not it is answered in that.
  void SayInOneTurn(PipelineCommand command);

  // Makes a pipeline called df-1, df-2, ... and returns its id.
  std::string Create(const std::string& name = "p");
  DefinitionChecked Put(const std::string& id, const Definition& definition);
  absl::Status Activate(const std::string& id,
                        std::vector<ParameterValue> values = {},
                        std::optional<absl::Time> start = {});
  absl::Status Deactivate(const std::string& id, bool cancel = true);
  absl::Status Change(const std::string& id, ObjectChange change,
                      std::vector<std::string> objects);

  // Makes a pipeline of a valid definition and activates it.
  std::string Start(const Definition& definition,
                    std::vector<ParameterValue> values = {});

  // Does so many things that are due now; or all of them, and lets time pass.
  void AdvanceOnce(int steps);
  void Run();
  void Pass(absl::Duration duration);

  // Polls; the task must be there at once.
  Task Take(const std::string& group = "wg");
  std::optional<Task> TryTake(const std::string& group = "wg");
  void Report(const Task& task);

  // Gives a task back; and while another runner waits, which returns what that
  // is handed.
  void Release(const Task& task);
  std::optional<Task> PassOn(const Task& task, const std::string& group = "wg");
  bool IsCanceled(const Task& task);

  // Cancels a task, or makes a delayed one ready, as an operator does.
  void CancelTask(const Task& task);
  void RunTaskNow(TaskId task);
  void End(const Task& task, AttemptEnd end = AttemptEnd::kFinished,
           const Failure& failure = {});

  // The same, in one turn only.
  void EndInOneTurn(const Task& task, AttemptEnd end = AttemptEnd::kFinished);

  // The objects that a runner is told of: the attempt is the first.
  const std::vector<PipelineObject>& Told(const Task& task) const;

  // The first value that a field of the attempt has there.
  std::string ToldText(const Task& task, const std::string& key) const;

  // Lets the next tries of a group fail, each with the delay after it.
  void FailAttempts(int attempts, const std::string& group = "wg",
                    absl::Duration delay = absl::Minutes(10));

  // Whether a runner of the group is told to exit.
  bool IsToExit(const std::string& group);

  // How many there are of what.
  PipelineCensus Count();

  // What is on disk of an instance, by its id on the wire.
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

  // The process ends and another one goes on from what is on disk; and what
  // will be on disk if that happens now, once all that is due is done.
  void Restart();
  StoredPipelines AfterRestart() const;

  // Whether a restart would lose a call that goes on to be decided: a command
  // that is held, or a poll.
  bool HasUndecided() const;

  // How many calls there were of submitters and runners.
  uint64_t calls() const { return last_call_; }

 private:
  PlannerSurroundings Surroundings();

  void Tell(CallId call, CommandBody what);

  // Ends a turn; with the drafts of its commands, and returns those.
  void Commit();
  std::vector<Draft> CommitOnce();

  const CoreOptions options_;
  StoredTasks tasks_;
  std::optional<Core> core_;
  uint64_t last_call_ = 0;
  int restarts_ = 0;
  int last_pipeline_ = 0;

  // Polls, and until when they are held at most.
  std::vector<std::pair<CallId, absl::Time>> polls_;
  absl::flat_hash_map<CallId, ReplyBody> replies_;
  absl::flat_hash_map<TaskId, std::vector<PipelineObject>> told_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_HARNESS_H_
