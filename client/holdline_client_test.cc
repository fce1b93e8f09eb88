#include "client/holdline_client.h"

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/call_error.h"
#include "client/services.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/server_context.h"
#include "gtest/gtest.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"
#include "proto/metadata_keys.h"

namespace holdline::client {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

const grpc::Status kUnavailable(grpc::StatusCode::UNAVAILABLE, "restarting");

grpc::Status NotFound() {
  v1::ErrorReason reason;
  reason.set_reason("TaskNotFoundException");
  reason.set_domain("holdline");
  v1::ErrorStatus details;
  details.set_code(grpc::StatusCode::NOT_FOUND);
  details.add_details()->set_value(reason.SerializeAsString());
  return grpc::Status(grpc::StatusCode::NOT_FOUND, "no task-7",
                      details.SerializeAsString());
}

// A server that first answers what it is told to, and then succeeds.
class ScriptedServer : public v1::TaskQueue::Service,
                       public v1::DataPipeline::Service {
 public:
  ScriptedServer() {
    grpc::ServerBuilder builder;
    builder.RegisterService(static_cast<v1::TaskQueue::Service*>(this));
    builder.RegisterService(static_cast<v1::DataPipeline::Service*>(this));
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
  }
  ~ScriptedServer() override { server_->Shutdown(); }

  grpc::Status SubmitTasks(grpc::ServerContext* context,
                           const v1::SubmitTasksRequest* request,
                           v1::SubmitTasksResponse* response) override {
    response->add_names("task-1");
    return Answer(*context, request->request_id());
  }

  grpc::Status GetTask(grpc::ServerContext* context, const v1::GetTaskRequest*,
                       v1::Task*) override {
    return Answer(*context, "");
  }

  grpc::Status PollForTask(grpc::ServerContext* context,
                           const v1::PollForTaskInput*,
                           v1::PollForTaskOutput*) override {
    const grpc::Status status = Answer(*context, "");
    while (hold && !context->IsCancelled()) {
      arrived.HasBeenNotified() ? absl::SleepFor(absl::Milliseconds(1))
                                : arrived.Notify();
    }
    return status;
  }

  grpc::Status CreatePipeline(grpc::ServerContext* context,
                              const v1::CreatePipelineInput* input,
                              v1::CreatePipelineOutput*) override {
    return Answer(*context, input->unique_id());
  }

  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

  // What the next calls are answered, each once.
  std::vector<grpc::Status> answers;

  // Whether polls are held until they are cancelled.
  bool hold = false;
  absl::Notification arrived;

  // What arrived: among it the id that names each submission or creation.
  std::vector<std::string> submission_ids;
  std::vector<std::string> call_ids;
  std::vector<absl::Duration> timeouts;

 private:
  grpc::Status Answer(const grpc::ServerContext& context,
                      const std::string& submission_id) {
    submission_ids.push_back(submission_id);
    const auto id = context.client_metadata().find(kRequestIdKey);
    call_ids.emplace_back(id->second.data(), id->second.size());
    timeouts.push_back(absl::FromChrono(context.deadline()) - absl::Now());
    if (answers.empty()) return grpc::Status::OK;
    const grpc::Status answer = answers.front();
    answers.erase(answers.begin());
    return answer;
  }

  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

class ClientTest : public testing::Test {
 protected:
  Client NewClient() {
    return Client(
        server_.channel(),
        {.retry_for = absl::Seconds(10),
         .backoff = {.first = absl::Seconds(2), .max = absl::Seconds(4)}},
        {.now = [this] { return now_; },
         .sleep =
             [this](grpc::Channel&, absl::Duration wait, const Cancellation*) {
               waits_.push_back(wait);
               now_ += wait;
               if (on_sleep_) on_sleep_();
             },
         .random = [] { return uint64_t{1} << 63; }});
  }

  ScriptedServer server_;
  absl::Time now_ = absl::UnixEpoch();
  std::vector<absl::Duration> waits_;
  std::function<void()> on_sleep_;
};

TEST_F(ClientTest, AnUnavailableServerIsTriedAgainAfterLongerAndLongerWaits) {
  server_.answers = {kUnavailable, kUnavailable, kUnavailable};
  Client client = NewClient();
  const auto response = client.Call(&TaskQueue::SubmitTasks, {});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_THAT(response->names(), ElementsAre("task-1"));
  EXPECT_THAT(waits_, ElementsAre(absl::Seconds(1), absl::Seconds(2),
                                  absl::Seconds(2)));
}

TEST_F(ClientTest, ASubmissionKeepsItsRequestIdWhenItIsTriedAgain) {
  server_.answers = {kUnavailable};
  Client client = NewClient();
  ASSERT_TRUE(client.Call(&TaskQueue::SubmitTasks, {}).ok());
  ASSERT_THAT(server_.submission_ids, SizeIs(2));
  EXPECT_THAT(server_.submission_ids[0],
              MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]"
                           "[0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(server_.submission_ids[0], server_.submission_ids[1]);
  EXPECT_EQ(server_.call_ids[0], server_.call_ids[1]);
}

TEST_F(ClientTest, ARequestIdOfTheCallersIsKept) {
  v1::SubmitTasksRequest request;
  request.set_request_id("mine");
  Client client = NewClient();
  ASSERT_TRUE(client.Call(&TaskQueue::SubmitTasks, request).ok());
  EXPECT_THAT(server_.submission_ids, ElementsAre("mine"));
}

TEST_F(ClientTest, APipelineKeepsItsUniqueIdWhenItIsTriedAgain) {
  server_.answers = {kUnavailable};
  Client client = NewClient();
  ASSERT_TRUE(client.Call(&DataPipeline::CreatePipeline, {}).ok());
  ASSERT_THAT(server_.submission_ids, SizeIs(2));
  EXPECT_THAT(server_.submission_ids[0], SizeIs(36));
  EXPECT_EQ(server_.submission_ids[0], server_.submission_ids[1]);
  v1::CreatePipelineInput mine;
  mine.set_unique_id("mine");
  ASSERT_TRUE(client.Call(&DataPipeline::CreatePipeline, mine).ok());
  EXPECT_EQ(server_.submission_ids[2], "mine");
}

TEST_F(ClientTest, TryingAgainEndsWhenItsTimeIsUp) {
  server_.answers.assign(100, kUnavailable);
  Client client = NewClient();
  const auto response = client.Call(&TaskQueue::GetTask, {});
  EXPECT_TRUE(absl::IsUnavailable(response.status()));
  EXPECT_EQ(response.status().message(), "restarting");
  EXPECT_LT(now_, absl::UnixEpoch() + absl::Seconds(10));
  EXPECT_THAT(waits_, SizeIs(5));
}

TEST_F(ClientTest, ACallMaySayThatItIsNotTriedAgain) {
  server_.answers = {kUnavailable};
  Client client = NewClient();
  const auto task =
      client.Call(&TaskQueue::GetTask, {}, {.retry_for = absl::ZeroDuration()});
  EXPECT_TRUE(absl::IsUnavailable(task.status()));
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(ClientTest, ACallThatTheServerCancelsIsTriedAgain) {
  server_.answers = {grpc::Status::CANCELLED, kUnavailable};
  Client client = NewClient();
  EXPECT_TRUE(client.Call(&TaskQueue::GetTask, {}).ok());
  EXPECT_THAT(waits_, SizeIs(2));
}

TEST_F(ClientTest, OnlyWhoCancelsIsToldSo) {
  server_.answers = {grpc::Status::CANCELLED, grpc::Status::CANCELLED};
  Client client = NewClient();
  EXPECT_TRUE(absl::IsUnavailable(client.PollForTask({}).status()));
  EXPECT_TRUE(absl::IsUnavailable(
      client.Call(&TaskQueue::GetTask, {}, {.retry_for = absl::ZeroDuration()})
          .status()));
}

TEST_F(ClientTest, NoOtherErrorIsTriedAgain) {
  for (const grpc::StatusCode code :
       {grpc::StatusCode::INTERNAL, grpc::StatusCode::RESOURCE_EXHAUSTED,
        grpc::StatusCode::DEADLINE_EXCEEDED, grpc::StatusCode::ABORTED}) {
    server_.answers = {grpc::Status(code, "no")};
    Client client = NewClient();
    const auto task = client.Call(&TaskQueue::GetTask, {});
    EXPECT_EQ(static_cast<int>(task.status().code()), static_cast<int>(code));
  }
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(ClientTest, AnErrorCarriesTheNameThatAwsGivesIt) {
  server_.answers = {NotFound()};
  Client client = NewClient();
  const auto task = client.Call(&TaskQueue::GetTask, {});
  EXPECT_TRUE(absl::IsNotFound(task.status()));
  EXPECT_EQ(task.status().message(), "no task-7");
  ASSERT_TRUE(ReasonOf(task.status()).has_value());
  EXPECT_EQ(ReasonOf(task.status())->reason(), "TaskNotFoundException");
  EXPECT_FALSE(ReasonOf(absl::NotFoundError("no task-7")).has_value());
}

TEST_F(ClientTest, APollIsNeverTriedAgain) {
  server_.answers = {kUnavailable};
  Client client = NewClient();
  EXPECT_TRUE(absl::IsUnavailable(client.PollForTask({}).status()));
  EXPECT_THAT(waits_, IsEmpty());
}

TEST_F(ClientTest, APollsDeadlineLeavesTimeToAnswerAfterTheHold) {
  Client client = NewClient();
  ASSERT_TRUE(client.PollForTask({}).ok());
  ASSERT_TRUE(client.Call(&TaskQueue::GetTask, {}).ok());
  ASSERT_TRUE(
      client.Call(&TaskQueue::GetTask, {}, {.timeout = absl::Seconds(33)})
          .ok());
  // A slow machine makes less of them, never more.
  EXPECT_THAT(server_.timeouts[0],
              AllOf(Ge(absl::Seconds(90)), Le(absl::Seconds(101))));
  EXPECT_LE(server_.timeouts[1], absl::Seconds(11));
  EXPECT_THAT(server_.timeouts[2],
              AllOf(Ge(absl::Seconds(20)), Le(absl::Seconds(34))));
}

TEST_F(ClientTest, AHeldPollEndsWhenItIsCancelled) {
  server_.hold = true;
  Client client = NewClient();
  Cancellation stop;
  std::thread other([&] {
    server_.arrived.WaitForNotification();
    stop.Cancel();
  });
  const auto output = client.PollForTask({}, {.cancellation = &stop});
  other.join();
  EXPECT_TRUE(absl::IsCancelled(output.status())) << output.status();
}

TEST_F(ClientTest, WaitingForAnotherTryEndsWhenItIsCancelled) {
  server_.answers.assign(100, kUnavailable);
  Client client = NewClient();
  Cancellation stop;
  on_sleep_ = [&] { stop.Cancel(); };
  const auto task =
      client.Call(&TaskQueue::GetTask, {}, {.cancellation = &stop});
  EXPECT_TRUE(absl::IsCancelled(task.status())) << task.status();
  EXPECT_THAT(waits_, SizeIs(1));
}

// Answers a poll with a task, and then leaves the call open.
class HalfAnsweringServer : public grpc::CallbackGenericService {
 public:
  HalfAnsweringServer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
    channel_ = Connect(absl::StrCat("127.0.0.1:", port));
  }
  ~HalfAnsweringServer() override {
    server_->Shutdown(absl::ToChronoTime(absl::Now()));
  }

  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext*) override {
    class Reactor : public grpc::ServerGenericBidiReactor {
     public:
      Reactor() {
        v1::PollForTaskOutput output;
        output.mutable_task_object()->set_task_id("lease");
        const grpc::Slice slice(output.SerializeAsString());
        answer_ = grpc::ByteBuffer(&slice, 1);
        StartWrite(&answer_);
      }
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }

     private:
      grpc::ByteBuffer answer_;
    };
    return new Reactor;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST(PollTest, ATaskThatHasArrivedIsReturnedWhateverBecomesOfTheCall) {
  HalfAnsweringServer server;
  Client client(server.channel());
  const auto output =
      client.PollForTask({}, {.timeout = absl::Milliseconds(500)});
  ASSERT_TRUE(output.ok()) << output.status();
  EXPECT_EQ(output->task_object().task_id(), "lease");
}

// Long enough to be told from what ends a wait.
constexpr absl::Duration kLong = absl::Minutes(10);

TEST(PauseTest, EndsWhenALostConnectionIsThereAgain) {
  int port = 0;
  const auto serve = [&port](grpc::CallbackGenericService& nothing) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port),
                             grpc::InsecureServerCredentials(), &port);
    builder.RegisterCallbackGenericService(&nothing);
    return builder.BuildAndStart();
  };
  grpc::CallbackGenericService first;
  grpc::CallbackGenericService second;
  auto server = serve(first);
  const auto channel = Connect(absl::StrCat("127.0.0.1:", port));
  Client client(channel);
  ASSERT_TRUE(
      channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kLong)));
  server->Shutdown(absl::ToChronoTime(absl::Now()));
  server = serve(second);
  const absl::Time start = absl::Now();
  client.Pause(kLong, nullptr);
  EXPECT_LT(absl::Now(), start + kLong);
}

TEST(PauseTest, EndsWhenItIsCancelled) {
  Client client(Connect("127.0.0.1:1"));
  Cancellation stop;
  std::thread other([&] { stop.Cancel(); });
  const absl::Time start = absl::Now();
  client.Pause(kLong, &stop);
  EXPECT_LT(absl::Now(), start + kLong);
  other.join();
}

TEST(PauseTest, LastsUntilItsTimeIsOver) {
  Client client(Connect("127.0.0.1:1"));
  const absl::Time start = absl::Now();
  client.Pause(absl::Milliseconds(20), nullptr);
  EXPECT_GE(absl::Now(), start + absl::Milliseconds(20));
}

TEST(ConnectTest, WhereNothingListensTheCallIsUnavailable) {
  Client client(Connect("127.0.0.1:1"), {.retry_for = absl::ZeroDuration()});
  const auto task = client.Call(&TaskQueue::GetTask, {});
  EXPECT_TRUE(absl::IsUnavailable(task.status())) << task.status();
  EXPECT_FALSE(ReasonOf(task.status()).has_value());
}

}  // namespace
}  // namespace holdline::client
