#include "client/runner/runner.h"

#include <filesystem>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/test_server.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() {
    performer_options_.log_directory = absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name());
    performer_options_.report_interval = absl::Milliseconds(10);
    options_ = {.worker_group = "g", .hostname = "h", .taskrunner_id = "r"};
  }

  ~RunnerTest() override {
    if (!running_.joinable()) return;
    stop_.polling.Cancel();
    stop_.performing.Cancel();
    stop_.waiting.Cancel();
    running_.join();
  }

  void Start() {
    running_ = std::thread([this] {
      const Log log = [this](const std::string& line) {
        absl::MutexLock lock(&mutex_);
        absl::StrAppend(&log_, line, "\n");
      };
      Performer performer(performer_options_, &client_, &stop_, log);
      Runner(options_, &client_, &performer, &stop_, log).Run();
    });
  }

  std::string Submit(const std::string& command) {
    return server_.Submit(absl::StrCat(
        R"(worker_group: "g" type: "ShellCommandActivity" fields {)",
        R"( key: "command" string_value: ")", command, "\" }"));
  }

  void AwaitState(const std::string& name, v1::Task::State state) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (server_.GetTask(name).output.state() != state) {
      ASSERT_LT(absl::Now(), deadline) << name;
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  // Waits until the runner has said that it has the task.
  void AwaitBegun(const std::string& name) {
    const absl::Time deadline = absl::Now() + kPatience;
    while (true) {
      const v1::Task task = server_.GetTask(name).output;
      if (!task.attempts().empty() &&
          task.attempts().rbegin()->has_acknowledge_time()) {
        return;
      }
      ASSERT_LT(absl::Now(), deadline) << name;
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  // Whether somebody who asks now gets a task at once.
  bool TaskIsReady() { return server_.GetGroup("g").ready_tasks() > 0; }

  TestServer server_;
  Client client_{server_.channel()};
  Stop stop_;
  PerformerOptions performer_options_;
  RunnerOptions options_;
  absl::Mutex mutex_;
  std::string log_;
  std::thread running_;
};

TEST_F(RunnerTest, ItPerformsTaskAfterTask) {
  Start();
  for (int i = 0; i < 5; ++i) AwaitState(Submit("true"), v1::Task::FINISHED);
}

TEST_F(RunnerTest, ItTakesNoMoreTasksThanItCanPerform) {
  options_.slots = 2;
  Start();
  const std::string first = Submit("sleep 60");
  const std::string second = Submit("sleep 60");
  AwaitState(first, v1::Task::LEASED);
  AwaitState(second, v1::Task::LEASED);
  EXPECT_EQ(server_.GetGroup("g").parked_calls(), 0);
  Submit("true");
  EXPECT_TRUE(TaskIsReady());
}

TEST_F(RunnerTest, StoppedWhileItWaitsItLeavesNoPollBehind) {
  options_.slots = 3;
  Start();
  server_.AwaitParked("g", 3);
  stop_.polling.Cancel();
  running_.join();
  server_.AwaitParked("g", 0);
}

TEST_F(RunnerTest, StoppedGentlyItFinishesWhatItHas) {
  Start();
  const std::string name = Submit("sleep 0.2");
  AwaitBegun(name);
  stop_.polling.Cancel();
  running_.join();
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::FINISHED);
}

TEST_F(RunnerTest, StoppedAtOnceItHandsBackWhatItHas) {
  Start();
  const std::string name = Submit("sleep 60");
  AwaitBegun(name);
  stop_.polling.Cancel();
  stop_.performing.Cancel();
  running_.join();
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::READY);
}

TEST_F(RunnerTest, AskedForOneTaskItPerformsOneAndEnds) {
  options_.once = true;
  const std::string first = Submit("true");
  const std::string second = Submit("true");
  Start();
  running_.join();
  EXPECT_EQ(server_.GetTask(first).output.state(), v1::Task::FINISHED);
  EXPECT_EQ(server_.GetTask(second).output.state(), v1::Task::READY);
}

TEST_F(RunnerTest, TheServerMayDrainIt) {
  v1::UpdateRunnerRequest request;
  request.set_name("r");
  request.set_draining(true);
  ASSERT_TRUE(client_.UpdateRunner(request).ok());
  Start();
  running_.join();
  EXPECT_THAT(log_, HasSubstr("drains"));
}

TEST_F(RunnerTest, ItGoesOnTryingWhenItCannotPoll) {
  server_.server().Stop(absl::InfinitePast());
  Start();
  const absl::Time deadline = absl::Now() + kPatience;
  const auto said = [this] {
    absl::MutexLock lock(&mutex_);
    return log_.find("goes on trying") != std::string::npos;
  };
  while (!said() && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(2));
  }
  EXPECT_TRUE(said());
}

}  // namespace
}  // namespace holdline::client
