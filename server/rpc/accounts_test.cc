// Two accounts that use the same names see nothing of each other.

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credential_store.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Pipelines = v1::DataPipeline::StubInterface;
using Tasks = v1::TaskQueue::StubInterface;
using Operations = v1::Operator::StubInterface;

constexpr char kTask[] = R"(worker_group: "g" type: "T")";
constexpr char kRedAccount[] = "111111111111";
constexpr char kBlueAccount[] = "222222222222";

Credential Administrator(const std::string& name, const std::string& account) {
  Credential credential;
  credential.access_key = name;
  credential.secret = "secret";
  credential.principal.account = AccountId{account};
  credential.principal.user = name;
  credential.principal.roles = {Role::kAdministrator};
  return credential;
}

class AccountsTest : public testing::Test {
 protected:
  // Calls a method as the administrator of an account.
  template <typename Stub, typename Input, typename Output>
  Outcome<Output> Call(const std::string& who, Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Input&, Output*),
                       const std::string& input) {
    return server_.Call(stub, method, Parse<Input>(input),
                        absl::StrCat("Bearer ", who, ":secret"));
  }

  // The same, for what must succeed.
  template <typename Stub, typename Input, typename Output>
  Output Do(const std::string& who, Stub& stub,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Input&,
                                         Output*),
            const std::string& input) {
    auto outcome = Call(who, stub, method, input);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    return std::move(outcome.output);
  }

  // Holds that a call of blue's is answered with the very error that it is
  // answered with for `unknown`, which nobody has.
  template <typename Stub, typename Input, typename Output>
  void ExpectUnknown(Stub& stub,
                     grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                  const Input&, Output*),
                     const std::string& of_red, const std::string& unknown) {
    const auto outcome = Call("blue", stub, method, of_red);
    const auto expected = Call("blue", stub, method, unknown);
    EXPECT_FALSE(outcome.status.ok()) << of_red;
    EXPECT_EQ(outcome.status.error_code(), expected.status.error_code());
    EXPECT_EQ(outcome.status.error_message(), expected.status.error_message());
    EXPECT_EQ(outcome.reason().reason(), expected.reason().reason());
    EXPECT_THAT(outcome.status.error_message(), Not(HasSubstr(kRedAccount)));
  }

  std::string Submit(const std::string& who, const std::string& rest = "") {
    return Do(who, server_.queue(), &Tasks::SubmitTasks,
              absl::StrCat("tasks { ", kTask, " } ", rest))
        .names(0);
  }

  CredentialStore store_{Credentials(
      {Administrator("red", kRedAccount), Administrator("blue", kBlueAccount)},
      {})};
  TestServer server_{TestCallers{.credentials = &store_},
                     {.hold_max = absl::Seconds(1)}};
};

TEST_F(AccountsTest, ATaskGoesToRunnersOfItsAccountOnly) {
  Submit("red");
  EXPECT_FALSE(Do("blue", server_.pipeline(), &Pipelines::PollForTask,
                  "worker_group: 'g'")
                   .has_task_object());
  EXPECT_TRUE(Do("red", server_.pipeline(), &Pipelines::PollForTask,
                 "worker_group: 'g'")
                  .has_task_object());
}

TEST_F(AccountsTest, ATaskOfAnotherAccountIsUnknown) {
  const std::string red = absl::StrCat("name: '", Submit("red"), "'");
  const std::string unknown = "name: 'task-77'";
  ExpectUnknown(server_.queue(), &Tasks::GetTask, red, unknown);
  ExpectUnknown(server_.queue(), &Tasks::WaitForTask, red, unknown);
  ExpectUnknown(server_.queue(), &Tasks::CancelTask, red, unknown);
  ExpectUnknown(server_.queue(), &Tasks::RetryTask, red, unknown);
  ExpectUnknown(server_.queue(), &Tasks::RunTaskNow, red, unknown);
  EXPECT_EQ(Do("blue", server_.queue(), &Tasks::ListTasks, "").tasks_size(), 0);
  EXPECT_EQ(Do("red", server_.queue(), &Tasks::ListTasks, "").tasks_size(), 1);
}

TEST_F(AccountsTest, TaskNamesTellNothingOfOtherAccounts) {
  EXPECT_EQ(Submit("red"), "task-1");
  EXPECT_EQ(Submit("blue"), "task-1");
  for (int i = 0; i < 9; ++i) Submit("red");
  EXPECT_EQ(Submit("blue"), "task-2");
  const auto listed = Do("blue", server_.queue(), &Tasks::ListTasks, "");
  ASSERT_EQ(listed.tasks_size(), 2);
  EXPECT_EQ(listed.tasks(0).name(), "task-2");
  EXPECT_EQ(
      Do("blue", server_.queue(), &Tasks::GetTask, "name: 'task-2'").name(),
      "task-2");
  Do("blue", server_.queue(), &Tasks::CancelTask, "name: 'task-1'");
  EXPECT_EQ(
      Do("red", server_.queue(), &Tasks::GetTask, "name: 'task-1'").state(),
      v1::Task::READY);
}

TEST_F(AccountsTest, APageTokenIsOfItsAccountAndRequest) {
  for (int i = 0; i < 3; ++i) Submit("red"), Submit("blue");
  auto& queue = server_.queue();
  const std::string token = absl::StrCat(
      " page_token: '",
      Do("red", queue, &Tasks::ListTasks, "page_size: 1").next_page_token(),
      "'");
  EXPECT_EQ(
      Do("red", queue, &Tasks::ListTasks, "page_size: 9" + token).tasks_size(),
      2);
  for (const std::string& wrong :
       {"worker_group: 'g'" + token, std::string("page_token: '3'"),
        std::string("page_token: ''")}) {
    EXPECT_EQ(Call("red", queue, &Tasks::ListTasks, wrong).status.error_code(),
              grpc::StatusCode::INVALID_ARGUMENT)
        << wrong;
  }
  EXPECT_EQ(Call("blue", queue, &Tasks::ListTasks, token).status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(AccountsTest, AHandOutOfAnotherAccountIsUnknown) {
  Submit("red");
  const std::string id = Do("red", server_.pipeline(), &Pipelines::PollForTask,
                            "worker_group: 'g'")
                             .task_object()
                             .task_id();
  const std::string red = absl::StrCat("task_id: '", id, "' ");
  const std::string unknown = "task_id: 'nothing' ";
  ExpectUnknown(server_.pipeline(), &Pipelines::ReportTaskProgress, red,
                unknown);
  ExpectUnknown(server_.pipeline(), &Pipelines::SetTaskStatus,
                red + "task_status: FINISHED", unknown + "task_status: FAILED");
  ExpectUnknown(server_.queue(), &Tasks::ReleaseTask, red, unknown);
  EXPECT_FALSE(
      Do("red", server_.pipeline(), &Pipelines::ReportTaskProgress, red)
          .canceled());
}

TEST_F(AccountsTest, APipelineOfAnotherAccountIsUnknown) {
  const std::string create = "name: 'p' unique_id: 'u'";
  const std::string id =
      Do("red", server_.pipeline(), &Pipelines::CreatePipeline, create)
          .pipeline_id();
  const std::string red = absl::StrCat("pipeline_id: '", id, "' ");
  const std::string unknown = "pipeline_id: 'df-00000000000000000000' ";
  auto& stub = server_.pipeline();
  ExpectUnknown(stub, &Pipelines::ActivatePipeline, red, unknown);
  ExpectUnknown(stub, &Pipelines::DeactivatePipeline, red, unknown);
  ExpectUnknown(stub, &Pipelines::DeletePipeline, red, unknown);
  ExpectUnknown(stub, &Pipelines::GetPipelineDefinition, red, unknown);
  ExpectUnknown(stub, &Pipelines::PutPipelineDefinition, red, unknown);
  ExpectUnknown(stub, &Pipelines::ValidatePipelineDefinition, red, unknown);
  ExpectUnknown(stub, &Pipelines::AddTags, red, unknown);
  ExpectUnknown(stub, &Pipelines::RemoveTags, red, unknown);
  const auto with = [](const std::string& pipeline, const std::string& rest) {
    return absl::StrCat(pipeline, rest);
  };
  const std::string query = "sphere: 'INSTANCE'";
  ExpectUnknown(stub, &Pipelines::QueryObjects, with(red, query),
                with(unknown, query));
  const std::string objects = "object_ids: 'Default'";
  ExpectUnknown(stub, &Pipelines::DescribeObjects, with(red, objects),
                with(unknown, objects));
  const std::string status = "object_ids: 'Default' status: 'PAUSE'";
  ExpectUnknown(stub, &Pipelines::SetStatus, with(red, status),
                with(unknown, status));
  const std::string expression = "object_id: 'Default' expression: 'x'";
  ExpectUnknown(stub, &Pipelines::EvaluateExpression, with(red, expression),
                with(unknown, expression));
}

TEST_F(AccountsTest, PipelinesOfTheSameNameAreTwo) {
  const std::string create = "name: 'p' unique_id: 'u'";
  auto& stub = server_.pipeline();
  const std::string red =
      Do("red", stub, &Pipelines::CreatePipeline, create).pipeline_id();
  EXPECT_EQ(
      Do("blue", stub, &Pipelines::ListPipelines, "").pipeline_id_list_size(),
      0);
  const std::string blue =
      Do("blue", stub, &Pipelines::CreatePipeline, create).pipeline_id();
  EXPECT_NE(red, blue);
  const auto list = Do("blue", stub, &Pipelines::ListPipelines, "");
  ASSERT_EQ(list.pipeline_id_list_size(), 1);
  EXPECT_EQ(list.pipeline_id_list(0).id(), blue);
  const auto described = Do("blue", stub, &Pipelines::DescribePipelines,
                            absl::StrCat("pipeline_ids: '", blue, "'"))
                             .ShortDebugString();
  EXPECT_THAT(described, HasSubstr(kBlueAccount));
  EXPECT_THAT(described, Not(HasSubstr(kRedAccount)));
}

// DATAPIPELINE section 3.8.
TEST_F(AccountsTest, APipelineTellsWhichUserMadeIt) {
  auto& stub = server_.pipeline();
  const std::string id =
      Do("red", stub, &Pipelines::CreatePipeline, "name: 'p' unique_id: 'u'")
          .pipeline_id();
  const auto description = Do("red", stub, &Pipelines::DescribePipelines,
                              absl::StrCat("pipeline_ids: '", id, "'"))
                               .pipeline_description_list(0);
  std::map<std::string, std::string> fields;
  for (const v1::Field& field : description.fields()) {
    fields[field.key()] = field.string_value();
  }
  EXPECT_EQ(fields["pipelineCreator"], "red");
  EXPECT_EQ(fields["@userId"], kRedAccount);
  EXPECT_EQ(fields["@accountId"], kRedAccount);
}

TEST_F(AccountsTest, ARequestIdIsTheAccountsOwn) {
  const std::string red = Submit("red", "request_id: 'r'");
  Submit("blue");
  EXPECT_NE(Submit("blue", "request_id: 'r'"), red);
  EXPECT_EQ(Submit("red", "request_id: 'r'"), red);
}

TEST_F(AccountsTest, GroupsOfTheSameNameAreTwo) {
  Submit("red");
  Do("red", server_.operations(), &Operations::UpdateGroup,
     "worker_group: 'g' draining: true");
  EXPECT_EQ(Do("blue", server_.operations(), &Operations::ListGroups, "")
                .groups_size(),
            0);
  const v1::Group group = Do("blue", server_.operations(),
                             &Operations::GetGroup, "worker_group: 'g'");
  EXPECT_EQ(group.ready_tasks(), 0);
  EXPECT_FALSE(group.draining());
  Submit("blue");
}

TEST_F(AccountsTest, RunnersOfTheSameNameAreTwo) {
  Do("red", server_.pipeline(), &Pipelines::ReportTaskRunnerHeartbeat,
     "taskrunner_id: 'r' hostname: 'h'");
  Do("red", server_.operations(), &Operations::UpdateRunner,
     "name: 'r' draining: true");
  EXPECT_EQ(Do("blue", server_.operations(), &Operations::ListRunners, "")
                .runners_size(),
            0);
  EXPECT_FALSE(Do("blue", server_.pipeline(),
                  &Pipelines::ReportTaskRunnerHeartbeat, "taskrunner_id: 'r'")
                   .terminate());
  EXPECT_TRUE(Do("red", server_.pipeline(),
                 &Pipelines::ReportTaskRunnerHeartbeat, "taskrunner_id: 'r'")
                  .terminate());
}

}  // namespace
}  // namespace holdline
