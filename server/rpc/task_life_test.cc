// The life of tasks as runners and submitters see it.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using Pipeline = v1::DataPipeline::StubInterface;
using Queue = v1::TaskQueue::StubInterface;
using Operations = v1::Operator::StubInterface;

constexpr char kHello[] = R"pb(
  worker_group: "g"
  type: "ShellCommandActivity"
  fields { key: "command" string_value: "echo hello" })pb";

class TaskLifeTest : public testing::Test {
 protected:
  Outcome<v1::ReportTaskProgressOutput> Report(const std::string& task_id,
                                               const std::string& fields = "") {
    auto input = Parse<v1::ReportTaskProgressInput>(fields);
    input.set_task_id(task_id);
    return server_.Call(server_.pipeline(), &Pipeline::ReportTaskProgress,
                        input);
  }

  Outcome<v1::SetTaskStatusOutput> SetStatus(const std::string& task_id,
                                             const std::string& rest) {
    auto input = Parse<v1::SetTaskStatusInput>(rest);
    input.set_task_id(task_id);
    return server_.Call(server_.pipeline(), &Pipeline::SetTaskStatus, input);
  }

  std::string TakeTask(const std::string& group = "g") {
    const auto poll = server_.Poll(group);
    EXPECT_TRUE(poll.status.ok()) << poll.status.error_message();
    EXPECT_TRUE(poll.output.has_task_object());
    return poll.output.task_object().task_id();
  }

  TestServer server_{{.hold_max = absl::Milliseconds(20)}};
};

TEST_F(TaskLifeTest, ATaskGoesFromSubmissionOverAPollToItsFinalStatus) {
  const std::string name = server_.Submit(kHello);
  EXPECT_EQ(name, "task-1");
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::READY);

  const auto poll = server_.Poll("g");
  ASSERT_TRUE(poll.status.ok()) << poll.status.error_message();
  const v1::TaskObject& object = poll.output.task_object();
  EXPECT_EQ(object.pipeline_id(), name);
  EXPECT_THAT(object.attempt_id(),
              MatchesRegex("@ShellCommandActivity_....-..-..T..:..:.."
                           "_Attempt=1"));
  ASSERT_TRUE(object.objects().contains(object.attempt_id()));
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::LEASED);

  const auto report = Report(object.task_id(), R"pb(
    fields { key: "percentComplete" string_value: "50" }
    fields { key: "@status" string_value: "x" })pb");
  EXPECT_TRUE(report.output.has_canceled());
  EXPECT_FALSE(report.output.canceled());
  EXPECT_TRUE(SetStatus(object.task_id(), "task_status: FINISHED").status.ok());

  const v1::Task task = server_.GetTask(name).output;
  EXPECT_EQ(task.state(), v1::Task::FINISHED);
  ASSERT_EQ(task.progress_size(), 1);
  EXPECT_EQ(task.progress(0).string_value(), "50");
  ASSERT_EQ(task.attempts_size(), 1);
  EXPECT_EQ(task.attempts(0).hostname(), "runner-1");
  EXPECT_EQ(task.attempts(0).outcome(), v1::Task::FINISHED);
  EXPECT_TRUE(task.attempts(0).has_acknowledge_time());
  EXPECT_TRUE(task.has_end_time());
  EXPECT_EQ(task.task_object().attempt_id(), object.attempt_id());
  EXPECT_FALSE(task.task_object().has_task_id());
}

TEST_F(TaskLifeTest, APollWithoutATaskIsAnsweredEmptyWhenTheHoldEnds) {
  const auto poll = server_.Poll("g");
  EXPECT_TRUE(poll.status.ok());
  EXPECT_FALSE(poll.output.has_task_object());
  EXPECT_EQ(server_.NextPoll().outcome, PollOutcome::kEmpty);
}

TEST_F(TaskLifeTest, AFailedAttemptIsKeptAndTheNextOneHasItsOwnIds) {
  const std::string name = server_.Submit(R"pb(
    worker_group: "g"
    type: "T"
    retry_policy {
      attempts: 2
      delay {}
    })pb");
  const std::string first = TakeTask();
  EXPECT_TRUE(SetStatus(first, R"pb(task_status: FAILED
                                    error_id: "E"
                                    error_message: "went wrong"
                                    error_stack_trace: "here")pb")
                  .status.ok());
  const auto poll = server_.Poll("g");
  EXPECT_THAT(poll.output.task_object().attempt_id(),
              testing::EndsWith("_Attempt=2"));
  EXPECT_NE(poll.output.task_object().task_id(), first);
  EXPECT_TRUE(
      SetStatus(poll.output.task_object().task_id(), "task_status: FAILED")
          .status.ok());

  const v1::Task task = server_.GetTask(name).output;
  EXPECT_EQ(task.state(), v1::Task::FAILED);
  EXPECT_EQ(task.attempts_left(), 0);
  ASSERT_EQ(task.attempts_size(), 2);
  EXPECT_EQ(task.attempts(0).number(), 1);
  EXPECT_EQ(task.attempts(0).outcome(), v1::Task::FAILED);
  EXPECT_EQ(task.attempts(0).error_id(), "E");
  EXPECT_EQ(task.attempts(0).error_message(), "went wrong");
  EXPECT_EQ(task.attempts(0).error_stack_trace(), "here");
  EXPECT_EQ(task.attempts(1).number(), 2);
  EXPECT_TRUE(task.attempts(1).has_end_time());
}

TEST_F(TaskLifeTest, ARunnerCanSayThatNoFurtherTryWouldHelp) {
  for (const char* said :
       {"do_not_retry: true error_id: 'Broken'",
        "error_id: 'DoNotRetry_Broken'", "error_id: 'DoNotRetryBroken'"}) {
    const std::string name = server_.Submit(kHello);
    const std::string task_id = TakeTask();
    const std::string status = absl::StrCat("task_status: FAILED ", said);
    EXPECT_TRUE(SetStatus(task_id, status).status.ok()) << said;
    EXPECT_TRUE(SetStatus(task_id, status).status.ok()) << "a repeat";
    const v1::Task task = server_.GetTask(name).output;
    EXPECT_EQ(task.state(), v1::Task::FAILED) << said;
    EXPECT_EQ(task.attempts_left(), 0);
    ASSERT_EQ(task.attempts_size(), 1);
    EXPECT_THAT(task.attempts(0).error_id(), HasSubstr("Broken"));
  }
}

TEST_F(TaskLifeTest, WhetherToTryAgainIsAskedOfFailuresOnly) {
  const std::string done = server_.Submit(kHello);
  SetStatus(TakeTask(), "task_status: FINISHED do_not_retry: true");
  EXPECT_EQ(server_.GetTask(done).output.state(), v1::Task::FINISHED);
  const std::string failed = server_.Submit(kHello);
  SetStatus(TakeTask(), R"pb(task_status: FAILED
                             do_not_retry: false
                             error_id: "NotDoNotRetry")pb");
  EXPECT_EQ(server_.GetTask(failed).output.state(), v1::Task::DELAYED);
}

TEST_F(TaskLifeTest, ARunnerLearnsThatWhatItFinishedHadBeenCancelled) {
  const std::string name = server_.Submit(kHello);
  const std::string task_id = TakeTask();
  v1::CancelTaskRequest cancel;
  cancel.set_name(name);
  server_.Call(server_.queue(), &Queue::CancelTask, cancel);
  const auto late = SetStatus(task_id, "task_status: FINISHED");
  EXPECT_TRUE(late.status.ok());
  EXPECT_TRUE(late.output.canceled());
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::CANCELED);
}

TEST_F(TaskLifeTest, LongErrorTextsAreCutAndNotRefused) {
  const std::string name = server_.Submit(kHello);
  v1::SetTaskStatusInput input;
  input.set_task_id(TakeTask());
  input.set_task_status(v1::SetTaskStatusInput::FAILED);
  input.set_error_message(std::string(65535, 'm') + "€€");
  input.set_error_stack_trace(std::string(20000, 's'));
  ASSERT_TRUE(server_.Call(server_.pipeline(), &Pipeline::SetTaskStatus, input)
                  .status.ok());
  const v1::Task task = server_.GetTask(name).output;
  ASSERT_EQ(task.attempts_size(), 2);
  EXPECT_EQ(task.attempts(0).error_message(), std::string(65535, 'm'));
  EXPECT_EQ(task.attempts(0).error_stack_trace(), std::string(10240, 's'));
}

TEST_F(TaskLifeTest, AFinalStatusMayBeRepeatedButNotChanged) {
  server_.Submit(kHello);
  const std::string task_id = TakeTask();
  EXPECT_TRUE(SetStatus(task_id, "task_status: FINISHED").status.ok());
  EXPECT_TRUE(SetStatus(task_id, "task_status: FINISHED").status.ok());
  const auto changed = SetStatus(task_id, "task_status: FAILED");
  EXPECT_EQ(changed.status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(changed.reason().reason(), "TaskNotFoundException");
  EXPECT_TRUE(Report(task_id).output.canceled());
}

TEST_F(TaskLifeTest, FalseIsForPreconditionsOnly) {
  server_.Submit(kHello);
  const auto answer = SetStatus(TakeTask(), "task_status: FALSE");
  EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(answer.reason().reason(), "InvalidRequestException");
}

TEST_F(TaskLifeTest, AForgedTaskIdIsNotFound) {
  for (const std::string& task_id :
       {std::string("x"), std::string(68, 'A'), std::string(2048, '/')}) {
    EXPECT_EQ(Report(task_id).reason().reason(), "TaskNotFoundException");
    EXPECT_EQ(SetStatus(task_id, "task_status: FINISHED").reason().reason(),
              "TaskNotFoundException");
    v1::ReleaseTaskRequest release;
    release.set_task_id(task_id);
    EXPECT_EQ(server_.Call(server_.queue(), &Queue::ReleaseTask, release)
                  .reason()
                  .reason(),
              "TaskNotFoundException");
  }
}

TEST_F(TaskLifeTest, AReleasedTaskIsHandedOutAgainAsTheSameAttempt) {
  server_.Submit(kHello);
  v1::ReleaseTaskRequest release;
  release.set_task_id(TakeTask());
  EXPECT_TRUE(
      server_.Call(server_.queue(), &Queue::ReleaseTask, release).status.ok());
  const auto poll = server_.Poll("g");
  EXPECT_THAT(poll.output.task_object().attempt_id(),
              testing::EndsWith("_Attempt=1"));
  EXPECT_NE(poll.output.task_object().task_id(), release.task_id());
  EXPECT_TRUE(Report(release.task_id()).output.canceled());
  EXPECT_FALSE(Report(poll.output.task_object().task_id()).output.canceled());
}

TEST_F(TaskLifeTest, ACancelledTaskTellsItsRunnerAndCanBeTriedAgain) {
  const std::string name = server_.Submit(kHello);
  const std::string task_id = TakeTask();
  v1::CancelTaskRequest cancel;
  cancel.set_name(name);
  cancel.set_reason("no longer needed");
  auto canceled = server_.Call(server_.queue(), &Queue::CancelTask, cancel);
  ASSERT_TRUE(canceled.status.ok()) << canceled.status.error_message();
  EXPECT_EQ(canceled.output.state(), v1::Task::CANCELED);
  EXPECT_EQ(canceled.output.cancellation_reason(), "no longer needed");
  ASSERT_EQ(canceled.output.attempts_size(), 1);
  EXPECT_EQ(canceled.output.attempts(0).outcome(), v1::Task::CANCELED);
  EXPECT_TRUE(Report(task_id).output.canceled());
  EXPECT_TRUE(SetStatus(task_id, "task_status: FINISHED").status.ok());

  v1::RetryTaskRequest retry;
  retry.set_name(name);
  const auto retried = server_.Call(server_.queue(), &Queue::RetryTask, retry);
  ASSERT_TRUE(retried.status.ok()) << retried.status.error_message();
  EXPECT_EQ(retried.output.state(), v1::Task::READY);
  EXPECT_EQ(server_.Call(server_.queue(), &Queue::RetryTask, retry)
                .status.error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_NE(TakeTask(), task_id);
}

TEST_F(TaskLifeTest, ADelayedTaskIsRunNow) {
  const std::string name = server_.Submit(
      absl::StrCat(kHello, " not_before { seconds: 4000000000 }"));
  v1::RunTaskNowRequest run;
  run.set_name(name);
  const auto now = server_.Call(server_.queue(), &Queue::RunTaskNow, run);
  ASSERT_TRUE(now.status.ok()) << now.status.error_message();
  EXPECT_EQ(now.output.state(), v1::Task::READY);
  EXPECT_NE(TakeTask(), "");
  const auto late = server_.Call(server_.queue(), &Queue::RunTaskNow, run);
  EXPECT_EQ(late.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(late.reason().reason(), "InvalidRequestException");
  run.set_name("task-77");
  EXPECT_EQ(
      server_.Call(server_.queue(), &Queue::RunTaskNow, run).reason().reason(),
      "TaskNotFoundException");
}

TEST_F(TaskLifeTest, AWaitEndsWithTheTaskOrWithTheHold) {
  const std::string name = server_.Submit(kHello);
  v1::WaitForTaskRequest wait;
  wait.set_name(name);
  const auto early = server_.Call(server_.queue(), &Queue::WaitForTask, wait);
  EXPECT_EQ(early.output.state(), v1::Task::READY);
  SetStatus(TakeTask(), "task_status: FINISHED");
  const auto late = server_.Call(server_.queue(), &Queue::WaitForTask, wait);
  EXPECT_EQ(late.output.state(), v1::Task::FINISHED);
  EXPECT_EQ(late.output.attempts_size(), 1);
  EXPECT_TRUE(late.output.has_task_object());
}

TEST_F(TaskLifeTest, ARepeatedSubmissionTakesNothing) {
  v1::SubmitTasksRequest request;
  request.set_request_id("once");
  *request.add_tasks() = Parse<v1::NewTask>(kHello);
  *request.add_tasks() = Parse<v1::NewTask>(kHello);
  const auto first =
      server_.Call(server_.queue(), &Queue::SubmitTasks, request);
  EXPECT_THAT(first.output.names(), ElementsAre("task-1", "task-2"));
  const auto again =
      server_.Call(server_.queue(), &Queue::SubmitTasks, request);
  EXPECT_THAT(again.output.names(), ElementsAre("task-1", "task-2"));
  request.mutable_tasks(0)->set_priority(1);
  const auto other =
      server_.Call(server_.queue(), &Queue::SubmitTasks, request);
  EXPECT_EQ(other.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(other.reason().reason(), "InvalidRequestException");
}

TEST_F(TaskLifeTest, TasksAreListedNewestFirstInPages) {
  for (int i = 0; i < 3; ++i) server_.Submit(kHello);
  TakeTask();
  v1::ListTasksRequest request;
  request.set_page_size(2);
  auto page = server_.Call(server_.queue(), &Queue::ListTasks, request);
  ASSERT_EQ(page.output.tasks_size(), 2);
  EXPECT_EQ(page.output.tasks(0).name(), "task-3");
  EXPECT_FALSE(page.output.tasks(0).has_task_object());
  ASSERT_TRUE(page.output.has_next_page_token());
  request.set_page_token(page.output.next_page_token());
  page = server_.Call(server_.queue(), &Queue::ListTasks, request);
  ASSERT_EQ(page.output.tasks_size(), 1);
  EXPECT_EQ(page.output.tasks(0).state(), v1::Task::LEASED);

  v1::ListTasksRequest ready;
  ready.add_states(v1::Task::READY);
  EXPECT_EQ(server_.Call(server_.queue(), &Queue::ListTasks, ready)
                .output.tasks_size(),
            2);
  ready.set_page_token("x");
  EXPECT_EQ(
      server_.Call(server_.queue(), &Queue::ListTasks, ready).reason().reason(),
      "InvalidRequestException");
}

TEST_F(TaskLifeTest, UnknownNamesAreNotFound) {
  for (const char* name : {"task-1", "task-01", "x"}) {
    EXPECT_EQ(server_.GetTask(name).reason().reason(), "TaskNotFoundException");
    v1::WaitForTaskRequest wait;
    wait.set_name(name);
    EXPECT_EQ(server_.Call(server_.queue(), &Queue::WaitForTask, wait)
                  .reason()
                  .reason(),
              "TaskNotFoundException");
    v1::CancelTaskRequest cancel;
    cancel.set_name(name);
    EXPECT_EQ(server_.Call(server_.queue(), &Queue::CancelTask, cancel)
                  .reason()
                  .reason(),
              "TaskNotFoundException");
    v1::RetryTaskRequest retry;
    retry.set_name(name);
    EXPECT_EQ(server_.Call(server_.queue(), &Queue::RetryTask, retry)
                  .reason()
                  .reason(),
              "TaskNotFoundException");
  }
}

TEST_F(TaskLifeTest, OperatorsSeeAndSteerGroups) {
  server_.Submit(kHello);
  v1::UpdateGroupRequest update;
  update.set_worker_group("g");
  update.set_paused(true);
  auto group =
      server_.Call(server_.operations(), &Operations::UpdateGroup, update);
  EXPECT_TRUE(group.output.paused());
  EXPECT_FALSE(group.output.draining());
  EXPECT_EQ(group.output.ready_tasks(), 1);
  EXPECT_TRUE(group.output.has_oldest_ready_time());
  EXPECT_FALSE(server_.Poll("g").output.has_task_object());

  update.set_paused(false);
  update.set_draining(true);
  server_.Call(server_.operations(), &Operations::UpdateGroup, update);
  v1::SubmitTasksRequest submit;
  *submit.add_tasks() = Parse<v1::NewTask>(kHello);
  EXPECT_EQ(server_.Call(server_.queue(), &Queue::SubmitTasks, submit)
                .status.error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(server_.Poll("g").output.has_task_object());

  update.set_worker_group("h");
  server_.Call(server_.operations(), &Operations::UpdateGroup, update);
  v1::ListGroupsRequest list;
  list.set_page_size(1);
  auto page = server_.Call(server_.operations(), &Operations::ListGroups, list);
  ASSERT_EQ(page.output.groups_size(), 1);
  EXPECT_EQ(page.output.groups(0).worker_group(), "g");
  list.set_page_token(page.output.next_page_token());
  page = server_.Call(server_.operations(), &Operations::ListGroups, list);
  ASSERT_EQ(page.output.groups_size(), 1);
  EXPECT_EQ(page.output.groups(0).worker_group(), "h");
  EXPECT_FALSE(page.output.has_next_page_token());
}

TEST_F(TaskLifeTest, OperatorsSeeRunnersAndSendThemAway) {
  v1::ReportTaskRunnerHeartbeatInput heartbeat;
  heartbeat.set_taskrunner_id("runner-1");
  heartbeat.set_worker_group("g");
  heartbeat.set_hostname("host");
  EXPECT_FALSE(server_
                   .Call(server_.pipeline(),
                         &Pipeline::ReportTaskRunnerHeartbeat, heartbeat)
                   .output.terminate());
  v1::UpdateRunnerRequest update;
  update.set_name("runner-1");
  update.set_draining(true);
  EXPECT_TRUE(
      server_.Call(server_.operations(), &Operations::UpdateRunner, update)
          .output.draining());
  EXPECT_TRUE(server_
                  .Call(server_.pipeline(),
                        &Pipeline::ReportTaskRunnerHeartbeat, heartbeat)
                  .output.terminate());
  const auto runners = server_.Call(
      server_.operations(), &Operations::ListRunners, v1::ListRunnersRequest());
  ASSERT_EQ(runners.output.runners_size(), 1);
  EXPECT_EQ(runners.output.runners(0).name(), "runner-1");
  EXPECT_EQ(runners.output.runners(0).hostname(), "host");
  EXPECT_EQ(runners.output.runners(0).worker_group(), "g");
  EXPECT_TRUE(runners.output.runners(0).has_last_heartbeat_time());
  EXPECT_TRUE(runners.output.runners(0).has_last_seen_time());
}

TEST_F(TaskLifeTest, ADrainedRunnerLearnsItFromItsPollIfThatNamesIt) {
  v1::UpdateRunnerRequest update;
  update.set_name("vm-1");
  update.set_draining(true);
  server_.Call(server_.operations(), &Operations::UpdateRunner, update);
  const std::string name = server_.Submit(kHello);
  v1::PollForTaskInput poll;
  poll.set_worker_group("g");
  poll.set_hostname("host");
  poll.set_taskrunner_id("vm-1");
  const auto told =
      server_.Call(server_.pipeline(), &Pipeline::PollForTask, poll);
  EXPECT_TRUE(told.output.terminate());
  EXPECT_FALSE(told.output.has_task_object());
  EXPECT_EQ(server_.NextPoll().outcome, PollOutcome::kTerminate);
  poll.set_taskrunner_id("vm-2");
  const auto given =
      server_.Call(server_.pipeline(), &Pipeline::PollForTask, poll);
  EXPECT_TRUE(given.output.has_task_object());
  EXPECT_FALSE(given.output.has_terminate());
  EXPECT_EQ(server_.GetTask(name).output.attempts(0).taskrunner_id(), "vm-2");
}

}  // namespace
}  // namespace holdline
