// The gateway in front of the real services, over real sockets.

#include "server/gateway/gateway.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/steady_time.h"
#include "server/gateway/raw_client.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kList[] = "Operator.ListGroups";
constexpr char kWorkerGroup[] = R"({"workerGroup": "wg"})";
constexpr char kSubmission[] =
    R"({"tasks": [{"workerGroup": "wg", "type": "ShellCommandActivity",
        "fields": [{"key": "command", "stringValue": "echo hello"}]}]})";

// A request with no headers but these and those of its action.
std::string Request(const std::string& action,
                    const std::vector<std::string>& headers,
                    const std::string& target = "/") {
  std::string text =
      absl::StrCat("POST ", target, " HTTP/1.1\r\nX-Amz-Target: ", action,
                   "\r\nContent-Length: 2\r\n");
  for (const std::string& header : headers) {
    absl::StrAppend(&text, header, "\r\n");
  }
  return text + "\r\n{}";
}

class GatewayTest : public ::testing::Test {
 protected:
  GatewayTest() { Start({}); }

  // Starts the gateway, anew if there is one.
  void Start(GatewayOptions options, GatewayObserver observer = {}) {
    options.address = "127.0.0.1:0";
    gateway_ = nullptr;
    auto gateway =
        Gateway::Start(options, {.broker = server_.server().InProcessChannel(),
                                 .observer = std::move(observer)});
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
  }

  std::unique_ptr<RawClient> Connect() {
    return std::make_unique<RawClient>(gateway_->address());
  }

  RawClient::Answer Ask(const std::string& target, const std::string& body) {
    return Connect()->Ask(target, body);
  }

  void ExpectError(const RawClient::Answer& answer, int http_status,
                   const std::string& name) {
    EXPECT_EQ(answer.result_int(), http_status) << answer.body();
    EXPECT_EQ(answer["x-amzn-ErrorType"], name);
    EXPECT_THAT(std::string(answer["x-amzn-RequestId"]),
                MatchesRegex("[0-9a-f-]{36}"));
    ASSERT_EQ(answer["Content-Type"], "application/x-amz-json-1.1");
    EXPECT_EQ(TextOf(answer, "__type"), name);
    EXPECT_NE(TextOf(answer, "message"), "");
  }

  // The task id of a poll's answer; empty if it has none.
  static std::string TaskIdOf(const RawClient::Answer& answer) {
    const boost::json::value body = boost::json::parse(answer.body());
    const auto* task = body.as_object().if_contains("taskObject");
    return task == nullptr ? "" : std::string(task->at("taskId").as_string());
  }

  // That the gateway serves others, whatever somebody did to it.
  void ExpectServing() {
    EXPECT_EQ(Ask("Operator.ListGroups", "{}").result_int(), 200);
  }

  std::vector<std::string> refused_;  // what the observer was told
  TestServer server_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, ATaskGoesThroughItsLifeOverJson) {
  const auto submitted = Ask("TaskQueue.SubmitTasks", kSubmission);
  EXPECT_EQ(submitted.body(), R"({"names":["task-1"]})");
  const auto polled = Ask(kPoll, kWorkerGroup);
  EXPECT_EQ(polled.result_int(), 200);
  EXPECT_EQ(polled["Content-Type"], "application/x-amz-json-1.1");
  EXPECT_NE(polled["x-amzn-RequestId"], "");
  EXPECT_NE(polled["Date"], "");
  const std::string task_id =
      absl::StrCat("{\"taskId\": \"", TaskIdOf(polled), "\"");
  EXPECT_EQ(Ask("DataPipeline.ReportTaskProgress", task_id + "}").body(),
            R"({"canceled":false})");
  const std::string finish = task_id + R"(, "taskStatus": "FINISHED"})";
  EXPECT_EQ(Ask("DataPipeline.SetTaskStatus", finish).body(), "{}");
  EXPECT_EQ(Ask("DataPipeline.SetTaskStatus", finish).body(), "{}");
  EXPECT_THAT(Ask("TaskQueue.GetTask", R"({"name": "task-1"})").body(),
              HasSubstr(R"("state":"FINISHED")"));
  EXPECT_EQ(Ask("DataPipeline.ReportTaskRunnerHeartbeat",
                R"({"taskrunnerId": "runner"})")
                .body(),
            R"({"terminate":false})");
}

TEST_F(GatewayTest, WhatClientsOfPipelinesCountOnIsAlwaysThere) {
  EXPECT_EQ(Ask("DataPipeline.ListPipelines", "").body(),
            R"({"hasMoreResults":false,"pipelineIdList":[]})");
  const std::string created =
      Ask("DataPipeline.CreatePipeline", R"({"name": "a", "uniqueId": "1"})")
          .body();
  const std::string id = created.substr(0, created.size() - 1);
  EXPECT_EQ(Ask("DataPipeline.GetPipelineDefinition", created).body(),
            R"({"parameterObjects":[],"parameterValues":[],)"
            R"("pipelineObjects":[]})");
  EXPECT_EQ(Ask("DataPipeline.PutPipelineDefinition",
                id + R"(, "pipelineObjects": []})")
                .body(),
            R"({"errored":false,"validationErrors":[],)"
            R"("validationWarnings":[]})");
  EXPECT_EQ(Ask("DataPipeline.QueryObjects", id + R"(, "sphere": "INSTANCE"})")
                .body(),
            R"({"hasMoreResults":false,"ids":[]})");
  EXPECT_EQ(
      Ask("DataPipeline.DescribeObjects", id + R"(, "objectIds": []})").body(),
      R"({"hasMoreResults":false,"pipelineObjects":[]})");
  EXPECT_EQ(Ask("DataPipeline.PutPipelineDefinition",
                id + R"(, "pipelineObjects": [{"id": "Default", "name": "a",)"
                     R"( "fields": [{"key": "workerGroup",)"
                     R"( "stringValue": "wg"}]}]})")
                .result_int(),
            200);
  EXPECT_EQ(Ask("DataPipeline.ActivatePipeline", created).body(), "{}");
  for (const auto& answer :
       {Ask("DataPipeline.SetStatus",
            id + R"(, "objectIds": [], "status": "PAUSE"})"),
        Ask("DataPipeline.DeletePipeline", created)}) {
    EXPECT_EQ(answer.result_int(), 200);
    EXPECT_EQ(answer["Content-Length"], "0");
    EXPECT_EQ(answer.body(), "");
  }
}

TEST_F(GatewayTest, AHeldPollWakesWhenATaskIsSubmitted) {
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  Ask("TaskQueue.SubmitTasks", kSubmission);
  EXPECT_NE(TaskIdOf(runner->Read()), "");
}

TEST_F(GatewayTest, AClientThatHangsUpLeavesItsCondition) {
  for (const bool reset : {false, true}) {
    auto runner = Connect();
    runner->Send(ActionRequest(kPoll, kWorkerGroup));
    server_.AwaitParked("wg", 1);
    reset ? runner->Reset() : runner->Close();
    server_.AwaitParked("wg", 0);
  }
}

TEST_F(GatewayTest, AHalfClosedConnectionCountsAsHungUp) {
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  runner->ShutDownSending();
  server_.AwaitParked("wg", 0);
  EXPECT_TRUE(runner->AwaitClosed());
}

TEST_F(GatewayTest, ErrorsHaveTheShapeThatSdksRead) {
  ExpectError(Ask(kPoll, "{}"), 400, "InvalidRequestException");
  ExpectError(Ask(kPoll, "{"), 400, "SerializationException");
  ExpectError(Ask("DataPipeline.Nothing", "{"), 400,
              "UnknownOperationException");
  ExpectError(Ask("DataPipeline.GetPipelineDefinition",
                  R"({"pipelineId": "df-NOBODY"})"),
              400, "PipelineNotFoundException");
  ExpectError(Ask("DataPipeline.ReportTaskProgress", R"({"taskId": "forged"})"),
              400, "TaskNotFoundException");
  ExpectError(Ask("TaskQueue.GetTask", R"({"name": "task-9"})"), 400,
              "TaskNotFoundException");
}

TEST_F(GatewayTest, TheTargetPrefixIsReadGenerously) {
  for (const char* target :
       {"DataPipeline_20121129.PollForTask", "datapipeline.PollForTask"}) {
    ExpectError(Ask(target, "{}"), 400, "InvalidRequestException");
  }
  for (const char* target :
       {"", "PollForTask", "Queue.PollForTask", "DataPipeline.pollForTask",
        "DataPipeline.", ".", "holdline.v1.DataPipeline.PollForTask",
        // A stream has no form in JSON.
        "Operator.WatchGroups"}) {
    ExpectError(Ask(target, "{}"), 400, "UnknownOperationException");
  }
}

TEST_F(GatewayTest, TheContentTypeIsReadGenerously) {
  const auto ask = [&](const std::string& type) {
    auto client = Connect();
    client->Send(absl::StrCat(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ", kPoll, "\r\n",
        type, "Content-Length: 2\r\n\r\n{}"));
    return client->Read();
  };
  for (const char* type : {"", "Content-Type: application/x-amz-json-1.0\r\n",
                           "Content-Type: application/json; charset=utf-8\r\n",
                           "Content-Type: Application/X-AMZ-JSON-1.1\r\n"}) {
    ExpectError(ask(type), 400, "InvalidRequestException");
  }
  ExpectError(ask("Content-Type: application/x-www-form-urlencoded\r\n"), 415,
              "SerializationException");
  ExpectError(ask("Content-Encoding: gzip\r\n"), 415, "SerializationException");
}

TEST_F(GatewayTest, OtherMethodsAndPathsSayWhatIsHere) {
  auto client = Connect();
  client->Send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client->Read().result_int(), 200);
  client->Send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client->Read(true).result_int(), 200);
  client->Send("OPTIONS / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client->Read()["Allow"], "GET, HEAD, OPTIONS, POST");
  client->Send(
      "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  ExpectError(client->Read(), 405, "UnknownOperationException");
  client->Send("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(client->Read()["Allow"], "GET, HEAD, OPTIONS, POST");
  client->Send("GET * HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ExpectError(client->Read(), 404, "UnknownOperationException");
  client->Send("GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n");
  ExpectError(client->Read(), 404, "UnknownOperationException");
}

TEST_F(GatewayTest, AQueryAndANamedHostAreNoOtherPath) {
  for (const char* target :
       {"/?", "/?x=1", "http://localhost/", "http://localhost:7071",
        "HTTP://127.0.0.1/?x=1", "https://[::1]?"}) {
    auto client = Connect();
    client->Send(Request(kList, {"Host: localhost"}, target));
    EXPECT_EQ(client->Read().result_int(), 200) << target;
  }
  for (const char* target : {"//", "/x", "/x?", "http://localhost/x", "x"}) {
    auto client = Connect();
    client->Send(Request(kList, {"Host: localhost"}, target));
    ExpectError(client->Read(), 404, "UnknownOperationException");
  }
}

TEST_F(GatewayTest, HttpWantsOneHostThatCanBeOne) {
  for (const std::vector<std::string>& hosts :
       {std::vector<std::string>{},
        {"Host: localhost", "Host: localhost"},
        {"Host: localhost", "host: attacker.example"},
        {"Host: local host"},
        {"Host: localhost/"},
        {"Host: user@localhost"}}) {
    auto client = Connect();
    client->Send(Request(kList, hosts));
    ExpectError(client->Read(), 400, "SerializationException");
    EXPECT_TRUE(client->AwaitClosed());
  }
  auto old = Connect();
  old->Send(absl::StrCat("POST / HTTP/1.0\r\nX-Amz-Target: ", kList,
                         "\r\nContent-Length: 2\r\n\r\n{}"));
  EXPECT_EQ(old->Read().result_int(), 200);
}

// A page in somebody's browser may call this machine by a name of its own.
TEST_F(GatewayTest, WithoutCredentialsWebPagesAreNotServed) {
  Start({}, {.on_refused = [this](const RefusedRequest& refused) {
          refused_.push_back(refused.name);
        }});
  const std::vector<std::vector<std::string>> foreign = {
      {"Host: attacker.example"},
      {"Host: attacker.example:7071"},
      {"Host: 127.0.0.1.attacker.example"},
      {"Host: localhost.attacker.example"},
      {"Host: 10.0.0.1"},
      {"Host:"},
      {"Host: localhost", "Origin: http://attacker.example"},
      {"Host: localhost", "Origin: null"},
      {"Host: localhost", "Origin: http://localhost"}};
  for (const std::vector<std::string>& headers : foreign) {
    auto client = Connect();
    client->Send(Request(kList, headers));
    ExpectError(client->Read(), 403, "AccessDenied");
    EXPECT_TRUE(client->AwaitClosed());
  }
  auto absolute = Connect();
  absolute->Send(
      Request(kList, {"Host: localhost"}, "http://attacker.example/"));
  ExpectError(absolute->Read(), 403, "AccessDenied");
  gateway_ = nullptr;  // and its thread, which tells
  EXPECT_EQ(refused_.size(), foreign.size() + 1);
}

TEST_F(GatewayTest, WithoutCredentialsEveryNameOfLoopbackIsServed) {
  for (const char* host : {"localhost", "LocalHost:7071", "127.0.0.1",
                           "127.0.0.2:1", "[::1]", "[::1]:7071"}) {
    auto client = Connect();
    client->Send(Request(kList, {absl::StrCat("Host: ", host)}));
    EXPECT_EQ(client->Read().result_int(), 200) << host;
  }
}

TEST_F(GatewayTest, OfTwoTargetsNoneCounts) {
  for (const char* second : {kList, kPoll}) {
    auto client = Connect();
    client->Send(Request(
        kList, {"Host: localhost", absl::StrCat("x-amz-target: ", second)}));
    ExpectError(client->Read(), 400, "UnknownOperationException");
  }
}

TEST_F(GatewayTest, PipelinedRequestsAreAnsweredInOrder) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, "{}") + ActionRequest(kPoll, "{") +
               ActionRequest("Operator.ListGroups", "{}"));
  ExpectError(client->Read(), 400, "InvalidRequestException");
  ExpectError(client->Read(), 400, "SerializationException");
  EXPECT_EQ(client->Read().body(), R"({"groups":[]})");
}

TEST_F(GatewayTest, ARequestThatArrivesDuringAHeldCallWaitsItsTurn) {
  auto client = Connect();
  client->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  client->Send(ActionRequest("Operator.ListGroups", "{}"));
  Ask("TaskQueue.SubmitTasks", kSubmission);
  EXPECT_NE(TaskIdOf(client->Read()), "");
  EXPECT_EQ(client->Read().result_int(), 200);
}

TEST_F(GatewayTest, HonoursExpectContinue) {
  auto client = Connect();
  client->Send(absl::StrCat(
      "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ", kPoll,
      "\r\nExpect: 100-continue\r\n"
      "Content-Length: 2\r\n\r\n"));
  EXPECT_EQ(client->Read(true).result_int(), 100);
  client->Send("{}");
  ExpectError(client->Read(), 400, "InvalidRequestException");
  client->Send(
      "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: a miracle\r\n\r\n");
  ExpectError(client->Read(), 417, "SerializationException");
}

TEST_F(GatewayTest, ReadsChunkedBodies) {
  auto client = Connect();
  client->Send(
      "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: "
      "Operator.GetGroup\r\n"
      "Transfer-Encoding: chunked\r\n\r\n"
      "8\r\n{\"worker\r\n10\r\nGroup\": \"other\"}\r\n0\r\n\r\n");
  EXPECT_THAT(client->Read().body(), HasSubstr(R"("workerGroup":"other")"));
}

TEST_F(GatewayTest, AConnectionIsKeptUnlessTheClientSaysOtherwise) {
  auto client = Connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client->Ask("Operator.ListGroups", "{}").result_int(), 200);
  }
  client->Send(
      ActionRequest("Operator.ListGroups", "{}", "Connection: close\r\n"));
  EXPECT_EQ(client->Read().result_int(), 200);
  EXPECT_TRUE(client->AwaitClosed());
}

TEST_F(GatewayTest, WhatCouldBeReadInTwoWaysIsRefusedAndTheConnectionClosed) {
  // Those of 501 name an encoding that is not spoken here.
  const std::pair<const char*, int> framings[] = {
      {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 400},
      {"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", 400},
      {"Content-Length: 2\r\nContent-Length: 3\r\n", 400},
      {"Content-Length: -1\r\n", 400},
      {"Content-Length: 2x\r\n", 400},
      {"Content-Length : 2\r\n", 400},
      {"Transfer-Encoding: gzip, chunked\r\n", 501},
      {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", 400},
      {"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", 501},
      {"Transfer-Encoding: xchunked\r\n", 501},
      {"X: a\n", 400},
      {"X\r\n", 400},
      {"X: \x01\r\n", 400}};
  for (const auto& [headers, status] : framings) {
    SCOPED_TRACE(headers);
    auto client = Connect();
    client->Send(absl::StrCat(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ", kPoll, "\r\n",
        headers, "\r\n{}"));
    ExpectError(client->Read(), status, "SerializationException");
    EXPECT_TRUE(client->AwaitClosed());
  }
  auto old = Connect();
  old->Send("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_EQ(old->Read().result_int(), 400);
  EXPECT_TRUE(old->AwaitClosed());
  ExpectServing();
}

TEST_F(GatewayTest, GarbageEndsInAnErrorOrAClosedConnection) {
  for (const std::string& garbage :
       {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
        std::string(100, '\0'), std::string("GET\r\n\r\n"),
        std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("POST / HTTP/9.9\r\n\r\n"), std::string(20000, 'a')}) {
    auto client = Connect();
    client->Send(garbage);
    client->ShutDownSending();
    EXPECT_TRUE(client->AwaitClosed());
  }
  ExpectServing();
}

TEST_F(GatewayTest, SlowSendersAreCutOff) {
  Start({.header_timeout = absl::Milliseconds(50),
         .body_timeout = absl::Milliseconds(50),
         .idle_timeout = absl::Milliseconds(50)});
  for (const std::string& start :
       {std::string(), std::string("POST / HT"),
        absl::StrCat("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ",
                     kPoll, "\r\nContent-Length: 10\r\n\r\n{"),
        ActionRequest("Operator.ListGroups", "{}")}) {
    auto client = Connect();
    client->Send(start);
    EXPECT_TRUE(client->AwaitClosed()) << start;
  }
}

TEST_F(GatewayTest, AHeldCallIsNotIdle) {
  Start({.idle_timeout = absl::Milliseconds(1)});
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  Ask("TaskQueue.SubmitTasks", kSubmission);
  EXPECT_NE(TaskIdOf(runner->Read()), "");
}

TEST_F(GatewayTest, AThousandIdleConnectionsDisturbNobody) {
  std::vector<std::unique_ptr<RawClient>> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(Connect());
  ExpectServing();
  EXPECT_EQ(idle.back()->Ask("Operator.ListGroups", "{}").result_int(), 200);
}

TEST_F(GatewayTest, StoppingAnswersWhatIsDueAndClosesWhatIsIdle) {
  auto idle = Connect();
  EXPECT_EQ(idle->Ask("Operator.ListGroups", "{}").result_int(), 200);
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  std::thread stopping([&] { gateway_->Stop(SteadyNow() + kPatience); });
  EXPECT_TRUE(idle->AwaitClosed());
  server_.Submit(R"(worker_group: "wg" type: "T")");
  const auto answer = runner->Read();
  EXPECT_NE(TaskIdOf(answer), "");
  EXPECT_EQ(answer["Connection"], "close");
  runner->Close();
  stopping.join();
}

TEST_F(GatewayTest, StoppingCutsWhatIsStillHeldAtTheDeadline) {
  auto runner = Connect();
  runner->Send(ActionRequest(kPoll, kWorkerGroup));
  server_.AwaitParked("wg", 1);
  gateway_->Stop(absl::InfinitePast());
  EXPECT_TRUE(runner->AwaitClosed());
  server_.AwaitParked("wg", 0);
}

TEST_F(GatewayTest, RefusesToListenBeyondLoopback) {
  const auto gateway =
      Gateway::Start({.address = "0.0.0.0:0"},
                     {.broker = server_.server().InProcessChannel()});
  EXPECT_EQ(gateway.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(gateway.status().message()),
              HasSubstr("needs credentials"));
}

}  // namespace
}  // namespace holdline
