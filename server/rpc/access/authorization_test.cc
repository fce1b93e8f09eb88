#include "server/rpc/access/authorization.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/base/error_reason.h"
#include "server/rpc/testing/all_methods.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::MethodOptions;
using ::testing::ElementsAre;

const MethodDescriptor* Method(const std::string& name) {
  for (const MethodDescriptor* method : AllMethods()) {
    if (method->name() == name) return method;
  }
  return nullptr;
}

Principal With(Roles roles, std::vector<std::string> groups = {}) {
  Principal caller;
  caller.account = AccountId{"111122223333"};
  caller.user = "ann";
  caller.roles = roles;
  caller.worker_groups = std::move(groups);
  return caller;
}

bool MayPoll(const Principal& caller, const std::string& group) {
  v1::PollForTaskInput input;
  input.set_worker_group(group);
  return Authorization(Method("PollForTask")).Check(caller, input).ok();
}

TEST(Authorization, EveryMethodDeclaresWhoMayCallIt) {
  for (const MethodDescriptor* method : AllMethods()) {
    EXPECT_GT(method->options().ExtensionSize(v1::roles), 0)
        << method->full_name();
    for (int i = 0; i < method->options().ExtensionSize(v1::roles); ++i) {
      EXPECT_NE(method->options().GetExtension(v1::roles, i),
                v1::ROLE_UNSPECIFIED)
          << method->full_name();
    }
  }
}

TEST(Authorization, MethodsThatOnlyReadSaySo) {
  std::set<std::string> reading;
  for (const MethodDescriptor* method : AllMethods()) {
    if (method->options().idempotency_level() ==
        MethodOptions::NO_SIDE_EFFECTS) {
      reading.insert(method->name());
    }
  }
  EXPECT_THAT(
      reading,
      ElementsAre("DescribeObjects", "DescribePipelines", "EvaluateExpression",
                  "GetGroup", "GetPipelineDefinition", "GetTask", "ListGroups",
                  "ListPipelines", "ListRunners", "ListTasks", "QueryObjects",
                  "ValidatePipelineDefinition", "WaitForTask", "WatchGroups"));
}

TEST(Authorization, RunnersAreBoundWhereverTheySayWhichGroupTheyServe) {
  std::vector<std::string> bound;
  for (const MethodDescriptor* method : AllMethods()) {
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor* field = method->input_type()->field(i);
      if (!field->options().GetExtension(v1::served_group)) continue;
      EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING);
      EXPECT_FALSE(field->is_repeated());
      bound.push_back(absl::StrCat(method->name(), ".", field->name()));
    }
  }
  EXPECT_THAT(bound, ElementsAre("PollForTask.worker_group",
                                 "ReportTaskRunnerHeartbeat.worker_group"));
}

TEST(Authorization, ARunnerPollsItsGroupsByNameOrPrefix) {
  const Principal runner = With({Role::kRunner}, {"reports", "etl-*"});
  EXPECT_TRUE(MayPoll(runner, "reports"));
  EXPECT_TRUE(MayPoll(runner, "etl-night"));
  EXPECT_FALSE(MayPoll(runner, "reports-2"));
  EXPECT_FALSE(MayPoll(runner, "Reports"));
  EXPECT_FALSE(MayPoll(runner, "etl"));
  EXPECT_FALSE(MayPoll(With({Role::kRunner}), "reports"));
}

TEST(Authorization, GroupsWithoutTheRoleAreNotEnough) {
  EXPECT_FALSE(MayPoll(With({Role::kSubmitter}, {"*"}), "reports"));
  EXPECT_FALSE(MayPoll(With({}, {"*"}), "reports"));
  EXPECT_FALSE(MayPoll(With({Role::kGateway}, {"*"}), "reports"));
}

TEST(Authorization, AnAdministratorIsBoundToNoGroup) {
  EXPECT_TRUE(MayPoll(With({Role::kAdministrator}), "reports"));
}

TEST(Authorization, AHeartbeatNeedNotNameAGroup) {
  const Authorization heartbeat(Method("ReportTaskRunnerHeartbeat"));
  const Principal runner = With({Role::kRunner}, {"reports"});
  v1::ReportTaskRunnerHeartbeatInput input;
  EXPECT_TRUE(heartbeat.Check(runner, input).ok());
  input.set_worker_group("reports");
  EXPECT_TRUE(heartbeat.Check(runner, input).ok());
  input.set_worker_group("other");
  EXPECT_FALSE(heartbeat.Check(runner, input).ok());
}

TEST(Authorization, ARefusalNamesTheCallerAndTheActionOnly) {
  const std::map<std::string, std::string> actions = {
      {"PollForTask", "datapipeline:PollForTask"},
      {"GetTask", "taskqueue:GetTask"},
      {"UpdateGroup", "operator:UpdateGroup"}};
  for (const auto& [name, action] : actions) {
    const MethodDescriptor* const method = Method(name);
    const auto* const input =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(
            method->input_type());
    const absl::Status status = Authorization(method).Check(With({}), *input);
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(NamedReason(status), "AccessDenied");
    EXPECT_EQ(status.message(),
              absl::StrCat("User: arn:aws:iam::111122223333:user/ann is not "
                           "authorized to perform: ",
                           action));
  }
}

}  // namespace
}  // namespace holdline
