// What is there for submitters that are bound to some worker groups.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credential_store.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using Pipelines = v1::DataPipeline::StubInterface;
using Tasks = v1::TaskQueue::StubInterface;

Credential Caller(const std::string& name, Roles roles,
                  std::vector<std::string> groups = {}) {
  Credential credential;
  credential.access_key = name;
  credential.secret = "secret";
  credential.principal.account = AccountId{"111111111111"};
  credential.principal.user = name;
  credential.principal.roles = roles;
  credential.principal.worker_groups = std::move(groups);
  return credential;
}

// A definition with one activity for the group, on demand.
std::string DefinitionFor(const std::string& group) {
  return absl::StrReplaceAll(
      R"pb(pipeline_objects {
             id: "Default"
             name: "Default"
             fields { key: "scheduleType" string_value: "ondemand" }
             fields { key: "workerGroup" string_value: "GROUP" }
           }
           pipeline_objects {
             id: "A"
             name: "A"
             fields { key: "type" string_value: "ShellCommandActivity" }
             fields { key: "command" string_value: "true" }
           }
      )pb",
      {{"GROUP", group}});
}

class BoundSubmittersTest : public testing::Test {
 protected:
  template <typename Stub, typename Input, typename Output>
  Outcome<Output> Call(const std::string& who, Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Input&, Output*),
                       const std::string& input) {
    return server_.Call(stub, method, Parse<Input>(input),
                        absl::StrCat("Bearer ", who, ":secret"));
  }

  template <typename Stub, typename Input, typename Output>
  Output Do(const std::string& who, Stub& stub,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Input&,
                                         Output*),
            const std::string& input) {
    auto outcome = Call(who, stub, method, input);
    EXPECT_TRUE(outcome.status.ok())
        << outcome.status.error_message() << " of " << input;
    return std::move(outcome.output);
  }

  // The error name of what the one who is bound is refused.
  template <typename Stub, typename Input, typename Output>
  std::string Refused(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                   const Input&, Output*),
                      const std::string& input) {
    const auto outcome = Call("bound", stub, method, input);
    EXPECT_FALSE(outcome.status.ok()) << input;
    return outcome.status.ok() ? "" : outcome.reason().reason();
  }

  static std::string NewTasks(const std::string& group) {
    return absl::StrCat("tasks { worker_group: '", group,
                        "' type: 'ShellCommandActivity' fields { key: "
                        "'command' string_value: 'true' } }");
  }

  std::string Submit(const std::string& who, const std::string& group) {
    return absl::StrCat(
        "name: '",
        Do(who, server_.queue(), &Tasks::SubmitTasks, NewTasks(group)).names(0),
        "'");
  }

  // Makes a pipeline, and returns what names it in an input.
  std::string Create(const std::string& who, const std::string& name) {
    return absl::StrCat("pipeline_id: '",
                        Do(who, server_.pipeline(), &Pipelines::CreatePipeline,
                           absl::StrCat("name: '", name, "' unique_id: 'u'"))
                            .pipeline_id(),
                        "' ");
  }

  std::string Put(const std::string& who, const std::string& group) {
    const std::string pipeline = Create(who, group);
    EXPECT_FALSE(Do(who, server_.pipeline(), &Pipelines::PutPipelineDefinition,
                    pipeline + DefinitionFor(group))
                     .errored());
    return pipeline;
  }

  CredentialStore store_{Credentials(
      {Caller("free", {Role::kSubmitter}),
       Caller("bound", {Role::kSubmitter}, {"etl-*", "reports"}),
       Caller("seeing", {Role::kSubmitter, Role::kOperator}, {"etl-*"})},
      {})};
  TestServer server_{TestCallers{.credentials = &store_},
                     {.hold_max = absl::Milliseconds(1)}};
};

TEST_F(BoundSubmittersTest, SubmitToTheirGroupsOnly) {
  auto& queue = server_.queue();
  Submit("bound", "etl-1");
  Submit("bound", "reports");
  for (const char* group : {"payroll", "etl", "reports-2"}) {
    EXPECT_EQ(Refused(queue, &Tasks::SubmitTasks, NewTasks(group)),
              "AccessDenied");
    EXPECT_EQ(Refused(queue, &Tasks::SubmitTasks,
                      NewTasks("etl-1") + NewTasks(group)),
              "AccessDenied");
    Submit("free", group);
  }
  EXPECT_EQ(Do("bound", queue, &Tasks::ListTasks, "").tasks_size(), 2);
  EXPECT_EQ(Do("free", queue, &Tasks::ListTasks, "").tasks_size(), 5);
}

TEST_F(BoundSubmittersTest, DoNotFindTasksOfOtherGroups) {
  auto& queue = server_.queue();
  const std::string other = Submit("free", "payroll");
  const std::string own = Submit("free", "etl-1");
  EXPECT_EQ(Refused(queue, &Tasks::GetTask, other), "TaskNotFoundException");
  Do("bound", queue, &Tasks::GetTask, own);
  Do("seeing", queue, &Tasks::GetTask, other);
  EXPECT_EQ(Refused(queue, &Tasks::WaitForTask, other),
            "TaskNotFoundException");
  EXPECT_EQ(Refused(queue, &Tasks::CancelTask, other), "TaskNotFoundException");
  EXPECT_EQ(Call("seeing", queue, &Tasks::CancelTask, other).reason().reason(),
            "TaskNotFoundException");
  Do("free", queue, &Tasks::CancelTask, other);
  EXPECT_EQ(Refused(queue, &Tasks::RetryTask, other), "TaskNotFoundException");
  EXPECT_EQ(Do("bound", queue, &Tasks::ListTasks, "worker_group: 'payroll'")
                .tasks_size(),
            0);
  Do("bound", queue, &Tasks::WaitForTask, own);
  Do("bound", queue, &Tasks::CancelTask, own);
  Do("bound", queue, &Tasks::RetryTask, own);
}

TEST_F(BoundSubmittersTest, SaveNoDefinitionThatNamesOtherGroups) {
  auto& stub = server_.pipeline();
  const std::string pipeline = Create("bound", "p");
  const std::string own = DefinitionFor("etl-1");
  const std::string machine =
      own +
      "pipeline_objects { id: 'M' name: 'M' fields { key: 'type' "
      "string_value: 'Ec2Resource' } }";
  const std::string parameter =
      DefinitionFor("#{myGroup}") +
      "parameter_values { id: 'myGroup' string_value: 'payroll' }";
  for (const std::string& definition :
       {DefinitionFor("payroll"), DefinitionFor("#{myGroup}"), machine,
        parameter}) {
    EXPECT_EQ(
        Refused(stub, &Pipelines::PutPipelineDefinition, pipeline + definition),
        "AccessDenied");
    EXPECT_EQ(Refused(stub, &Pipelines::ValidatePipelineDefinition,
                      pipeline + definition),
              "AccessDenied");
  }
  Do("bound", stub, &Pipelines::ValidatePipelineDefinition, pipeline + own);
  Do("bound", stub, &Pipelines::PutPipelineDefinition, pipeline + own);
  Do("bound", stub, &Pipelines::ActivatePipeline, pipeline);
}

TEST_F(BoundSubmittersTest, ActivateNothingForOtherGroups) {
  auto& stub = server_.pipeline();
  const std::string pipeline = Create("bound", "p");
  Do("bound", stub, &Pipelines::PutPipelineDefinition,
     pipeline + DefinitionFor("#{myGroup}") +
         "parameter_values { id: 'myGroup' string_value: 'etl-1' }");
  EXPECT_EQ(Refused(stub, &Pipelines::ActivatePipeline,
                    pipeline + "parameter_values { id: 'myGroup' "
                               "string_value: 'payroll' }"),
            "AccessDenied");
  Do("bound", stub, &Pipelines::ActivatePipeline,
     pipeline + "parameter_values { id: 'myGroup' string_value: 'etl-2' }");
}

TEST_F(BoundSubmittersTest, DoNotFindPipelinesOfOtherGroups) {
  auto& stub = server_.pipeline();
  const std::string own = Put("bound", "etl-1");
  const std::string other = Put("free", "payroll");
  const std::string gone = "PipelineNotFoundException";
  EXPECT_EQ(Refused(stub, &Pipelines::ActivatePipeline, other), gone);
  EXPECT_EQ(Refused(stub, &Pipelines::DeactivatePipeline, other), gone);
  EXPECT_EQ(Refused(stub, &Pipelines::DeletePipeline, other), gone);
  EXPECT_EQ(Refused(stub, &Pipelines::PutPipelineDefinition,
                    other + DefinitionFor("etl-1")),
            gone);
  EXPECT_EQ(Refused(stub, &Pipelines::ValidatePipelineDefinition,
                    other + DefinitionFor("etl-1")),
            gone);
  EXPECT_EQ(Refused(stub, &Pipelines::GetPipelineDefinition, other), gone);
  EXPECT_EQ(Refused(stub, &Pipelines::AddTags,
                    other + "tags { key: 'k' value: 'v' }"),
            gone);
  EXPECT_EQ(Refused(stub, &Pipelines::RemoveTags, other + "tag_keys: 'k'"),
            gone);
  EXPECT_EQ(Refused(stub, &Pipelines::SetStatus,
                    other + "object_ids: 'A' status: 'PAUSE'"),
            gone);
  EXPECT_EQ(
      Refused(stub, &Pipelines::QueryObjects, other + "sphere: 'COMPONENT'"),
      gone);
  EXPECT_EQ(
      Refused(stub, &Pipelines::DescribeObjects, other + "object_ids: 'A'"),
      gone);
  EXPECT_EQ(Refused(stub, &Pipelines::EvaluateExpression,
                    other + "object_id: 'A' expression: 'x'"),
            gone);
  const auto listed = Do("bound", stub, &Pipelines::ListPipelines, "");
  ASSERT_EQ(listed.pipeline_id_list_size(), 1);
  EXPECT_THAT(own, testing::HasSubstr(listed.pipeline_id_list(0).id()));
  EXPECT_EQ(
      Do("seeing", stub, &Pipelines::ListPipelines, "").pipeline_id_list_size(),
      2);
  EXPECT_EQ(Call("seeing", stub, &Pipelines::ActivatePipeline, other)
                .reason()
                .reason(),
            gone);
  Do("bound", stub, &Pipelines::GetPipelineDefinition, own);
  Do("bound", stub, &Pipelines::DeletePipeline, own);
  Do("free", stub, &Pipelines::ActivatePipeline, other);
}

TEST_F(BoundSubmittersTest, DoNotFindRunsThatWereMadeForOtherGroups) {
  auto& stub = server_.pipeline();
  const std::string pipeline = Put("free", "payroll");
  Do("free", stub, &Pipelines::ActivatePipeline, pipeline);
  Do("free", stub, &Pipelines::PutPipelineDefinition,
     pipeline + DefinitionFor("etl-1"));
  Do("free", stub, &Pipelines::ActivatePipeline, pipeline);
  const auto runs = Do("free", stub, &Pipelines::QueryObjects,
                       pipeline + "sphere: 'INSTANCE'");
  ASSERT_GT(runs.ids_size(), 0);
  EXPECT_EQ(Refused(stub, &Pipelines::DescribeObjects,
                    absl::StrCat(pipeline, "object_ids: '", runs.ids(0), "'")),
            "PipelineNotFoundException");
}

}  // namespace
}  // namespace holdline
