#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "gmock/gmock.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"
#include "holdline/v1/task_queue.grpc.pb.h"

namespace holdline::client {
namespace {

using ::testing::AllOf;
using ::testing::Gt;
using ::testing::Le;

// A server that has a task at work, and is gone from `gone_from` of the
// client's time until `back_at`.
class RestartingServer : public v1::TaskQueue::Service {
 public:
  explicit RestartingServer(const absl::Time* now) : now_(now) {
    grpc::ServerBuilder builder;
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  grpc::Status GetTask(grpc::ServerContext*, const v1::GetTaskRequest*,
                       v1::Task* task) override {
    return Answer(v1::Task::READY, task);
  }

  grpc::Status WaitForTask(grpc::ServerContext*, const v1::WaitForTaskRequest*,
                           v1::Task* task) override {
    is_waited_for = true;
    return Answer(v1::Task::FINISHED, task);
  }

  std::shared_ptr<grpc::Channel> Channel() {
    return server_->InProcessChannel({});
  }

  bool answers_first = true;
  absl::Time back_at = absl::InfiniteFuture();
  bool is_waited_for = false;

 private:
  grpc::Status Answer(v1::Task::State state, v1::Task* task) {
    if ((!is_waited_for && answers_first) || *now_ >= back_at) {
      task->set_state(state);
      return grpc::Status::OK;
    }
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "restarting");
  }

  const absl::Time* const now_;
  std::unique_ptr<grpc::Server> server_;
};

class WaitTest : public testing::Test {
 protected:
  absl::StatusOr<ExitCode> Wait(const std::string& more = "") {
    Client client(server_.Channel(), {},
                  {.now = [this] { return now_; },
                   .sleep = [this](grpc::Channel&, absl::Duration wait,
                                   const Cancellation*) { now_ += wait; },
                   .random = [] { return uint64_t{1} << 63; }});
    std::ostringstream out, err;
    Session session = {.client = client, .out = out, .err = err};
    CLI::App app;
    Action action;
    AddWait(app, action);
    app.parse("wait task-1 " + more);
    return action(session);
  }

  // How long the client went on asking, by its own clock.
  absl::Duration asked_for() const { return now_ - absl::UnixEpoch(); }

  absl::Time now_ = absl::UnixEpoch();
  RestartingServer server_{&now_};
};

TEST_F(WaitTest, AServerThatRestartsIsWaitedFor) {
  server_.back_at = now_ + absl::Seconds(200);
  const auto code = Wait();
  ASSERT_TRUE(code.ok()) << code.status();
  EXPECT_EQ(*code, ExitCode::kDone);
}

TEST_F(WaitTest, AServerThatStaysAwayIsGivenUpTwoMinutesAfterACall) {
  EXPECT_TRUE(absl::IsUnavailable(Wait().status()));
  EXPECT_THAT(asked_for(),
              AllOf(Gt(absl::Seconds(200)), Le(absl::Seconds(220))));
}

TEST_F(WaitTest, NobodyIsWaitedForBeyondTheTimeout) {
  EXPECT_TRUE(absl::IsUnavailable(Wait("--timeout 50s").status()));
  EXPECT_THAT(asked_for(), AllOf(Gt(absl::Seconds(30)), Le(absl::Seconds(50))));
}

TEST_F(WaitTest, AServerThatNeverAnsweredIsNotWaitedForLong) {
  server_.answers_first = false;
  EXPECT_TRUE(absl::IsUnavailable(Wait().status()));
  EXPECT_FALSE(server_.is_waited_for);
  EXPECT_LE(asked_for(), absl::Seconds(30));
}

}  // namespace
}  // namespace holdline::client
