// How much the gateway takes of one client, and of all.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/gateway/gateway.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kWorkerGroup[] = R"({"workerGroup": "wg"})";
constexpr char kTask[] = R"(worker_group: "wg" type: "T")";
constexpr char kSubmission[] =
    R"({"tasks": [{"workerGroup": "wg", "type": "T"}]})";

class GatewayLimitsTest : public ::testing::Test {
 protected:
  GatewayLimitsTest() { Start({}); }

  // Starts the gateway, anew if there is one.
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

  RawClient::Answer Ask(const std::string& target, const std::string& body) {
    return Connect()->Ask(target, body);
  }

  static void ExpectError(const RawClient::Answer& answer, int http_status,
                          const std::string& name) {
    EXPECT_EQ(answer.result_int(), http_status) << answer.body();
    EXPECT_EQ(answer["x-amzn-ErrorType"], name);
  }

  static void ExpectTask(const RawClient::Answer& answer) {
    EXPECT_EQ(answer.result_int(), 200) << answer.body();
    EXPECT_THAT(answer.body(), HasSubstr("taskObject"));
  }

  // That the gateway serves others, whatever somebody did to it.
  void ExpectServing() {
    EXPECT_EQ(Ask("Operator.ListGroups", "{}").result_int(), 200);
  }

  TestServer server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayLimitsTest, ABodyIsNoLargerThanItsMethodAllows) {
  const std::string padding(131072 - sizeof(kWorkerGroup), ' ');
  EXPECT_EQ(Ask("TaskQueue.SubmitTasks", kSubmission).result_int(), 200);
  ExpectTask(Ask(kPoll, kWorkerGroup + padding));
  for (const char* target : {kPoll, "DataPipeline.Nothing"}) {
    const auto length = Ask(target, std::string(131073, ' '));
    ExpectError(length, 413, "InvalidRequestException");
    EXPECT_EQ(TextOf(length, "message"),
              "The body must have at most 131072 bytes.");
    auto chunked = Connect();
    chunked->Send(absl::StrCat(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ", target,
        "\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n",
        std::string(65536, ' '), "\r\n10001\r\n"));
    ExpectError(chunked->Read(), 413, "InvalidRequestException");
  }
  EXPECT_EQ(Ask("TaskQueue.SubmitTasks", kSubmission + padding).result_int(),
            200);
}

TEST_F(GatewayLimitsTest, ABodyHasNoMoreValuesThanItsMethodAllows) {
  std::string body = R"({"workerGroup": "wg", "x": [0)";
  for (int i = 0; i < 1000; ++i) body += ",0";
  const auto answer = Ask(kPoll, body + "]}");
  ExpectError(answer, 400, "InvalidRequestException");
  EXPECT_THAT(TextOf(answer, "message"), HasSubstr("at most 1000 values"));
}

TEST_F(GatewayLimitsTest, SizesHaveLimits) {
  Start({.header_bytes_max = 2048, .body_bytes_max = 1000});
  auto client = Connect();
  client->Send(ActionRequest(kPoll, std::string(1001, ' ')));
  ExpectError(client->Read(), 413, "InvalidRequestException");
  client = Connect();
  client->Send(ActionRequest(
      kPoll, "{}", absl::StrCat("X: ", std::string(4000, 'x'), "\r\n")));
  ExpectError(client->Read(), 431, "InvalidRequestException");
  ExpectServing();
}

TEST_F(GatewayLimitsTest, WhatHttpItselfLeavesWithoutLimitIsLimited) {
  const std::string chunked = absl::StrCat(
      "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ", kPoll,
      "\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const char* endless : {"1;extension=", "0\r\nTrailer: "}) {
    auto client = Connect();
    client->Send(absl::StrCat(chunked, endless, std::string(1 << 20, 'x')));
    EXPECT_GE(client->Read().result_int(), 400u) << endless;
    EXPECT_TRUE(client->AwaitClosed()) << endless;
  }
  ExpectServing();
}

TEST_F(GatewayLimitsTest, AHugeTextOfNoInterestIsReadAndForgotten) {
  const std::string huge(2 << 20, 'x');
  std::string body = kSubmission;
  body.insert(1, absl::StrCat("\"x\": \"", huge, "\", "));
  EXPECT_EQ(Ask("TaskQueue.SubmitTasks", body).result_int(), 200);
}

TEST_F(GatewayLimitsTest,
       ConnectionsBeyondTheLimitAreTurnedAwayIfAllHaveCalls) {
  Start({.connections_max = 2});
  auto first = Connect();
  auto second = Connect();
  first->Send(ActionRequest(kPoll, kWorkerGroup));
  second->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 2);
  ExpectError(Connect()->Read(), 503, "ServiceUnavailable");
  server_.Submit(kTask);
  server_.Submit(kTask);
  ExpectTask(first->Read());
  ExpectTask(second->Read());
}

TEST_F(GatewayLimitsTest, SilentConnectionsGiveWayToThoseWhoAsk) {
  Start({.connections_max = 3});
  auto held = Connect();
  held->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  auto slow = Connect();
  slow->Send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n");
  auto idle = Connect();
  EXPECT_EQ(idle->Ask("Operator.ListGroups", "{}").result_int(), 200);
  ExpectServing();  // in the place of the slow one
  EXPECT_TRUE(slow->AwaitClosed());
  std::vector<std::unique_ptr<RawClient>> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(Connect());
  ExpectServing();
  EXPECT_TRUE(idle->AwaitClosed());
  server_.Submit(kTask);
  ExpectTask(held->Read());
}

TEST_F(GatewayLimitsTest, BodiesTakeUpNoMoreMemoryThanTheyMay) {
  Start({.memory_max = 6 << 20});
  const auto begin = [&](const std::string& rest) {
    auto client = Connect();
    client->Send(
        absl::StrCat("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: "
                     "TaskQueue.SubmitTasks\r\n"
                     "Expect: 100-continue\r\n",
                     rest, "\r\n\r\n"));
    return client;
  };
  auto large = begin("Content-Length: 2097152");
  EXPECT_EQ(large->Read().result_int(), 100);
  for (const char* rest :
       {"Content-Length: 3145728", "Transfer-Encoding: chunked"}) {
    ExpectError(begin(rest)->Read(), 503, "ServiceUnavailable");
  }
  EXPECT_EQ(Ask("TaskQueue.SubmitTasks", kSubmission).result_int(), 200);
  // What was begun and not ended is given back, too.
  large->Close();
  int status = 0;
  while (status != 100) {
    status = begin("Content-Length: 3145728")->Read().result_int();
  }
}

}  // namespace
}  // namespace holdline
