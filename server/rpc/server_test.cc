// How the server starts, what it tells of itself, and how it stops.

#include "server/rpc/server.h"

#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "proto/metadata_keys.h"
#include "server/base/steady_time.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr char kReflection[] =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
constexpr char kHello[] = R"pb(worker_group: "g" type: "T")pb";

absl::Status StartAt(const RpcOptions& options) {
  return RpcServer::Start(options, {}, std::string(32, 's')).status();
}

TEST(ServerStartTest, ListensBeyondLoopbackWithCredentialsAndTlsOnly) {
  const absl::Status status = StartAt({.address = "0.0.0.0:0"});
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("needs credentials and TLS"));
}

TEST(ServerStartTest, ASecondServerOnThePortFailsClearly) {
  TestServer server;
  const absl::Status status = StartAt({.address = server.server().address()});
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(server.server().address()));
  EXPECT_THAT(std::string(status.message()), HasSubstr("in use"));
}

TEST(ServerStartTest, NamesAnOptionThatMakesNoSense) {
  for (const RpcOptions& options :
       {RpcOptions{.hold_max = absl::ZeroDuration()},
        RpcOptions{.hold_max = absl::Seconds(91)},
        RpcOptions{.hold_margin = absl::Seconds(-1)},
        RpcOptions{.payload_max = 2000, .message_max = 1000}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(StartAt(options)));
  }
}

// How often somebody may list groups in a row, of at most ten times.
int AdmittedAtOnce(TestServer& server, const Metadata& metadata) {
  int count = 0;
  while (count < 10 && RawCall(server.channel(),
                               "/holdline.v1.Operator/ListGroups", "", metadata)
                           .status.ok()) {
    ++count;
  }
  return count;
}

// A channel with a connection of its own.
std::shared_ptr<grpc::Channel> NewChannel(TestServer& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(
      server.server().address(), grpc::InsecureChannelCredentials(), arguments);
}

grpc::Status CallAnew(TestServer& server) {
  return RawCall(NewChannel(server), "/holdline.v1.Operator/ListGroups", "")
      .status;
}

TEST(ServerConnectionTest, ManyMayConnectLongBeforeTheyCall) {
  TestServer server(
      {.connections = {.unauthenticated_max = 4,
                       .authentication_timeout = absl::Milliseconds(10)}});
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < 50; ++i) channels.push_back(NewChannel(server));
  for (const auto& channel : channels) channel->GetState(true);
  for (const auto& channel : channels) {
    ASSERT_TRUE(
        channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience)));
  }
  for (const auto& channel : channels) {
    // A client may call before it has seen that its connection gave way.
    grpc::Status status;
    do {
      status = RawCall(channel, "/holdline.v1.Operator/ListGroups", "").status;
    } while (status.error_code() == grpc::StatusCode::UNAVAILABLE);
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
}

TEST(ServerConnectionTest, ACallMakesRoomForAnotherConnection) {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    TestServer server(
        {.address = address,
         .connections = {.unauthenticated_max = 1,
                         .authentication_timeout = absl::Hours(1)}});
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(CallAnew(server).ok());
    EXPECT_TRUE(
        RawCall(server.channel(), "/holdline.v1.Operator/ListGroups", "")
            .status.ok());
    EXPECT_TRUE(CallAnew(server).ok());
  }
}

TEST(ServerRatesTest, CallersAreThrottledUnlessTheirGatewayHasDoneSo) {
  CallRates rates({{"ListGroups", {0.001, 3}}});
  TestServer server(TestCallers{.rates = &rates});
  EXPECT_EQ(AdmittedAtOnce(server, {}), 3);
  EXPECT_EQ(AdmittedAtOnce(server, {{kOnBehalfOfKey, ""}}), 10);
  const grpc::Status refused =
      RawCall(server.channel(), "/holdline.v1.Operator/ListGroups", "").status;
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.error_message(), "Rate exceeded");
  EXPECT_THAT(refused.error_details(), HasSubstr("ThrottlingException"));
}

// The health of a service, by the wire form of grpc.health.v1.
std::string Health(TestServer& server, const std::string& service) {
  const RawOutcome outcome = RawCall(
      server.channel(), "/grpc.health.v1.Health/Check",
      service.empty()
          ? ""
          : std::string("\x0A") + static_cast<char>(service.size()) + service);
  if (!outcome.status.ok()) return outcome.status.error_message();
  if (outcome.response == std::string("\x08\x01")) return "SERVING";
  if (outcome.response == std::string("\x08\x02")) return "NOT_SERVING";
  return "?";
}

TEST(ServerTest, TellsTheHealthOfEachService) {
  TestServer server;
  for (const char* service :
       {"", "holdline.v1.DataPipeline", "holdline.v1.TaskQueue",
        "holdline.v1.Operator"}) {
    EXPECT_EQ(Health(server, service), "SERVING");
  }
  EXPECT_NE(Health(server, "other"), "SERVING");
  server.server().SetServing(false);
  EXPECT_EQ(Health(server, "holdline.v1.TaskQueue"), "NOT_SERVING");
  server.server().SetServing(true);
  EXPECT_EQ(Health(server, "holdline.v1.TaskQueue"), "SERVING");
}

TEST(ServerTest, DescribesItsServices) {
  TestServer server;
  // ListServices: field 7 of ServerReflectionRequest, an empty string.
  const RawOutcome outcome =
      RawStreamCall(server.channel(), kReflection, std::string("\x3A\x00", 2));
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  for (const char* service :
       {"holdline.v1.DataPipeline", "holdline.v1.TaskQueue",
        "holdline.v1.Operator", "grpc.health.v1.Health"}) {
    EXPECT_THAT(outcome.response, HasSubstr(service));
  }
}

TEST(ServerTest, DescribesTheHealthServiceAndTheDetailsOfErrors) {
  TestServer server;
  const std::pair<const char*, const char*> files[] = {
      {"grpc.health.v1.Health", "health.proto"},
      {"google.rpc.ErrorInfo", "error_details.proto"}};
  for (const auto& [symbol, file] : files) {
    // A ServerReflectionRequest with file_containing_symbol.
    const RawOutcome outcome = RawStreamCall(
        server.channel(), kReflection,
        std::string("\x22") + static_cast<char>(strlen(symbol)) + symbol);
    EXPECT_THAT(outcome.response, HasSubstr(file)) << symbol;
  }
}

TEST(ServerTest, ReturnsTheRequestIdThatTheCallerGave) {
  TestServer server;
  grpc::ClientContext context;
  context.AddMetadata(kRequestIdKey, "my-id.1");
  v1::GetTaskRequest request;
  request.set_name("task-1");
  Outcome<v1::Task> outcome;
  outcome.status = server.queue().GetTask(&context, request, &outcome.output);
  EXPECT_EQ(outcome.reason().metadata().at("requestId"), "my-id.1");
  const auto& trailer = context.GetServerTrailingMetadata();
  EXPECT_EQ(trailer.find(kRequestIdKey)->second, "my-id.1");
}

TEST(ServerTest, MakesARequestIdWhereTheGivenOneIsNotFit) {
  TestServer server;
  for (const std::string& id :
       {std::string("with space"), std::string(129, 'x')}) {
    grpc::ClientContext context;
    context.AddMetadata(kRequestIdKey, id);
    v1::Group group;
    v1::GetGroupRequest request;
    request.set_worker_group("g");
    EXPECT_TRUE(server.operations().GetGroup(&context, request, &group).ok());
    const auto& trailer = context.GetServerTrailingMetadata();
    EXPECT_EQ(trailer.find(kRequestIdKey)->second.size(), 36u);
  }
}

TEST(ServerTest, TakesLargeMessagesAndRefusesTooLargeOnes) {
  TestServer server;
  const std::string method = "/holdline.v1.TaskQueue/GetTask";
  v1::GetTaskRequest request;
  request.set_name(std::string(20 << 20, 'n'));
  EXPECT_EQ(RawCall(server.channel(), method, request.SerializeAsString())
                .status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.set_name(std::string(25 << 20, 'n'));
  EXPECT_EQ(RawCall(server.channel(), method, request.SerializeAsString())
                .status.error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(server.Submit(kHello), "task-1");
}

// To the server it is the same whether the caller hung up or said that no
// request would come; only the latter is told of it.
TEST(ServerTest, ACallThatEndsBeforeItsRequestIsCancelled) {
  TestServer server;
  grpc::GenericStub stub(server.channel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag = nullptr;
  bool ok = false;
  const auto call = stub.PrepareCall(
      &context, "/holdline.v1.DataPipeline/PollForTask", &queue);
  call->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  call->WritesDone(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  grpc::Status status;
  call->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_THAT(status.error_message(), HasSubstr("before its request"));
}

TEST(ServerTest, RefusesATaskWhosePayloadIsTooLarge) {
  TestServer server({.payload_max = 2000});
  v1::SubmitTasksRequest request;
  *request.add_tasks() = Parse<v1::NewTask>(kHello);
  v1::Field* field = request.mutable_tasks(0)->add_fields();
  field->set_key("command");
  field->set_string_value(std::string(2000, 'x'));
  const auto outcome = server.Call(
      server.queue(), &v1::TaskQueue::StubInterface::SubmitTasks, request);
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(outcome.status.error_message(), HasSubstr("2000 bytes"));
}

TEST(ServerStopTest, ParkedPollsAreAnsweredEmptyAndSpread) {
  TestServer server({.drain_spread = absl::Milliseconds(200)});
  std::vector<std::unique_ptr<PendingCall<v1::PollForTaskOutput>>> polls;
  for (int i = 0; i < 20; ++i) polls.push_back(server.Park("g"));
  const absl::Time start = SteadyNow();
  server.server().Stop(start + absl::Seconds(20));
  EXPECT_LT(SteadyNow(), start + absl::Seconds(15));
  for (const auto& poll : polls) {
    EXPECT_TRUE(poll->Wait().status.ok()) << poll->Wait().status.error_code();
    EXPECT_FALSE(poll->Wait().output.has_task_object());
    EXPECT_EQ(server.NextPoll().outcome, PollOutcome::kDrained);
  }
}

TEST(ServerStopTest, WhileItDrainsCallsAreServedAndPollsAreEmpty) {
  TestServer server({.drain_spread = absl::Milliseconds(20)});
  server.server().Drain(SteadyNow() + absl::Seconds(20));
  EXPECT_THAT(server.Submit(kHello), HasSubstr("task-"));
  const auto poll = server.Poll("empty");
  EXPECT_TRUE(poll.status.ok());
  EXPECT_FALSE(poll.output.has_task_object());
}

// Calls over a connection of its own until a call fails, and returns how.
grpc::Status CallUntilItFails(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto channel = grpc::CreateCustomChannel(
      address, grpc::InsecureChannelCredentials(), arguments);
  while (true) {
    const grpc::Status status =
        RawCall(channel, "/holdline.v1.Operator/ListGroups", "").status;
    if (!status.ok()) return status;
  }
}

TEST(ServerStopTest, CallsThatArriveMeanwhileAreServedOrUnavailable) {
  TestServer server({.drain_spread = absl::Milliseconds(100)});
  const auto poll = server.Park("g");
  std::vector<std::thread> callers;
  absl::Mutex mutex;
  std::vector<grpc::Status> ends;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const grpc::Status end = CallUntilItFails(server.server().address());
      absl::MutexLock lock(&mutex);
      ends.push_back(end);
    });
  }
  server.server().Stop(SteadyNow() + absl::Seconds(20));
  for (std::thread& caller : callers) caller.join();
  for (const grpc::Status& end : ends) {
    EXPECT_EQ(end.error_code(), grpc::StatusCode::UNAVAILABLE)
        << end.error_code() << " " << end.error_message();
  }
  EXPECT_TRUE(poll->Wait().status.ok());
}

TEST(ServerStopTest, WhoIsNotAnsweredInTimeFindsItUnavailable) {
  TestServer server;
  const auto poll = server.Park("g");
  server.server().Stop(absl::InfinitePast());
  const grpc::Status& status = poll->Wait().status;
  EXPECT_TRUE(status.ok() ||
              status.error_code() == grpc::StatusCode::UNAVAILABLE)
      << status.error_code() << " " << status.error_message();
}

TEST(ServerStopTest, AParkedWaitIsAnsweredWithTheTaskAsItIs) {
  TestServer server;
  v1::WaitForTaskRequest request;
  request.set_name(server.Submit(kHello));
  PendingCall<v1::Task> wait;
  wait.Begin([&](grpc::ClientContext* context, v1::Task* output,
                 std::function<void(grpc::Status)> done) {
    server.queue().async()->WaitForTask(context, &request, output,
                                        std::move(done));
  });
  // Calls over one connection reach the server in order.
  server.GetTask(request.name());
  server.server().Stop(SteadyNow() + absl::Seconds(20));
  EXPECT_TRUE(wait.Wait().status.ok());
  EXPECT_EQ(wait.Wait().output.state(), v1::Task::READY);
}

TEST(ServerStopTest, WhoWatchesTheHealthDoesNotHoldItUp) {
  TestServer server({.drain_spread = absl::Milliseconds(10)});
  grpc::GenericStub stub(server.channel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::ByteBuffer buffer;
  void* tag = nullptr;
  bool ok = false;
  const auto watch =
      stub.PrepareCall(&context, "/grpc.health.v1.Health/Watch", &queue);
  watch->StartCall(nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  const grpc::Slice nothing("");
  watch->WriteLast(grpc::ByteBuffer(&nothing, 1), grpc::WriteOptions(),
                   nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);
  watch->Read(&buffer, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok) && ok);

  const absl::Time start = SteadyNow();
  server.server().Stop(start + absl::Seconds(60));
  EXPECT_LT(SteadyNow(), start + absl::Seconds(30));
  while (ok) {  // NOT_SERVING, and then the end
    watch->Read(&buffer, nullptr);
    ASSERT_TRUE(queue.Next(&tag, &ok));
  }
  grpc::Status status;
  watch->Finish(&status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_FALSE(status.ok());
}

TEST(ServerStopTest, StoppingTwiceIsStoppingOnce) {
  TestServer server;
  server.server().Stop(absl::InfinitePast());
  server.server().Stop(absl::InfinitePast());
  EXPECT_EQ(server.Poll("g").status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace holdline
