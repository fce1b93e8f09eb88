// Every method of every service, called by somebody with each role.

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "proto/metadata_keys.h"
#include "server/auth/credentials/credential_store.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

// A method, and the letters of those who may call it besides administrators:
// submitters, runners, operators.
struct Row {
  const char* method;
  const char* allowed;
};

constexpr Row kRows[] = {
    {"DataPipeline/ActivatePipeline", "s"},
    {"DataPipeline/AddTags", "s"},
    {"DataPipeline/CreatePipeline", "s"},
    {"DataPipeline/DeactivatePipeline", "s"},
    {"DataPipeline/DeletePipeline", "s"},
    {"DataPipeline/DescribeObjects", "so"},
    {"DataPipeline/DescribePipelines", "so"},
    {"DataPipeline/EvaluateExpression", "sro"},
    {"DataPipeline/GetPipelineDefinition", "so"},
    {"DataPipeline/ListPipelines", "so"},
    {"DataPipeline/PollForTask", "r"},
    {"DataPipeline/PutPipelineDefinition", "s"},
    {"DataPipeline/QueryObjects", "so"},
    {"DataPipeline/RemoveTags", "s"},
    {"DataPipeline/ReportTaskProgress", "r"},
    {"DataPipeline/ReportTaskRunnerHeartbeat", "r"},
    {"DataPipeline/SetStatus", "s"},
    {"DataPipeline/SetTaskStatus", "r"},
    {"DataPipeline/ValidatePipelineDefinition", "so"},
    {"TaskQueue/SubmitTasks", "s"},
    {"TaskQueue/GetTask", "so"},
    {"TaskQueue/ListTasks", "so"},
    {"TaskQueue/WaitForTask", "so"},
    {"TaskQueue/CancelTask", "s"},
    {"TaskQueue/RetryTask", "s"},
    {"TaskQueue/RunTaskNow", "so"},
    {"TaskQueue/ReleaseTask", "r"},
    {"Operator/ListGroups", "o"},
    {"Operator/GetGroup", "o"},
    {"Operator/UpdateGroup", "o"},
    {"Operator/ListRunners", "o"},
    {"Operator/UpdateRunner", "o"},
    {"Operator/WatchGroups", "o"},
};

struct User {
  const char* name;
  char letter;
  Roles roles;
};

const User kUsers[] = {
    {"submitter", 's', {Role::kSubmitter}},
    {"runner", 'r', {Role::kRunner}},
    {"operator", 'o', {Role::kOperator}},
    {"administrator", 'a', {Role::kAdministrator}},
    {"gateway", 'g', {Role::kGateway}},
    {"nobody", 'n', {}},
};

Credentials AllUsers() {
  std::vector<Credential> credentials;
  for (const User& user : kUsers) {
    Credential credential;
    credential.access_key = user.name;
    credential.secret = "secret";
    credential.principal.account = AccountId{"111122223333"};
    credential.principal.user = user.name;
    credential.principal.roles = user.roles;
    credential.principal.worker_groups = {"x*"};
    credentials.push_back(credential);
  }
  return Credentials(std::move(credentials), {});
}

Metadata As(const std::string& access_key) {
  return {{kAuthorizationKey, absl::StrCat("Bearer ", access_key, ":secret")}};
}

const MethodDescriptor* Find(const std::string& path) {
  std::string name = absl::StrCat("holdline.v1.", path);
  name[name.find('/')] = '.';
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      name);
}

void FillRequired(Message* message) {
  const google::protobuf::Descriptor* type = message->GetDescriptor();
  const google::protobuf::Reflection* reflection = message->GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->is_repeated() ||
        !field->options().GetExtension(v1::limits).required()) {
      continue;
    }
    if (field->type() == FieldDescriptor::TYPE_STRING) {
      reflection->SetString(message, field, "x");
    } else if (field->type() == FieldDescriptor::TYPE_ENUM) {
      reflection->SetEnumValue(message, field, 1);
    } else if (field->type() == FieldDescriptor::TYPE_BOOL) {
      reflection->SetBool(message, field, true);
    }
  }
}

// Returns a request that keeps every limit.
std::string ValidRequest(const MethodDescriptor* method) {
  const std::unique_ptr<Message> input(
      google::protobuf::MessageFactory::generated_factory()
          ->GetPrototype(method->input_type())
          ->New());
  FillRequired(input.get());
  return input->SerializeAsString();
}

class AccessWalkTest : public testing::TestWithParam<Row> {
 protected:
  static void SetUpTestSuite() {
    store_ = new CredentialStore(AllUsers());
    server_ = new TestServer(TestCallers{.credentials = store_},
                             {.hold_max = absl::Milliseconds(1)});
  }
  static void TearDownTestSuite() {
    delete server_;
    delete store_;
  }

  Outcome<std::string> Call(const Metadata& metadata,
                            const std::string& request) {
    const RawOutcome raw = RawCall(
        server_->channel(), absl::StrCat("/holdline.v1.", GetParam().method),
        request, metadata);
    return {raw.status, raw.response, ""};
  }

  static CredentialStore* store_;
  static TestServer* server_;
};

CredentialStore* AccessWalkTest::store_ = nullptr;
TestServer* AccessWalkTest::server_ = nullptr;

TEST_P(AccessWalkTest, ServesThoseWhoHaveTheRoleAndRefusesOthers) {
  const MethodDescriptor* const method = Find(GetParam().method);
  ASSERT_NE(method, nullptr);
  const std::string request = ValidRequest(method);
  for (const User& user : kUsers) {
    const auto outcome = Call(As(user.name), request);
    const bool allowed =
        user.letter == 'a' ||
        absl::string_view(GetParam().allowed).find(user.letter) !=
            absl::string_view::npos;
    if (allowed) {
      EXPECT_NE(outcome.status.error_code(),
                grpc::StatusCode::PERMISSION_DENIED)
          << user.name;
      EXPECT_NE(outcome.status.error_code(), grpc::StatusCode::UNAUTHENTICATED)
          << user.name;
      continue;
    }
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::PERMISSION_DENIED)
        << user.name;
    EXPECT_EQ(outcome.reason().reason(), "AccessDenied");
    EXPECT_EQ(outcome.reason().metadata_size(), 1);  // the request id
    EXPECT_THAT(outcome.status.error_message(),
                testing::MatchesRegex(absl::StrCat(
                    "User: arn:aws:iam::111122223333:user/", user.name,
                    " is not authorized to perform: [a-z]*:", method->name())));
  }
}

TEST_P(AccessWalkTest, RefusesThoseWhoAreNotKnownBeforeItReadsAnything) {
  for (const char* request : {"", "\xFF\xFF\xFF"}) {
    EXPECT_EQ(Call({}, request).reason().reason(),
              "MissingAuthenticationTokenException");
    EXPECT_EQ(Call({{kAuthorizationKey, "Bearer administrator:other"}}, request)
                  .reason()
                  .reason(),
              "UnrecognizedClientException");
    EXPECT_EQ(Call({}, request).status.error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
  }
}

TEST_P(AccessWalkTest, AsksForTheRoleBeforeItReadsTheRequest) {
  for (const std::string& request :
       {std::string("\xFF\xFF\xFF"), std::string(1 << 20, '\x0A')}) {
    EXPECT_EQ(Call(As("nobody"), request).reason().reason(), "AccessDenied");
    EXPECT_EQ(Call(As("administrator"), request).status.error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_P(AccessWalkTest, AGatewayCallsAsTheOneItSpeaksFor) {
  const MethodDescriptor* const method = Find(GetParam().method);
  const std::string request = ValidRequest(method);
  for (const char* access_key : {"administrator", "nobody"}) {
    Metadata metadata = As("gateway");
    metadata.emplace(kOnBehalfOfKey, access_key);
    const auto outcome = Call(metadata, request);
    EXPECT_EQ(
        outcome.status.error_code() == grpc::StatusCode::PERMISSION_DENIED,
        std::string(access_key) == "nobody");
  }
  Metadata metadata = As("administrator");
  metadata.emplace(kOnBehalfOfKey, "administrator");
  EXPECT_EQ(Call(metadata, request).reason().reason(), "AccessDenied");
}

INSTANTIATE_TEST_SUITE_P(AllMethods, AccessWalkTest, testing::ValuesIn(kRows),
                         [](const testing::TestParamInfo<Row>& row) {
                           std::string name = row.param.method;
                           name[name.find('/')] = '_';
                           return name;
                         });

TEST(AccessWalk, LeavesOutNoMethod) {
  size_t methods = 0;
  for (const auto* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::NewTask::descriptor()->file(), v1::Group::descriptor()->file()}) {
    methods += file->service(0)->method_count();
  }
  EXPECT_EQ(methods, std::size(kRows));
}

TEST(Access, HealthAndReflectionAreOpen) {
  CredentialStore store{Credentials()};
  TestServer server(TestCallers{.credentials = &store});
  const RawOutcome health =
      RawCall(server.channel(), "/grpc.health.v1.Health/Check", "");
  EXPECT_TRUE(health.status.ok()) << health.status.error_message();
  const RawOutcome reflection = RawStreamCall(
      server.channel(),
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      std::string("\x3A\x00", 2));
  EXPECT_TRUE(reflection.status.ok()) << reflection.status.error_message();
}

TEST(Access, TheGatewayOfThisProcessSpeaksForOthers) {
  CredentialStore store{AllUsers()};
  TestServer server(TestCallers{.credentials = &store});
  Metadata metadata = {
      {kAuthorizationKey, server.server().gateway_authorization()},
      {kOnBehalfOfKey, "operator"}};
  const std::string method = "/holdline.v1.Operator/ListGroups";
  const auto channel = server.server().InProcessChannel();
  const grpc::Status status = RawCall(channel, method, "", metadata).status;
  EXPECT_TRUE(status.ok()) << status.error_message();
  store.Replace(Credentials());
  EXPECT_EQ(RawCall(channel, method, "", metadata).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(Access, AGatewayMayTellTheAddressAndIsNotToldTheRequestId) {
  CredentialStore store{AllUsers()};
  TestServer server(TestCallers{.credentials = &store});
  const std::pair<const char*, size_t> told[] = {{"operator", 1},
                                                 {"operator 192.0.2.7", 0}};
  for (const auto& [other, ids] : told) {
    grpc::ClientContext context;
    context.AddMetadata(kAuthorizationKey, "Bearer gateway:secret");
    context.AddMetadata(kOnBehalfOfKey, other);
    v1::ListGroupsResponse groups;
    const grpc::Status status =
        server.operations().ListGroups(&context, {}, &groups);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(context.GetServerTrailingMetadata().count(kRequestIdKey), ids)
        << other;
  }
}

TEST(Access, AGatewaySpeaksForOneCaller) {
  CredentialStore store{AllUsers()};
  TestServer server(TestCallers{.credentials = &store});
  Metadata metadata = As("gateway");
  for (const char* other : {"operator", "operator 192.0.2.7"}) {
    metadata.emplace(kOnBehalfOfKey, other);
  }
  EXPECT_EQ(RawCall(server.channel(), "/holdline.v1.Operator/ListGroups", "",
                    metadata)
                .status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
}

TEST(Access, NothingTellsWhetherATaskExistsToThoseWhoMayNotSeeIt) {
  CredentialStore store{AllUsers()};
  TestServer server(TestCallers{.credentials = &store});
  v1::SubmitTasksRequest tasks;
  *tasks.add_tasks() = Parse<v1::NewTask>(R"(worker_group: "x" type: "T")");
  const auto submitted =
      server.Call(server.queue(), &v1::TaskQueue::StubInterface::SubmitTasks,
                  tasks, "Bearer submitter:secret");
  ASSERT_TRUE(submitted.status.ok()) << submitted.status.error_message();
  std::vector<std::string> messages;
  for (const std::string& name :
       {submitted.output.names(0), std::string("task-77"), std::string("x")}) {
    v1::GetTaskRequest request;
    request.set_name(name);
    const auto outcome =
        server.Call(server.queue(), &v1::TaskQueue::StubInterface::GetTask,
                    request, "Bearer runner:secret");
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    messages.push_back(outcome.status.error_message());
  }
  EXPECT_EQ(messages[0], messages[1]);
  EXPECT_EQ(messages[0], messages[2]);
}

TEST(Access, APollIsHeldNoLongerThanItsCallerAllows) {
  Credential impatient;
  impatient.access_key = "impatient";
  impatient.secret = "secret";
  impatient.principal.roles = {Role::kRunner};
  impatient.principal.worker_groups = {"*"};
  impatient.principal.hold_max = absl::Milliseconds(1);
  CredentialStore store{Credentials({impatient}, {})};
  TestServer server(TestCallers{.credentials = &store});
  v1::PollForTaskInput input;
  input.set_worker_group("g");
  const auto outcome = server.Call(
      server.pipeline(), &v1::DataPipeline::StubInterface::PollForTask, input,
      "Bearer impatient:secret");
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_FALSE(outcome.output.has_task_object());
}

}  // namespace
}  // namespace holdline
