#include "server/server.h"

#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"
#include "proto/metadata_keys.h"
#include "server/auth/credentials/secret_file.h"
#include "server/metrics/exchange.h"
#include "server/rpc/connections/known_addresses_file.h"
#include "server/rpc/testing/raw_call.h"
#include "server/store/memory/memory_store.h"
#include "server/store/testing/faulty_store.h"

namespace holdline {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kServing[] = "\x08\x01";
constexpr char kNotServing[] = "\x08\x02";

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    options_.store = StoreKind::kMemory;
    options_.rpc.address = "127.0.0.1:0";
    options_.rpc.drain_spread = absl::Milliseconds(10);
    options_.gateway.address = "127.0.0.1:0";
    options_.metrics.address = "127.0.0.1:0";
    options_.engine.store_retry_min = absl::Milliseconds(1);
  }

  ~ServerTest() override {
    server_.reset();
    log_.reset();
    std::fclose(log_file_);
  }

  absl::Status Start(std::unique_ptr<Store> store) {
    auto server = Server::Start(options_, std::move(store), log_.get());
    if (!server.ok()) return server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(Address("grpc"),
                                   grpc::InsecureChannelCredentials());
    return absl::OkStatus();
  }

  absl::Status Start() { return Start(*OpenStore(options_, log_.get())); }

  // Where a service of the server is.
  std::string Address(const std::string& service) {
    const std::string addresses = server_->addresses();
    std::smatch match;
    return std::regex_search(addresses, match, std::regex(service + "=([^ ]+)"))
               ? match[1].str()
               : "";
  }

  // What the page for machines that watch says.
  std::string Watch(const std::string& path) {
    return Exchange(*ParseListenAddress(Address("metrics")),
                    absl::StrCat("GET ", path, " HTTP/1.0\r\n\r\n"));
  }

  std::string ScrapeMetrics() { return Watch("/metrics"); }

  // The gateway's answer to a call, with its header.
  std::string CallByJson(const std::string& target, const std::string& body) {
    return Exchange(
        *ParseListenAddress(Address("http")),
        absl::StrCat("POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ",
                     target, "\r\nContent-Type: application/x-amz-json-1.1\r\n",
                     "Connection: close\r\nContent-Length: ", body.size(),
                     "\r\n\r\n", body));
  }

  std::string Health() {
    return RawCall(channel_, "/grpc.health.v1.Health/Check", "").response;
  }

  // As somebody, if `authorization` says who.
  grpc::Status Submit(const std::string& authorization = "") {
    v1::SubmitTasksRequest request;
    v1::NewTask* task = request.add_tasks();
    task->set_worker_group("blue");
    task->set_type("T");
    v1::SubmitTasksResponse response;
    grpc::ClientContext context;
    if (!authorization.empty()) {
      context.AddMetadata(kAuthorizationKey, authorization);
    }
    return v1::TaskQueue::NewStub(channel_)->SubmitTasks(&context, request,
                                                         &response);
  }

  // What was logged so far. No more can be logged afterwards.
  std::string Log() {
    server_.reset();
    log_.reset();
    std::rewind(log_file_);
    std::string text;
    for (int c; (c = std::getc(log_file_)) != EOF;) {
      text += static_cast<char>(c);
    }
    return text;
  }

  Options options_;
  std::FILE* const log_file_ = std::tmpfile();
  std::unique_ptr<holdline::Log> log_ =
      std::make_unique<holdline::Log>(LogOptions(), log_file_);
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerTest, ServesCallsAndCountsThem) {
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Submit().ok());
  const std::string metrics = ScrapeMetrics();
  EXPECT_THAT(metrics, HasSubstr("\nholdline_tasks_submitted_total 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nholdline_tasks_live 1\n"));
  EXPECT_THAT(metrics, HasSubstr("\nholdline_tasks_ready{account="
                                 "\"000000000000\",group=\"blue\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("holdline_commit_seconds_count 1\n"));
}

TEST_F(ServerTest, KnowsAndWritesWhoDidWhatOnceThereAreCredentials) {
  options_.credentials.file =
      absl::StrCat(testing::TempDir(), "/credentials.json");
  std::ofstream(options_.credentials.file)
      << R"({"credentials": [{"accessKey": "KEY",
             "secret": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
             "account": "111122223333", "user": "ann",
             "roles": ["submitter"]}]})";
  ASSERT_EQ(chmod(options_.credentials.file.c_str(), 0600), 0);
  const absl::Status started = Start();
  ASSERT_TRUE(started.ok()) << started;
  EXPECT_EQ(Submit().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(
      Submit("Bearer KEY:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY").ok());
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr("action=TaskQueue/SubmitTasks "
                             "account=111122223333 user=ann access_key=KEY "
                             "peer=ipv4:127.0.0.1:"));
  EXPECT_THAT(log, HasSubstr("resource=task-1 outcome=done"));
  EXPECT_THAT(log, HasSubstr("outcome=refused code=UNAUTHENTICATED "
                             "reason=\"Missing Authentication Token\""));
  EXPECT_THAT(log, Not(HasSubstr("wJalr")));
}

TEST_F(ServerTest, ServesJsonToo) {
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(CallByJson("TaskQueue.SubmitTasks",
                         R"({"tasks": [{"workerGroup": "g", "type": "T"}]})"),
              HasSubstr(R"({"names":["task-1"]})"));
}

TEST_F(ServerTest, WhatIsSwitchedOffIsShownAsOff) {
  options_.gateway.address = "";
  options_.metrics.address = "";
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(server_->addresses(), EndsWith(" http=off metrics=off"));
}

TEST_F(ServerTest, TheLogTellsItsLife) {
  ASSERT_TRUE(Start().ok());
  const std::string grpc = Address("grpc");
  v1::GetTaskRequest request;
  request.set_name("task-77");
  v1::Task response;
  grpc::ClientContext context;
  EXPECT_FALSE(v1::TaskQueue::NewStub(channel_)
                   ->GetTask(&context, request, &response)
                   .ok());
  server_->Stop();
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr("info    starting version="));
  EXPECT_THAT(log, HasSubstr(absl::StrCat("info    ready grpc=", grpc)));
  EXPECT_THAT(log, HasSubstr("live_tasks=0"));
  EXPECT_THAT(log, HasSubstr("info    call_refused request_id="));
  EXPECT_THAT(log, HasSubstr("method=TaskQueue/GetTask code=NOT_FOUND"));
  EXPECT_THAT(log, HasSubstr("info    draining "));
  EXPECT_THAT(log, HasSubstr("info    stopped "));
}

TEST_F(ServerTest, HealthFollowsTheStore) {
  MemoryStore memory;
  auto owned = std::make_unique<FaultyStore>(&memory);
  FaultyStore* const store = owned.get();
  ASSERT_TRUE(Start(std::move(owned)).ok());
  EXPECT_EQ(Health(), kServing);
  EXPECT_THAT(Watch("/readyz"), HasSubstr(" 200 "));

  store->Fail({.call = StoreCall::kCommit});
  store->Stall(StoreCall::kLoad);  // no recovery until we say so
  EXPECT_EQ(Submit().error_code(), grpc::StatusCode::UNAVAILABLE);
  store->AwaitStalled(StoreCall::kLoad);
  EXPECT_EQ(Health(), kNotServing);
  EXPECT_THAT(Watch("/readyz"), HasSubstr(" 503 "));
  EXPECT_THAT(Watch("/healthz"), HasSubstr(" 200 "));
  EXPECT_THAT(ScrapeMetrics(), HasSubstr("\nholdline_store_up 0\n"));

  store->Heal();
  while (Health() != kServing) std::this_thread::yield();
  EXPECT_TRUE(Submit().ok());
  const std::string log = Log();
  EXPECT_THAT(log, HasSubstr("error   store_failed code=UNAVAILABLE"));
  EXPECT_THAT(log, HasSubstr("info    store_recovered"));
}

TEST_F(ServerTest, StoppingAnswersHeldPolls) {
  ASSERT_TRUE(Start().ok());
  grpc::Status status = grpc::Status::CANCELLED;
  v1::PollForTaskOutput output;
  std::thread by_grpc([&] {
    v1::PollForTaskInput input;
    input.set_worker_group("blue");
    grpc::ClientContext context;
    status = v1::DataPipeline::NewStub(channel_)->PollForTask(&context, input,
                                                              &output);
  });
  std::string answer;
  std::thread by_json([&] {
    answer =
        CallByJson("DataPipeline.PollForTask", R"({"workerGroup": "blue"})");
  });
  while (ScrapeMetrics().find("\nholdline_polls_parked{account="
                              "\"000000000000\",group=\"blue\"} 2\n") ==
         std::string::npos) {
    std::this_thread::yield();
  }
  server_->Stop();
  by_grpc.join();
  by_json.join();
  EXPECT_THAT(Watch("/readyz"), HasSubstr(" 503 "));
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(output.has_task_object());
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n{}"));
}

TEST_F(ServerTest, AStartThatFailsSaysWhyAndLeavesNothingBehind) {
  ASSERT_TRUE(Start().ok());
  options_.rpc.address = Address("grpc");
  const absl::Status status =
      Server::Start(options_, *OpenStore(options_, log_.get()), log_.get())
          .status();
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(absl::StrCat("cannot listen on ", Address("grpc"))));
}

TEST_F(ServerTest, CredentialsThatMakeNoSenseEndTheStart) {
  options_.credentials.file = absl::StrCat(testing::TempDir(), "/credentials");
  ASSERT_TRUE(WriteSecretFile(options_.credentials.file, "{").ok());
  EXPECT_THAT(std::string(Start().message()),
              HasSubstr("the credentials file \""));
  ASSERT_TRUE(WriteSecretFile(options_.credentials.file, "{}").ok());
  EXPECT_TRUE(Start().ok());
}

TEST_F(ServerTest, BeyondLoopbackNothingStartsWithoutCredentials) {
  options_.gateway.address = "0.0.0.0:0";
  EXPECT_THAT(std::string(Start().message()),
              HasSubstr("http-address \"0.0.0.0:0\" is beyond loopback"));
}

TEST_F(ServerTest, AStoreThatCannotBeLoadedEndsTheStart) {
  MemoryStore memory;
  auto store = std::make_unique<FaultyStore>(&memory);
  store->Fail({.call = StoreCall::kLoad});
  EXPECT_EQ(Start(std::move(store)), DiskFull());
}

TEST_F(ServerTest, ADirectoryHasOneServer) {
  options_.store = StoreKind::kSqlite;
  options_.data_directory = absl::StrCat(testing::TempDir(), "/one-server");
  ASSERT_TRUE(Start().ok());
  const absl::Status status = OpenStore(options_, log_.get()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("in use by process"));
}

TEST_F(ServerTest, WhoWasKnownIsToldToTheNextProcess) {
  options_.store = StoreKind::kSqlite;
  options_.data_directory = absl::StrCat(testing::TempDir(), "/known");
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Submit().ok());
  server_->Stop();
  EXPECT_THAT(ReadKnownAddresses(options_.data_directory + "/known-addresses"),
              UnorderedElementsAre(Pair("127.0.0.1", 1)));
}

TEST_F(ServerTest, WhatWasAcknowledgedIsThereAfterARestart) {
  options_.store = StoreKind::kSqlite;
  options_.data_directory = absl::StrCat(testing::TempDir(), "/restart");
  ASSERT_TRUE(Start().ok());
  ASSERT_TRUE(Submit().ok());
  server_.reset();
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(ScrapeMetrics(), HasSubstr("\nholdline_tasks_live 1\n"));
}

}  // namespace
}  // namespace holdline
