// What becomes of a task when the poll that waits for it goes away.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/cut_wire.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

constexpr char kHello[] = R"pb(worker_group: "g" type: "T")pb";

TEST(DeliveryTest, ASubmissionWakesTheLongestParkedPollAtOnce) {
  TestServer server;
  const auto first = server.Park("g");
  const auto second = server.Park("g");
  server.Submit(kHello);
  EXPECT_TRUE(first->Wait().output.has_task_object());
  EXPECT_FALSE(second->done());
  const PollFacts facts = server.NextPoll();
  EXPECT_EQ(facts.outcome, PollOutcome::kTask);
  EXPECT_EQ(facts.group.name, "g");
  EXPECT_LE(facts.dispatch, facts.hold);
  EXPECT_GE(facts.dispatch, absl::ZeroDuration());
}

TEST(DeliveryTest, ACancelledPollLeavesItsConditionAndGetsNoTask) {
  TestServer server;
  const auto gone = server.Park("g");
  const auto stays = server.Park("g");
  gone->context.TryCancel();
  EXPECT_EQ(gone->Wait().status.error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(server.NextPoll().outcome, PollOutcome::kCancelled);
  server.AwaitParked("g", 1);
  server.Submit(kHello);
  EXPECT_TRUE(stays->Wait().output.has_task_object());
}

TEST(DeliveryTest, APollIsAnsweredBeforeItsDeadline) {
  TestServer server({.hold_margin = absl::Milliseconds(500)});
  const auto poll = server.Park("g", absl::Milliseconds(600));
  EXPECT_TRUE(poll->Wait().status.ok());
  EXPECT_FALSE(poll->Wait().output.has_task_object());
}

TEST(DeliveryTest, APollWithTooNearADeadlineGetsWhatIsThere) {
  TestServer server({.hold_margin = absl::Minutes(10)});
  EXPECT_FALSE(server.Poll("g").output.has_task_object());
  server.Submit(kHello);
  EXPECT_TRUE(server.Poll("g").output.has_task_object());
}

TEST(DeliveryTest, APollWhoseDeadlinePassesLeavesItsCondition) {
  // Held beyond its deadline, as if the answer were late.
  TestServer server({.hold_margin = absl::ZeroDuration()});
  const auto poll = server.Park("g", absl::Milliseconds(100));
  poll->Wait();
  server.AwaitParked("g", 0);
}

// A poll over a connection that can be cut.
class WiredPoll {
 public:
  explicit WiredPoll(TestServer& server)
      : wire_(server.server().address()),
        stub_(v1::DataPipeline::NewStub(grpc::CreateChannel(
            wire_.address(), grpc::InsecureChannelCredentials()))) {
    v1::PollForTaskInput input;
    input.set_worker_group("g");
    call_.Begin([&](grpc::ClientContext* context, v1::PollForTaskOutput* output,
                    std::function<void(grpc::Status)> done) {
      stub_->async()->PollForTask(context, &input, output, std::move(done));
    });
    server.AwaitParked("g", 1);
  }

  CutWire& wire() { return wire_; }
  PendingCall<v1::PollForTaskOutput>& call() { return call_; }

 private:
  CutWire wire_;
  std::unique_ptr<v1::DataPipeline::StubInterface> stub_;
  PendingCall<v1::PollForTaskOutput> call_;
};

TEST(DeliveryTest, APollOfABrokenConnectionLeavesItsCondition) {
  TestServer server;
  WiredPoll poll(server);
  poll.wire().Cut();
  server.AwaitParked("g", 0);
  EXPECT_EQ(server.NextPoll().outcome, PollOutcome::kCancelled);
  server.Submit(kHello);
  EXPECT_TRUE(server.Poll("g").output.has_task_object());
}

TEST(DeliveryTest, ATaskWhoseAnswerDidNotArriveIsReadyAgainAtOnce) {
  TestServer server({.payload_max = 20 << 20});
  WiredPoll poll(server);
  poll.wire().StopAnswers();
  // More than the buffers and windows of the connection hold.
  v1::SubmitTasksRequest request;
  v1::NewTask* task = request.add_tasks();
  *task = Parse<v1::NewTask>(R"pb(
    worker_group: "g"
    task_object {
      attempt_id: "a"
      objects {
        key: "a"
        value {
          id: "a"
          name: "a"
          fields { key: "type" string_value: "T" }
        }
      }
    })pb");
  v1::PipelineObject& object =
      task->mutable_task_object()->mutable_objects()->at("a");
  for (int i = 0; i < 1500; ++i) {
    v1::Field* field = object.add_fields();
    field->set_key("k");
    field->set_string_value(std::string(10240, 'x'));
  }
  ASSERT_TRUE(server
                  .Call(server.queue(),
                        &v1::TaskQueue::StubInterface::SubmitTasks, request)
                  .status.ok());
  EXPECT_EQ(server.GetTask("task-1").output.state(), v1::Task::LEASED);
  poll.wire().Cut();
  EXPECT_EQ(server.NextPoll().outcome, PollOutcome::kUndelivered);

  const auto again = server.Poll("g");
  EXPECT_THAT(again.output.task_object().attempt_id(),
              testing::EndsWith("_Attempt=1"));
  EXPECT_EQ(again.output.task_object().pipeline_id(), "task-1");
  EXPECT_FALSE(poll.call().Wait().status.ok());
}

TEST(DeliveryTest, AWaitThatIsCancelledIsForgotten) {
  TestServer server;
  v1::WaitForTaskRequest request;
  request.set_name(server.Submit(kHello));
  PendingCall<v1::Task> wait;
  wait.Begin([&](grpc::ClientContext* context, v1::Task* output,
                 std::function<void(grpc::Status)> done) {
    server.queue().async()->WaitForTask(context, &request, output,
                                        std::move(done));
  });
  wait.context.TryCancel();
  EXPECT_EQ(wait.Wait().status.error_code(), grpc::StatusCode::CANCELLED);
}

// The heart of the matter: a poll is cancelled just as its task comes. Whatever
// the order, the task is either with the caller or ready again; if the server
// says that an answer did not arrive, the caller did not see it.
class CancelRaceTest : public testing::TestWithParam<bool> {
 protected:
  CancelRaceTest()
      : server_({}, {}, Observer()),
        channel_(GetParam() ? server_.server().InProcessChannel()
                            : server_.channel()) {}

  // Begins to poll, and returns when the call is parked.
  void Park(PendingCall<v1::PollForTaskOutput>& poll) {
    const auto stub = v1::DataPipeline::NewStub(channel_);
    v1::PollForTaskInput input;
    input.set_worker_group("g");
    poll.Begin([&](grpc::ClientContext* context, v1::PollForTaskOutput* output,
                   std::function<void(grpc::Status)> done) {
      stub->async()->PollForTask(context, &input, output, std::move(done));
    });
    server_.AwaitParked("g", 1);
  }

  // Returns when the server has read all that this channel has sent before. The
  // loop may stand still meanwhile: this asks the history.
  void AwaitRead() {
    v1::GetTaskRequest request;
    request.set_name("task-1");
    const auto stub = v1::TaskQueue::NewStub(channel_);
    const auto outcome =
        server_.Call(static_cast<v1::TaskQueue::StubInterface&>(*stub),
                     &v1::TaskQueue::StubInterface::GetTask, request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  }

  // What is done once, on the loop's thread, when a task is bound to a poll on
  // disk and the poll is not answered yet.
  std::function<void()> before_answer_;
  TestServer server_;
  const std::shared_ptr<grpc::Channel> channel_;

 private:
  EngineObserver Observer() {
    return {.on_committed = [this](const Batch& tasks, const PipelineBatch&,
                                   const TurnFacts&, absl::Time) {
      for (const Update& update : tasks.updates) {
        if (std::holds_alternative<TaskLeased>(update) && before_answer_) {
          std::exchange(before_answer_, nullptr)();
        }
      }
    }};
  }
};

TEST_P(CancelRaceTest, ATaskWhoseCallerGaveUpBeforeTheAnswerIsReadyAgain) {
  PendingCall<v1::PollForTaskOutput> poll;
  Park(poll);
  before_answer_ = [&] {
    poll.context.TryCancel();
    EXPECT_EQ(poll.Wait().status.error_code(), grpc::StatusCode::CANCELLED);
    AwaitRead();
  };
  server_.Submit(kHello);
  EXPECT_EQ(server_.NextPoll().outcome, PollOutcome::kUndelivered);
  EXPECT_TRUE(server_.Poll("g").output.has_task_object());
  EXPECT_EQ(server_.NextPoll().outcome, PollOutcome::kTask);
}

TEST_P(CancelRaceTest, ATaskIsWithItsCallerOrReadyAgain) {
  constexpr int kRounds = 100;
  int with_caller = 0;
  for (int round = 0; round < kRounds; ++round) {
    PendingCall<v1::PollForTaskOutput> poll;
    Park(poll);
    absl::Notification bound;
    before_answer_ = [&] { bound.Notify(); };
    std::thread submitter([&] { server_.Submit(kHello); });
    bound.WaitForNotification();
    // While the answer is made and sent.
    poll.context.TryCancel();
    submitter.join();

    const bool caller_has_it = poll.Wait().status.ok();
    const PollOutcome outcome = server_.NextPoll().outcome;
    if (caller_has_it) {
      ++with_caller;
      ASSERT_EQ(outcome, PollOutcome::kTask);
    } else if (outcome != PollOutcome::kTask) {
      // Otherwise the answer was under way when the caller gave up: the
      // acknowledgement deadline brings the task back.
      ASSERT_EQ(outcome, PollOutcome::kUndelivered);
      ASSERT_TRUE(server_.Poll("g").output.has_task_object());
      ASSERT_EQ(server_.NextPoll().outcome, PollOutcome::kTask);
    }
  }
  RecordProperty("with_caller", with_caller);
}

INSTANTIATE_TEST_SUITE_P(Transports, CancelRaceTest, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& transport) {
                           return transport.param ? "InProcess" : "Connection";
                         });

TEST(DeliveryTest, AThousandPollsAreHeldAndEachGetsItsTask) {
  constexpr int kPolls = 1000;
  TestServer server;
  std::vector<std::unique_ptr<PendingCall<v1::PollForTaskOutput>>> polls;
  v1::PollForTaskInput input;
  input.set_worker_group("g");
  for (int i = 0; i < kPolls; ++i) {
    polls.push_back(std::make_unique<PendingCall<v1::PollForTaskOutput>>());
    polls.back()->Begin([&](grpc::ClientContext* context,
                            v1::PollForTaskOutput* output,
                            std::function<void(grpc::Status)> done) {
      server.pipeline().async()->PollForTask(context, &input, output,
                                             std::move(done));
    });
  }
  server.AwaitParked("g", kPolls);
  v1::SubmitTasksRequest request;
  for (int i = 0; i < kPolls; ++i) {
    *request.add_tasks() = Parse<v1::NewTask>(kHello);
  }
  ASSERT_TRUE(server
                  .Call(server.queue(),
                        &v1::TaskQueue::StubInterface::SubmitTasks, request)
                  .status.ok());
  std::set<std::string> tasks;
  for (const auto& poll : polls) {
    tasks.insert(poll->Wait().output.task_object().pipeline_id());
  }
  EXPECT_EQ(tasks.size(), size_t{kPolls});
}

}  // namespace
}  // namespace holdline
