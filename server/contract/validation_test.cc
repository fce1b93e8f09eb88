#include "server/contract/validation.h"

#include <cmath>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const google::protobuf::ServiceDescriptor* Service(const char* name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      name);
}

class ValidationTest : public testing::Test {
 protected:
  std::string ErrorOf(const google::protobuf::Message& input) {
    const absl::Status status = validation_.Check(input);
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status));
    return std::string(status.message());
  }

  static std::string Error(absl::string_view path,
                           absl::string_view constraint) {
    return absl::StrCat("1 validation error detected: Value at '", path,
                        "' failed to satisfy constraint: ", constraint);
  }

  // A task without fault.
  static v1::SubmitTasksRequest OneTask() {
    v1::SubmitTasksRequest request;
    v1::NewTask* task = request.add_tasks();
    task->set_worker_group("g");
    task->set_type("T");
    return request;
  }

  // Messages of the generated pool are only there once something uses them.
  const Validation validation_{
      (v1::PollForTaskInput::descriptor(), Service("holdline.v1.DataPipeline")),
      (v1::NewTask::descriptor(), Service("holdline.v1.TaskQueue"))};
};

TEST_F(ValidationTest, AcceptsWhatKeepsItsLimits) {
  v1::PollForTaskInput input;
  input.set_worker_group(std::string(1024, 'x'));
  EXPECT_EQ(ErrorOf(input), "");
  input.set_hostname("h");
  input.mutable_instance_identity()->set_document("");
  EXPECT_EQ(ErrorOf(input), "");
  EXPECT_EQ(ErrorOf(OneTask()), "");
}

TEST_F(ValidationTest, NamesARequiredMemberThatIsMissing) {
  EXPECT_EQ(ErrorOf(v1::PollForTaskInput()),
            Error("workerGroup", "Member must not be null"));
  EXPECT_EQ(ErrorOf(v1::SetTaskStatusInput()),
            Error("taskId", "Member must not be null"));
}

TEST_F(ValidationTest, CountsLengthsInCharacters) {
  v1::PollForTaskInput input;
  input.set_worker_group("");
  EXPECT_EQ(ErrorOf(input),
            Error("workerGroup",
                  "Member must have length greater than or equal to 1"));
  std::string text;
  for (int i = 0; i < 1024; ++i) text += "€";
  input.set_worker_group(text);
  EXPECT_EQ(ErrorOf(input), "");
  input.set_worker_group(text + "€");
  EXPECT_EQ(ErrorOf(input),
            Error("workerGroup",
                  "Member must have length less than or equal to 1024"));
}

TEST_F(ValidationTest, NeverQuotesTheValue) {
  v1::PollForTaskInput input;
  input.set_worker_group(std::string(2000, 'Z'));
  EXPECT_THAT(ErrorOf(input), Not(HasSubstr("ZZ")));
}

TEST_F(ValidationTest, RefusesControlCharactersUnlessAllowed) {
  v1::PollForTaskInput poll;
  poll.set_worker_group("a\x01");
  EXPECT_THAT(ErrorOf(poll),
              HasSubstr("Member must satisfy regular expression pattern: "
                        "[\\u0020-\\uD7FF"));
  v1::SetTaskStatusInput status;
  status.set_task_id("t");
  status.set_task_status(v1::SetTaskStatusInput::FAILED);
  status.set_error_message("a\x01");
  EXPECT_EQ(ErrorOf(status), "");
}

TEST_F(ValidationTest, FindsAFaultInListsMapsAndMessagesAndNamesItsPath) {
  v1::SubmitTasksRequest request = OneTask();
  *request.add_tasks() = request.tasks(0);
  v1::NewTask* task = request.mutable_tasks(1);
  task->add_fields()->set_key("a");
  task->add_fields();
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[1].fields[1].key", "Member must not be null"));

  task->clear_fields();
  v1::PipelineObject& object =
      (*task->mutable_task_object()->mutable_objects())["secret"];
  object.set_id("id");
  object.set_name("name");
  object.add_fields()->set_key(std::string(257, 'k'));
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[1].taskObject.objects[*].fields[0].key",
                  "Member must have length less than or equal to 256"));
}

TEST_F(ValidationTest, BoundsTheElementsOfAList) {
  v1::SubmitTasksRequest request;
  for (int i = 0; i < 1001; ++i) *request.add_tasks() = OneTask().tasks(0);
  EXPECT_EQ(
      ErrorOf(request),
      Error("tasks", "Member must have length less than or equal to 1000"));
}

TEST_F(ValidationTest, BoundsNumbers) {
  v1::SubmitTasksRequest request = OneTask();
  v1::NewTask* task = request.mutable_tasks(0);
  task->set_priority(10);
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[0].priority",
                  "Member must have value less than or equal to 9"));
  task->set_priority(9);
  EXPECT_EQ(ErrorOf(request), "");
  for (const double backoff :
       {0.5, 11.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    task->mutable_retry_policy()->set_backoff(backoff);
    EXPECT_THAT(ErrorOf(request), HasSubstr("tasks[0].retryPolicy.backoff"))
        << backoff;
  }
}

TEST_F(ValidationTest, KnowsTheEnumsAndTheirNames) {
  v1::SetTaskStatusInput input;
  input.set_task_id("t");
  const std::string error =
      Error("taskStatus",
            "Member must satisfy enum value set: [FINISHED, FAILED, FALSE]");
  input.set_task_status(v1::SetTaskStatusInput::UNSPECIFIED);
  EXPECT_EQ(ErrorOf(input), error);
  input.set_task_status(static_cast<v1::SetTaskStatusInput::TaskStatus>(77));
  EXPECT_EQ(ErrorOf(input), error);
  v1::ListTasksRequest list;
  list.add_states(v1::Task::READY);
  list.add_states(static_cast<v1::Task::State>(9));
  EXPECT_THAT(ErrorOf(list), HasSubstr("Value at 'states[1]' failed"));
}

TEST_F(ValidationTest, BoundsDurationsAndKnowsIllFormedOnes) {
  v1::SubmitTasksRequest request = OneTask();
  auto* timeout = request.mutable_tasks(0)->mutable_acknowledge_timeout();
  timeout->set_nanos(999999999);
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[0].acknowledgeTimeout",
                  "Member must have value greater than or equal to 1 seconds"));
  timeout->set_seconds(604800);
  timeout->set_nanos(1);
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[0].acknowledgeTimeout",
                  "Member must have value less than or equal to 604800 "
                  "seconds"));
  timeout->set_nanos(0);
  EXPECT_EQ(ErrorOf(request), "");
  timeout->set_nanos(-1);
  EXPECT_THAT(ErrorOf(request), HasSubstr("well-formed duration"));
  timeout->set_nanos(1000000000);
  EXPECT_THAT(ErrorOf(request), HasSubstr("well-formed duration"));
}

TEST_F(ValidationTest, KnowsIllFormedTimes) {
  v1::SubmitTasksRequest request = OneTask();
  auto* time = request.mutable_tasks(0)->mutable_not_before();
  EXPECT_EQ(ErrorOf(request), "");
  time->set_seconds(253402300799);
  EXPECT_EQ(ErrorOf(request), "");
  time->set_seconds(253402300800);
  EXPECT_EQ(ErrorOf(request),
            Error("tasks[0].notBefore",
                  "Member must be a time from year 1 to year 9999"));
  time->set_seconds(0);
  time->set_nanos(-1);
  EXPECT_THAT(ErrorOf(request), HasSubstr("tasks[0].notBefore"));
}

}  // namespace
}  // namespace holdline
