#include "client/runner/performer.h"

#include <signal.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/runner/attempt_directory.h"
#include "client/runner/readiness_probe.h"
#include "client/services.h"
#include "client/time_and_chance.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline::client {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PerformerTest : public testing::Test {
 protected:
  PerformerTest()
      : directory_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
    options_.log_directory = directory_;
    options_.report_interval = absl::Milliseconds(10);
  }

  // Submits a task with these fields, in text format, and takes it.
  v1::TaskObject Take(const std::string& fields,
                      const std::string& type = "ShellCommandActivity",
                      int attempts = 1) {
    name_ = server_.Submit(
        absl::StrCat(R"(worker_group: "g" retry_policy { attempts: )", attempts,
                     R"( } type: ")", type, "\" ", fields));
    return server_.Poll("g").output.task_object();
  }

  // As Take, of a task that may be tried again.
  v1::TaskObject TakeOfMany(const std::string& fields) {
    return Take(fields, "ShellCommandActivity", 3);
  }

  // Whether anything was written.
  bool HasOutput() {
    return std::filesystem::exists(directory_) &&
           !std::filesystem::is_empty(directory_);
  }

  static std::string Field(const std::string& key, const std::string& value) {
    return absl::StrCat(R"( fields { key: ")", key, R"(" string_value: ")",
                        value, "\" }");
  }

  PerformResult Perform(const v1::TaskObject& task) {
    const Log log = [this](const std::string& line) {
      absl::MutexLock lock(&mutex_);
      absl::StrAppend(&log_, line, "\n");
    };
    const auto probe = [this] {
      return ProbeReadiness(options_.log_directory, options_.shell);
    };
    Readiness readiness({.random = RealTimeAndChance().random}, probe, &stop_,
                        log);
    Readiness::Poll poll(&readiness);
    Performer performer(options_, &client_, &stop_, &readiness, log);
    const PerformResult result = performer.Perform(task);
    EXPECT_EQ(poll.cancellation()->cancelled(),
              result == PerformResult::kNotReady);
    return result;
  }

  PerformResult PerformCommand(const std::string& command) {
    return Perform(Take(Field("command", command)));
  }

  // Performs a command that never ends, and meanwhile calls `meanwhile` once
  // the command has begun, with its process id.
  PerformResult PerformWhile(const std::string& command,
                             std::function<void()> meanwhile) {
    const v1::TaskObject task = Take(Field(
        "command", absl::StrCat("echo $$ >", directory_, "/pid; ", command)));
    std::filesystem::create_directories(directory_);
    std::thread other([&] {
      pid_ = AwaitPid();
      meanwhile();
    });
    const PerformResult result = Perform(task);
    other.join();
    EXPECT_NE(kill(pid_, 0), 0) << "the command still runs";
    return result;
  }

  pid_t AwaitPid() {
    const absl::Time deadline = absl::Now() + kPatience;
    int pid = 0;
    while (absl::Now() < deadline) {
      const std::string text = Read(absl::StrCat(directory_, "/pid"));
      if (EndsWithLine(text) && absl::SimpleAtoi(text, &pid)) return pid;
      absl::SleepFor(absl::Milliseconds(2));
    }
    ADD_FAILURE() << "the command did not begin";
    return 0;
  }

  static bool EndsWithLine(const std::string& text) {
    return !text.empty() && text.back() == '\n';
  }

  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  // The file of that name in the directory of the only attempt.
  std::string ReadOutput(const std::string& name) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(directory_)) {
      if (entry.path().filename() == name) return Read(entry.path());
    }
    return "(none)";
  }

  v1::Task Task() { return server_.GetTask(name_).output; }

  v1::Attempt Attempt() { return *Task().attempts().rbegin(); }

  const std::string directory_;
  CallRates rates_{{{"SetTaskStatus", {.calls_per_second = 2, .burst = 1}}}};
  TestServer server_{TestCallers{.rates = &rates_},
                     {.hold_max = absl::Milliseconds(20)}};
  Client client_{server_.channel()};
  Stop stop_;
  PerformerOptions options_;
  std::string name_;
  pid_t pid_ = 0;
  absl::Mutex mutex_;
  std::string log_;
};

TEST_F(PerformerTest, ACommandThatSucceedsFinishesItsTask) {
  EXPECT_EQ(PerformCommand("echo hello"), PerformResult::kFinished);
  EXPECT_EQ(Task().state(), v1::Task::FINISHED);
  EXPECT_TRUE(Attempt().has_acknowledge_time());
  EXPECT_EQ(ReadOutput("stdout"), "hello\n");
}

TEST_F(PerformerTest, ACommandThatFailsLeavesItsExitCodeAndErrors) {
  EXPECT_EQ(PerformCommand("echo oh dear >&2; exit 7"), PerformResult::kFailed);
  EXPECT_EQ(Task().state(), v1::Task::FAILED);
  EXPECT_EQ(Attempt().error_id(), "ExitCode");
  EXPECT_EQ(Attempt().error_message(), "exit code 7\noh dear\n");
}

TEST_F(PerformerTest, OnlyTheTailOfLongErrorsIsReported) {
  options_.error_tail_bytes = 100;
  PerformCommand("seq 1000 >&2; exit 1");
  EXPECT_THAT(Attempt().error_message(), StartsWith("exit code 1\n"));
  EXPECT_THAT(Attempt().error_message(), EndsWith("999\n1000\n"));
  EXPECT_LE(Attempt().error_message().size(), 120u);
}

TEST_F(PerformerTest, ASignalIsReportedAsSuch) {
  PerformCommand("kill -KILL $$");
  EXPECT_EQ(Attempt().error_id(), "Signal");
  EXPECT_THAT(Attempt().error_message(), HasSubstr("signal 9"));
}

TEST_F(PerformerTest, ScriptArgumentsKeepTheirOrderAndSpaces) {
  Perform(Take(absl::StrCat(Field("command", "echo $#: $1, $2"),
                            Field("scriptArgument", "a b"),
                            Field("scriptArgument", "c"))));
  EXPECT_EQ(ReadOutput("stdout"), "2: a b, c\n");
}

TEST_F(PerformerTest, TheCommandLearnsItsAttemptButNotItsTaskId) {
  const v1::TaskObject task = Take(Field("command", "env"));
  EXPECT_EQ(Perform(task), PerformResult::kFinished);
  EXPECT_THAT(
      ReadOutput("stdout"),
      HasSubstr(absl::StrCat("HOLDLINE_ATTEMPT_ID=", task.attempt_id(), "\n")));
  EXPECT_THAT(ReadOutput("stdout"),
              HasSubstr(absl::StrCat(
                  "HOLDLINE_PIPELINE_ID=", task.pipeline_id(), "\n")));
  EXPECT_THAT(ReadOutput("stdout"), Not(HasSubstr(task.task_id())));
  EXPECT_THAT(log_, Not(HasSubstr(task.task_id())));
}

TEST_F(PerformerTest, OutputGoesWhereTheTaskSays) {
  const std::string path = absl::StrCat(directory_, "/elsewhere/out");
  Perform(Take(absl::StrCat(Field("command", "echo here; echo oh >&2; false"),
                            Field("stdout", path), Field("stderr", "mine"))));
  EXPECT_EQ(Read(path), "here\n");
  EXPECT_EQ(ReadOutput("mine"), "oh\n");
  EXPECT_EQ(Attempt().error_message(), "exit code 1\noh\n");
}

TEST_F(PerformerTest, WhatItDoesNotSupportFailsForGoodBeforeAnythingRuns) {
  for (const std::string& field :
       {Field("stage", "true"), Field("stderr", "s3://bucket/key")}) {
    Perform(TakeOfMany(absl::StrCat(Field("command", "echo begun"), field)));
    EXPECT_EQ(Task().state(), v1::Task::FAILED) << field;
    EXPECT_EQ(Task().attempts_size(), 1);
    EXPECT_EQ(Attempt().error_id(), "UnsupportedTask");
    EXPECT_FALSE(HasOutput());
  }
}

TEST_F(PerformerTest, ATypeThatItDoesNotKnowFailsForGood) {
  EXPECT_EQ(Perform(Take("", "EmrActivity", 3)), PerformResult::kFailed);
  EXPECT_EQ(Task().state(), v1::Task::FAILED);
  EXPECT_EQ(Attempt().error_id(), "UnsupportedTask");
  EXPECT_THAT(Attempt().error_message(), HasSubstr("EmrActivity"));
}

TEST_F(PerformerTest, ATaskThatMakesNoSenseFailsForGood) {
  Perform(TakeOfMany(
      absl::StrCat(Field("command", "true"), Field("stdout", "../x"))));
  EXPECT_EQ(Task().state(), v1::Task::FAILED);
  EXPECT_EQ(Attempt().error_id(), "InvalidTask");
}

TEST_F(PerformerTest, AnOutputThatCannotBeWrittenHereCostsATryOnly) {
  const v1::TaskObject task = TakeOfMany(absl::StrCat(
      Field("command", "true"), Field("stdout", "/proc/nowhere/out")));
  EXPECT_EQ(Perform(task), PerformResult::kFailed);
  EXPECT_EQ(Task().state(), v1::Task::DELAYED);
  EXPECT_EQ(Task().attempts(0).error_id(), "CannotStart");
  EXPECT_THAT(Task().attempts(0).error_message(),
              HasSubstr("/proc/nowhere/out"));
}

TEST_F(PerformerTest, WhatIsInTheWayOfOneAttemptOnlyCostsItATry) {
  const v1::TaskObject task = TakeOfMany(Field("command", "true"));
  const std::string place = AttemptDirectory(directory_, task);
  std::filesystem::create_directories(
      std::filesystem::path(place).parent_path());
  std::ofstream(place) << "in the way";
  EXPECT_EQ(Perform(task), PerformResult::kFailed);
  EXPECT_EQ(Task().attempts(0).error_id(), "CannotStart");
  EXPECT_EQ(Task().state(), v1::Task::DELAYED);
}

TEST_F(PerformerTest, AnExitCodeCanSayThatTryingAgainWouldNotHelp) {
  options_.no_retry_exit_codes = {64, 65};
  Perform(TakeOfMany(Field("command", "exit 65")));
  EXPECT_EQ(Task().state(), v1::Task::FAILED);
  Perform(TakeOfMany(Field("command", "exit 66")));
  EXPECT_EQ(Task().state(), v1::Task::DELAYED);
}

TEST_F(PerformerTest,
       ATaskThatThisHostCannotStartIsReleasedWithoutUsingUpAnAttempt) {
  const auto expect_handed_back = [this](const std::string& why) {
    EXPECT_EQ(Perform(TakeOfMany(Field("command", "echo begun"))),
              PerformResult::kNotReady);
    EXPECT_EQ(Task().state(), v1::Task::READY) << why;
    EXPECT_EQ(Task().attempts_left(), 2);
    EXPECT_THAT(log_, HasSubstr(why));
    EXPECT_THAT(log_, HasSubstr("released"));
    EXPECT_EQ(server_.Poll("g").output.task_object().attempt_id(),
              Task().task_object().attempt_id());
  };
  std::ofstream(directory_) << "in the way";
  expect_handed_back(directory_);
  std::filesystem::remove(directory_);
  options_.shell = "/nowhere/sh";
  expect_handed_back("/nowhere/sh");
}

TEST_F(PerformerTest, ItReportsForAsLongAsTheCommandRuns) {
  // Far longer than the server's patience for a silent runner.
  const v1::TaskObject task =
      Take(absl::StrCat(Field("command", "sleep 1.5"),
                        " report_progress_timeout { seconds: 1 }"));
  EXPECT_EQ(Perform(task), PerformResult::kFinished);
  EXPECT_EQ(Task().state(), v1::Task::FINISHED);
}

TEST_F(PerformerTest, ACancelledTaskIsEnded) {
  const PerformResult result = PerformWhile("sleep 60", [&] {
    v1::CancelTaskRequest request;
    request.set_name(name_);
    EXPECT_TRUE(client_.Call(&TaskQueue::CancelTask, request).ok());
  });
  EXPECT_EQ(result, PerformResult::kCanceled);
  EXPECT_EQ(Task().state(), v1::Task::CANCELED);
}

TEST_F(PerformerTest, ATaskThatWasCancelledBeforeIsNotBegun) {
  const v1::TaskObject task = Take(Field("command", "echo begun"));
  v1::CancelTaskRequest request;
  request.set_name(name_);
  ASSERT_TRUE(client_.Call(&TaskQueue::CancelTask, request).ok());
  EXPECT_EQ(Perform(task), PerformResult::kCanceled);
  EXPECT_FALSE(std::filesystem::exists(directory_));
}

TEST_F(PerformerTest,
       ATaskThatWasCancelledBeforeItEndedIsNotSaidToHaveFinished) {
  options_.report_interval = absl::Hours(1);
  const std::string go = absl::StrCat(directory_, "/go");
  const PerformResult result = PerformWhile(
      absl::StrCat("until [ -e ", go, " ]; do sleep 0.01; done"), [&] {
        v1::CancelTaskRequest request;
        request.set_name(name_);
        EXPECT_TRUE(client_.Call(&TaskQueue::CancelTask, request).ok());
        std::ofstream(go) << "";
      });
  EXPECT_EQ(result, PerformResult::kCanceled);
  EXPECT_THAT(log_, HasSubstr("cancelled"));
  EXPECT_THAT(log_, Not(HasSubstr("finished")));
}

TEST_F(PerformerTest, WhenItMustStopTheTaskIsHandedBackWithNoTryUsed) {
  const PerformResult result =
      PerformWhile("sleep 60", [&] { stop_.performing.Cancel(); });
  EXPECT_EQ(result, PerformResult::kReleased);
  EXPECT_EQ(Task().state(), v1::Task::READY);
  EXPECT_EQ(server_.Poll("g").output.task_object().attempt_id(),
            Task().task_object().attempt_id());
}

TEST_F(PerformerTest, WhenItMustStopNowEvenADeafCommandIsKilled) {
  options_.grace = absl::Hours(1);
  const PerformResult result =
      PerformWhile("trap '' TERM; while :; do sleep 0.01; done", [&] {
        stop_.performing.Cancel();
        stop_.waiting.Cancel();
      });
  EXPECT_EQ(result, PerformResult::kReleased);
}

TEST_F(PerformerTest, AStatusThatIsNotTakenNowIsToldAgain) {
  // The calls that the server takes are used up.
  EXPECT_FALSE(client_.Call(&DataPipeline::SetTaskStatus, {}).ok());
  EXPECT_EQ(PerformCommand("true"), PerformResult::kFinished);
  EXPECT_EQ(Task().state(), v1::Task::FINISHED);
}

TEST_F(PerformerTest, AStatusThatIsTakenNoMoreIsNotToldAgain) {
  options_.report_interval = absl::Hours(1);
  const std::string told = absl::StrCat(directory_, "/told");
  std::filesystem::create_directories(directory_);
  const v1::TaskObject task = Take(Field(
      "command", absl::StrCat("echo $$ >", directory_, "/pid; until test -e ",
                              told, "; do sleep 0.01; done")));
  std::thread other([&] {
    AwaitPid();
    v1::ReleaseTaskRequest request;
    request.set_task_id(task.task_id());
    EXPECT_TRUE(client_.Call(&TaskQueue::ReleaseTask, request).ok());
    std::ofstream(told) << "told";
  });
  EXPECT_EQ(Perform(task), PerformResult::kCanceled);
  other.join();
}

TEST_F(PerformerTest, AStatusIsToldOnceEvenWhenNothingIsWaitedFor) {
  stop_.waiting.Cancel();
  const v1::TaskObject task = Take(Field("command", "true"));
  EXPECT_EQ(Perform(task), PerformResult::kFinished);
}

TEST_F(PerformerTest, WhenTheServerIsGoneForTooLongTheCommandIsEnded) {
  options_.progress_timeout = absl::Milliseconds(300);
  const PerformResult result = PerformWhile(
      "sleep 60", [&] { server_.server().Stop(absl::InfinitePast()); });
  EXPECT_EQ(result, PerformResult::kLost);
  EXPECT_THAT(log_, HasSubstr("the lease has expired"));
}

TEST_F(PerformerTest, ATaskThatCannotBeAcknowledgedIsNotBegun) {
  options_.acknowledge_timeout = absl::Milliseconds(50);
  const v1::TaskObject task = Take(Field("command", "echo begun"));
  server_.server().Stop(absl::InfinitePast());
  EXPECT_EQ(Perform(task), PerformResult::kLost);
  EXPECT_FALSE(std::filesystem::exists(directory_));
}

}  // namespace
}  // namespace holdline::client
