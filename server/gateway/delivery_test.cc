// What becomes of a task when the HTTP client that waits for it goes away.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/base/steady_time.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kWorkerGroup[] = R"({"workerGroup": "wg"})";

// More than the sockets of both sides take of an answer that nobody reads.
constexpr int kLongFields = 1600;
constexpr int kLongFieldLength = 10000;

class DeliveryTest : public ::testing::Test {
 protected:
  DeliveryTest() : server_({.payload_max = 20 << 20}) { Start({}); }

  void Start(GatewayOptions options) {
    options.address = "127.0.0.1:0";
    gateway_ = nullptr;
    auto gateway = Gateway::Start(
        options, {.broker = server_.server().InProcessChannel()});
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
  }

  std::unique_ptr<RawClient> Connect() {
    return std::make_unique<RawClient>(gateway_->address());
  }

  // Submits a task whose answer does not fit into the sockets.
  std::string SubmitLongTask() {
    v1::SubmitTasksRequest request;
    v1::NewTask* task = request.add_tasks();
    task->set_worker_group("wg");
    v1::TaskObject* object = task->mutable_task_object();
    object->set_attempt_id("A");
    v1::PipelineObject& performed = (*object->mutable_objects())["A"];
    performed.set_id("A");
    performed.set_name("A");
    const auto add = [&performed](const std::string& key, std::string value) {
      v1::Field* field = performed.add_fields();
      field->set_key(key);
      field->set_string_value(std::move(value));
    };
    add("type", "T");
    for (int i = 0; i < kLongFields; ++i) {
      add("x", std::string(kLongFieldLength, 'x'));
    }
    const auto outcome = server_.Call(
        server_.queue(), &v1::TaskQueue::StubInterface::SubmitTasks, request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    return outcome.output.names_size() == 1 ? outcome.output.names(0) : "";
  }

  // Waits until as many tasks of the group are with runners.
  void AwaitLeased(int64_t count) {
    const absl::Time limit = absl::Now() + kPatience;
    while (server_.GetGroup("wg").leased_tasks() != count &&
           absl::Now() < limit) {
    }
    EXPECT_EQ(server_.GetGroup("wg").leased_tasks(), count);
  }

  // That the task is ready again, as if it had never been handed out.
  void ExpectReadyAgain(const std::string& name) {
    AwaitLeased(0);
    const v1::Task task = server_.GetTask(name).output;
    EXPECT_EQ(task.state(), v1::Task::READY);
    EXPECT_EQ(task.attempts_size(), 1);
    EXPECT_EQ(task.attempts_left(), 2);
  }

  TestServer server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(DeliveryTest, AnAnswerThatIsCutOffIsTakenBack) {
  const std::string name = SubmitLongTask();
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  AwaitLeased(1);
  runner->Reset();
  ExpectReadyAgain(name);
}

TEST_F(DeliveryTest, AnAnswerThatNobodyReadsIsTakenBack) {
  Start({.write_timeout = absl::Milliseconds(100)});
  const std::string name = SubmitLongTask();
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  EXPECT_EQ(server_.NextPoll().outcome, PollOutcome::kTask);
  ExpectReadyAgain(name);
}

TEST_F(DeliveryTest, AnAnswerThatStoppingCutsOffIsTakenBack) {
  const std::string name = SubmitLongTask();
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  AwaitLeased(1);
  gateway_->Stop(absl::InfinitePast());
  ExpectReadyAgain(name);
}

TEST_F(DeliveryTest, AnAnswerThatWasReadIsNotTakenBack) {
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; ++i) {
    server_.Submit(R"(worker_group: "wg" type: "T")");
    auto runner = Connect();
    EXPECT_THAT(runner->Ask(kPoll, kWorkerGroup).body(), HasSubstr("taskId"));
  }
  gateway_->Stop(SteadyNow() + kPatience);
  EXPECT_EQ(server_.GetGroup("wg").leased_tasks(), kRounds);
}

TEST_F(DeliveryTest, AHangUpIsNoticedAlsoAfterBytesOfAnotherRequest) {
  for (const std::string& more :
       {std::string("\r\n"), ActionRequest(kPoll, kWorkerGroup),
        std::string(5000, 'x')}) {
    // The bytes come with the request, or later.
    auto runner = Connect();
    runner->Send(ActionRequest(kPoll, kWorkerGroup) + more);
    server_.AwaitParked("wg", 1);
    runner->Close();
    server_.AwaitParked("wg", 0);
    runner = Connect();
    runner->Send(ActionRequest(kPoll, kWorkerGroup));
    server_.AwaitParked("wg", 1);
    runner->Send(more);
    runner->Close();
    server_.AwaitParked("wg", 0);
  }
}

TEST_F(DeliveryTest, RequestsThatArriveInPiecesDuringACallAreAnsweredInOrder) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  const std::string next =
      ActionRequest("Operator.GetGroup", R"({"workerGroup": "other"})") +
      ActionRequest("Operator.ListGroups", R"({"pageSize": 1})");
  for (const char& byte : next) client->Send(absl::string_view(&byte, 1));
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_THAT(client->Read().body(), HasSubstr("taskId"));
  EXPECT_THAT(client->Read().body(), HasSubstr(R"("workerGroup":"other")"));
  EXPECT_THAT(client->Read().body(), HasSubstr("groups"));
}

TEST_F(DeliveryTest, MoreThanIsReadAheadWaitsInTheSocket) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  constexpr int kRequests = 500;
  for (int i = 0; i < kRequests; ++i) {
    client->Send(ActionRequest("Operator.ListGroups", R"({"pageSize": 1})"));
  }
  server_.Submit(R"(worker_group: "wg" type: "T")");
  EXPECT_THAT(client->Read().body(), HasSubstr("taskId"));
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_EQ(client->Read().result_int(), 200);
  }
}

TEST_F(DeliveryTest, ABrokerThatCannotBeReachedIsToldInPlainWords) {
  // Nobody listens on port 1, and what gRPC says of it is nobody's business.
  const auto gateway =
      Gateway::Start({.address = "127.0.0.1:0"},
                     {.broker = grpc::CreateChannel(
                          "127.0.0.1:1", grpc::InsecureChannelCredentials())});
  ASSERT_TRUE(gateway.ok()) << gateway.status();
  RawClient client((*gateway)->address());
  const auto answer = client.Ask(kPoll, kWorkerGroup);
  EXPECT_EQ(answer.result_int(), 503);
  EXPECT_EQ(answer.body(),
            R"({"__type":"ServiceUnavailable",)"
            R"("message":"The broker is unavailable at the moment."})");
}

}  // namespace
}  // namespace holdline
