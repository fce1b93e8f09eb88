#include "server/pipeline/testing/planner_harness.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {

PlannerHarness::PlannerHarness(const std::string& start, CoreOptions options)
    : now(*ParseFieldTime(start)), options_(std::move(options)) {
  core_.emplace(options_, State(), PipelineRows(), Surroundings(), now);
}

ReplyBody PlannerHarness::Say(PipelineCommand command) {
  const CallId call{++last_call_};
  int restarts = restarts_;
  core_->Handle({.call = call, .now = now}, command);
  Commit();
  while (!replies_.contains(call)) {
    // One that was not answered when the process ended is said again.
    if (restarts_ != restarts) {
      ++last_call_;
      core_->Handle({.call = call, .now = now}, command);
    }
    restarts = restarts_;
    AdvanceOnce(0);
  }
  return replies_.at(call);
}

void PlannerHarness::SayInOneTurn(PipelineCommand command) {
  core_->Handle({.call = CallId{++last_call_}, .now = now}, std::move(command));
  Commit();
}

absl::Status PlannerHarness::StatusOf(const ReplyBody& reply) {
  const auto* status = std::get_if<absl::Status>(&reply);
  return status == nullptr ? absl::OkStatus() : *status;
}

std::string PlannerHarness::Create(const std::string& name) {
  const std::string id = absl::StrCat("df-", ++last_pipeline_);
  Say(CreatePipeline{account, "creator", id, name, id, "", {}});
  return id;
}

DefinitionChecked PlannerHarness::Put(const std::string& id,
                                      const Definition& definition) {
  const ReplyBody reply = Say(PutDefinition{account, id, definition});
  const auto* checked = std::get_if<DefinitionChecked>(&reply);
  EXPECT_NE(checked, nullptr) << StatusOf(reply);
  return checked == nullptr ? DefinitionChecked() : *checked;
}

absl::Status PlannerHarness::Activate(const std::string& id,
                                      std::vector<ParameterValue> values,
                                      std::optional<absl::Time> start) {
  const absl::Status status =
      StatusOf(Say(ActivatePipeline{account, id, std::move(values), start}));
  Run();
  return status;
}

absl::Status PlannerHarness::Deactivate(const std::string& id, bool cancel) {
  return StatusOf(Say(DeactivatePipeline{account, id, cancel}));
}

absl::Status PlannerHarness::Change(const std::string& id, ObjectChange change,
                                    std::vector<std::string> objects) {
  const absl::Status status =
      StatusOf(Say(ChangeObjects{account, id, std::move(objects), change}));
  Run();
  return status;
}

std::string PlannerHarness::Start(const Definition& definition,
                                  std::vector<ParameterValue> values) {
  const std::string id = Create();
  Put(id, definition);
  EXPECT_TRUE(Activate(id, std::move(values)).ok());
  return id;
}

void PlannerHarness::Run() {
  for (int turn = 0; core_->NextDeadline() <= now; ++turn) {
    ASSERT_LT(turn, 100000) << "it never ends";
    core_->Advance(now, 1000, 1000);
    Commit();
  }
}

void PlannerHarness::AdvanceOnce(int steps) {
  core_->Advance(now, steps, steps);
  Commit();
}

void PlannerHarness::Pass(absl::Duration duration) {
  const absl::Time until = now + duration;
  Run();
  while (core_->NextDeadline() <= until) {
    now = std::max(now, core_->NextDeadline());
    Run();
  }
  now = until;
}

Task PlannerHarness::Take(const std::string& group) {
  const std::optional<Task> task = TryTake(group);
  EXPECT_TRUE(task.has_value()) << "no task is ready for " << group;
  return task.value_or(Task());
}

std::optional<Task> PlannerHarness::TryTake(const std::string& group) {
  const CallId call{++last_call_};
  polls_.emplace_back(call, now);
  Tell(call, Poll{{account, group}, "host", now, "arn:host"});
  Run();
  const auto* answer = std::get_if<PollAnswer>(&replies_.at(call));
  return answer == nullptr ? std::nullopt : answer->task;
}

void PlannerHarness::Report(const Task& task) {
  Tell(CallId{++last_call_}, ReportProgress{task.id, task.state.lease.id, ""});
}

void PlannerHarness::Release(const Task& task) {
  Tell(CallId{++last_call_}, ReleaseLease{task.id, task.state.lease.id});
  Run();
}

std::optional<Task> PlannerHarness::PassOn(const Task& task,
                                           const std::string& group) {
  const CallId waiting{++last_call_};
  polls_.emplace_back(waiting, now + absl::Minutes(1));
  Tell(waiting, Poll{{account, group}, "other host", now + absl::Minutes(1)});
  Tell(CallId{++last_call_}, ReleaseLease{task.id, task.state.lease.id});
  const auto answer = replies_.find(waiting);
  if (answer == replies_.end()) return std::nullopt;
  return std::get<PollAnswer>(answer->second).task;
}

bool PlannerHarness::IsCanceled(const Task& task) {
  const CallId call{++last_call_};
  Tell(call, ReportProgress{task.id, task.state.lease.id, ""});
  return std::get<ReportAnswer>(replies_.at(call)).canceled;
}

void PlannerHarness::CancelTask(const Task& task) {
  Tell(CallId{++last_call_},
       Cancel{account, NumberOf(task.id), "by the operator"});
  Run();
}

void PlannerHarness::RunTaskNow(TaskId task) {
  Tell(CallId{++last_call_}, RunNow{account, NumberOf(task)});
  Run();
}

void PlannerHarness::End(const Task& task, AttemptEnd end,
                         const Failure& failure) {
  Tell(CallId{++last_call_},
       EndAttempt{task.id, task.state.lease.id, end, failure});
  Run();
}

void PlannerHarness::EndInOneTurn(const Task& task, AttemptEnd end) {
  Tell(CallId{++last_call_},
       EndAttempt{task.id, task.state.lease.id, end, {"E", "boom", ""}});
}

std::string PlannerHarness::ToldText(const Task& task,
                                     const std::string& key) const {
  for (const Field& field : Told(task).front().fields) {
    if (field.key == key) return field.value;
  }
  return "";
}

void PlannerHarness::FailAttempts(int attempts, const std::string& group,
                                  absl::Duration delay) {
  for (int i = 0; i < attempts; ++i) {
    End(Take(group), AttemptEnd::kFailed, {"E", "boom", ""});
    Pass(delay);
  }
}

bool PlannerHarness::IsToExit(const std::string& group) {
  const CallId call{++last_call_};
  Tell(call, Heartbeat{{account, "runner-1"}, "host", group});
  return std::get<HeartbeatAnswer>(replies_.at(call)).terminate;
}

PipelineCensus PlannerHarness::Count() {
  return std::get<PipelineCensus>(Say(CountPipelines()));
}

const std::vector<PipelineObject>& PlannerHarness::Told(
    const Task& task) const {
  return told_.at(task.id);
}

Instance PlannerHarness::At(const std::string& pipeline_id,
                            const std::string& id) const {
  for (const auto& [key, instance] : disk.instances) {
    const Pipeline& pipeline =
        core_->planner().state().pipelines.at(key.pipeline);
    if (pipeline.record.id == pipeline_id &&
        InstanceId(*pipeline.workflow(), key) == id) {
      return instance;
    }
  }
  ADD_FAILURE() << "there is no instance " << id;
  return Instance();
}

std::string PlannerHarness::StatusAt(const std::string& pipeline_id,
                                     const std::string& id) const {
  return std::string(ToString(At(pipeline_id, id).status));
}

Attempt PlannerHarness::AttemptAt(const std::string& pipeline_id,
                                  const std::string& id, int number) const {
  const auto found =
      disk.attempts.find(AttemptKey{At(pipeline_id, id).key, number});
  if (found != disk.attempts.end()) return found->second;
  ADD_FAILURE() << "there is no attempt " << number << " of " << id;
  return Attempt();
}

const PipelineRecord& PlannerHarness::Record(
    const std::string& pipeline_id) const {
  for (const auto& [number, record] : disk.pipelines) {
    if (record.id == pipeline_id) return record;
  }
  return disk.pipelines.begin()->second;
}

std::string PlannerHarness::StateOf(const std::string& pipeline_id) const {
  return std::string(ToString(Record(pipeline_id).state));
}

ComponentRecord PlannerHarness::ComponentOf(const std::string& pipeline_id,
                                            const std::string& id) const {
  for (const auto& [key, record] : disk.components) {
    if (key.first == Record(pipeline_id).number && record.id == id) {
      return record;
    }
  }
  ADD_FAILURE() << "there is no component " << id;
  return ComponentRecord();
}

void PlannerHarness::Restart() {
  ++restarts_;
  core_.emplace(options_, tasks_.Load(), disk.Load(), Surroundings(), now);
  Commit();
  Run();
}

StoredPipelines PlannerHarness::AfterRestart() const {
  StoredTasks tasks = tasks_;
  StoredPipelines copy = disk;
  PlannerSurroundings surroundings;
  surroundings.encode = [](const std::string&,
                           absl::Span<const PipelineObject>) {
    return std::string("payload");
  };
  surroundings.read = [&](const InstanceKey& key) { return copy.Read(key); };
  surroundings.was_deleted = [&](const AccountId& owner,
                                 const std::string& id) {
    return copy.WasDeleted(owner, id);
  };
  Core core(options_, tasks.Load(), copy.Load(), surroundings, now);
  do {
    const CoreOutput output = core.TakeOutput();
    tasks.Store(output.tasks);
    copy.Store(output.pipelines);
    core.Advance(now, 1000, 1000);
  } while (core.HasOutput());
  return copy;
}

bool PlannerHarness::HasUndecided() const {
  return core_->planner().HasHeld() ||
         absl::c_any_of(polls_, [&](const auto& poll) {
           return poll.second >= now && !replies_.contains(poll.first);
         });
}

PlannerSurroundings PlannerHarness::Surroundings() {
  PlannerSurroundings surroundings;
  surroundings.encode = [this](const std::string&,
                               absl::Span<const PipelineObject> objects) {
    const AccountRecord numbers =
        (core_.has_value() ? core_->broker().state() : tasks_.settings)
            .AccountOf(account);
    const TaskId next = numbers.IdOf(numbers.next);
    told_[next].assign(objects.begin(), objects.end());
    return std::string("payload");
  };
  surroundings.read = [this](const InstanceKey& key) { return disk.Read(key); };
  surroundings.was_deleted = [this](const AccountId& owner,
                                    const std::string& id) {
    return disk.WasDeleted(owner, id);
  };
  return surroundings;
}

void PlannerHarness::Tell(CallId call, CommandBody what) {
  const std::optional<TaskId> needed = core_->RecordNeeded(what);
  const TaskHistory* stored =
      needed.has_value() ? tasks_.Find(*needed) : nullptr;
  core_->Handle({.call = call,
                 .now = now,
                 .record = stored == nullptr ? nullptr : &stored->task},
                std::move(what));
  Commit();
}

void PlannerHarness::Commit() {
  std::vector<Draft> drafts = CommitOnce();
  // Judged at once, and a turn each.
  while (!drafts.empty()) {
    const Draft draft = std::move(drafts.back());
    drafts.pop_back();
    core_->Handle({.now = now}, PipelineCommand(Judge(draft)));
    for (Draft& next : CommitOnce()) drafts.push_back(std::move(next));
  }
}

std::vector<Draft> PlannerHarness::CommitOnce() {
  const absl::Status status = core_->planner().CheckInvariants();
  EXPECT_TRUE(status.ok()) << status;
  CoreOutput output = core_->TakeOutput();
  if (before_store) before_store(output.pipelines);
  tasks_.Store(output.tasks);
  disk.Store(output.pipelines);
  for (Reply& reply : output.replies) {
    replies_.insert_or_assign(reply.call, std::move(reply.body));
  }
  const int restarts = restarts_;
  if (after_unfinished_turn && core_->planner().HasLeft()) {
    after_unfinished_turn();
  }
  if (restarts_ != restarts) return {};
  return std::move(output.drafts);
}

}  // namespace holdline
