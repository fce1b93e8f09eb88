#include "client/runner/runner.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/runner/readiness_probe.h"
#include "client/services.h"
#include "client/time_and_chance.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/credentials/credential_store.h"
#include "server/rpc/testing/test_server.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() {
    performer_options_.log_directory = absl::StrCat(
        testing::TempDir(), "/",
        testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(performer_options_.log_directory);
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
      const auto probe = [this] {
        return ProbeReadiness(performer_options_.log_directory, "/bin/sh");
      };
      Readiness readiness({.backoff = {.first = absl::Milliseconds(1),
                                       .max = absl::Milliseconds(20)},
                           .random = RealTimeAndChance().random},
                          probe, &stop_, log);
      Performer performer(performer_options_, client_.get(), &stop_, &readiness,
                          log);
      result_ =
          Runner(options_, client_.get(), &performer, &readiness, &stop_, log)
              .Run();
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

  // Waits until a line of the log holds this, `times` times.
  void AwaitSaid(const std::string& what, int times = 1) {
    const absl::Time deadline = absl::Now() + kPatience;
    const auto said = [&] {
      absl::MutexLock lock(&mutex_);
      const std::vector<std::string> parts = absl::StrSplit(log_, what);
      return static_cast<int>(parts.size()) > times;
    };
    while (!said()) {
      ASSERT_LT(absl::Now(), deadline) << what;
      absl::SleepFor(absl::Milliseconds(2));
    }
  }

  TestServer server_;
  std::unique_ptr<Client> client_ = std::make_unique<Client>(server_.channel());
  Stop stop_;
  PerformerOptions performer_options_;
  RunnerOptions options_;
  absl::Mutex mutex_;
  std::string log_;
  absl::Status result_;
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
  ASSERT_TRUE(client_->Call(&Operator::UpdateRunner, request).ok());
  Start();
  running_.join();
  EXPECT_THAT(log_, HasSubstr("draining"));
}

TEST_F(RunnerTest, DrainedWhileItPollsItEndsAtOnceAndItsNeighbourGoesOn) {
  Start();
  server_.AwaitParked("g", options_.slots);
  v1::PollForTaskInput neighbour;
  neighbour.set_worker_group("g");
  neighbour.set_hostname(options_.hostname);
  neighbour.set_taskrunner_id("neighbour");
  std::thread polling([&] {
    const auto output = client_->PollForTask(neighbour);
    EXPECT_TRUE(output.ok() && output->has_task_object()) << output.status();
  });
  server_.AwaitParked("g", options_.slots + 1);
  v1::UpdateRunnerRequest request;
  request.set_name(options_.taskrunner_id);
  request.set_draining(true);
  ASSERT_TRUE(client_->Call(&Operator::UpdateRunner, request).ok());
  running_.join();
  EXPECT_THAT(log_, HasSubstr("draining"));
  Submit("true");
  polling.join();
}

TEST_F(RunnerTest, ItGoesOnTryingWhenItCannotPollAndSaysSoAgain) {
  options_.complaint_interval = absl::ZeroDuration();
  server_.server().Stop(absl::InfinitePast());
  Start();
  AwaitSaid("cannot poll, retrying", 2);
}

TEST_F(RunnerTest, AFirstPollThatIsRefusedForGoodIsTheLast) {
  options_.worker_group = "";
  Start();
  running_.join();
  EXPECT_TRUE(absl::IsInvalidArgument(result_)) << result_;
}

class RefusedRunnerTest : public RunnerTest {
 protected:
  RefusedRunnerTest() {
    client_ = std::make_unique<Client>(
        strict_.channel(), ClientOptions{.access_key = {"KEY", "secret", ""}});
  }

  static Credentials Known() {
    Credential credential;
    credential.access_key = "KEY";
    credential.secret = "secret";
    credential.principal.account = AccountId{"111122223333"};
    credential.principal.roles = {Role::kRunner};
    credential.principal.worker_groups = {"*"};
    return Credentials({credential}, {});
  }

  CredentialStore store_{Credentials({}, {})};
  TestServer strict_{TestCallers{.credentials = &store_},
                     {.hold_max = absl::Milliseconds(20)}};
};

TEST_F(RefusedRunnerTest, WhoIsNotKnownGivesUp) {
  Start();
  running_.join();
  EXPECT_TRUE(absl::IsUnauthenticated(result_)) << result_;
}

TEST_F(RefusedRunnerTest, WhoWasKnownBeforeGoesOnTryingAndSaysSoAgain) {
  options_.complaint_interval = absl::ZeroDuration();
  options_.slots = 1;
  store_.Replace(Known());
  Start();
  while (strict_.NextPoll().outcome != PollOutcome::kEmpty) {
  }
  store_.Replace(Credentials({}, {}));
  AwaitSaid("cannot poll, retrying", 2);
  store_.Replace(Known());
  AwaitSaid("polling again");
}

TEST_F(RunnerTest, WhileTheMachineIsNotReadyItTakesNothing) {
  options_.slots = 2;
  std::ofstream(performer_options_.log_directory) << "in the way";
  Start();
  server_.AwaitParked("g", 2);
  const std::string name = Submit("true");
  AwaitSaid("takes no tasks", 3);
  AwaitState(name, v1::Task::READY);
  EXPECT_EQ(server_.GetTask(name).output.attempts_left(), 2);
  server_.AwaitParked("g", 0);

  std::filesystem::remove(performer_options_.log_directory);
  AwaitState(name, v1::Task::FINISHED);
  server_.AwaitParked("g", 2);
}

TEST_F(RunnerTest, AskedForOneTaskThatItCannotBeginItSaysSo) {
  options_.once = true;
  std::ofstream(performer_options_.log_directory) << "in the way";
  const std::string name = Submit("true");
  Start();
  running_.join();
  EXPECT_TRUE(absl::IsUnavailable(result_)) << result_;
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::READY);
}

}  // namespace
}  // namespace holdline::client
