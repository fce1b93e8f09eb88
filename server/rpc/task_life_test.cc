// The life of tasks as runners and submitters see it.

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/test_server.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
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

}  // namespace
}  // namespace holdline
