#include "client/command_line/command_line.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline::client {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class CommandLineTest : public testing::Test {
 protected:
  ExitCode Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"--address", server_.server().address()});
    return RunAnywhere(arguments);
  }

  ExitCode RunAnywhere(const std::vector<std::string>& arguments) {
    std::ostringstream out, err;
    const ExitCode code = RunCommandLine(arguments, out, err, false);
    out_ = out.str();
    err_ = err.str();
    return code;
  }

  // Submits a task to the group g and returns its name.
  std::string Submit(std::vector<std::string> more = {}) {
    more.insert(more.begin(),
                {"submit", "--worker-group", "g", "--type",
                 "ShellCommandActivity", "--field", "command=echo hello"});
    EXPECT_EQ(Run(more), ExitCode::kDone) << err_;
    const std::vector<std::string> lines = absl::StrSplit(out_, '\n');
    return lines[0];
  }

  // Takes a task of the group g and returns the task id.
  std::string Poll() {
    EXPECT_EQ(Run({"--json", "poll", "--worker-group", "g"}), ExitCode::kDone);
    v1::PollForTaskOutput output;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(out_, &output).ok());
    return output.task_object().task_id();
  }

  TestServer server_{{.hold_max = absl::Milliseconds(20)}};
  std::string out_;
  std::string err_;
};

TEST_F(CommandLineTest, SubmitPrintsTheTasksName) {
  EXPECT_EQ(Submit(), "task-1");
  EXPECT_EQ(out_, "task-1\n");
}

TEST_F(CommandLineTest, SubmitTakesAllThatATaskMayHave) {
  const std::string name = Submit({"--field",
                                   "scriptArgument=a",
                                   "--field",
                                   "scriptArgument=[b,c]",
                                   "--ref",
                                   "input=Table",
                                   "--priority",
                                   "7",
                                   "--not-before",
                                   "+1h",
                                   "--fairness-key",
                                   "k",
                                   "--attempts",
                                   "5",
                                   "--delay",
                                   "1m",
                                   "--backoff",
                                   "2",
                                   "--delay-max",
                                   "1h",
                                   "--jitter",
                                   "0.5",
                                   "--acknowledge-timeout",
                                   "30s",
                                   "--report-progress-timeout",
                                   "5m",
                                   "--attempt-timeout",
                                   "2d"});
  const v1::Task task = server_.GetTask(name).output;
  EXPECT_EQ(task.state(), v1::Task::DELAYED);
  EXPECT_EQ(task.priority(), 7);
  EXPECT_EQ(task.fairness_key(), "k");
  EXPECT_EQ(task.retry_policy().attempts(), 5);
  EXPECT_EQ(task.retry_policy().delay().seconds(), 60);
  EXPECT_EQ(task.retry_policy().backoff(), 2);
  EXPECT_EQ(task.retry_policy().delay_max().seconds(), 3600);
  EXPECT_EQ(task.retry_policy().jitter(), 0.5);
  EXPECT_EQ(task.acknowledge_timeout().seconds(), 30);
  EXPECT_EQ(task.report_progress_timeout().seconds(), 300);
  EXPECT_EQ(task.attempt_timeout().seconds(), 2 * 86400);
  EXPECT_THAT(task.ShortDebugString(), HasSubstr("\"[b,c]\""));
  EXPECT_THAT(task.ShortDebugString(), HasSubstr("ref_value: \"Table\""));
}

TEST_F(CommandLineTest, TasksAreFoundAndSteeredByTheirLabels) {
  const std::string mine = Submit({"--label", "team=payments"});
  const std::string other = Submit({"--label", "team=search"});
  EXPECT_EQ(Run({"list", "--label", "team=payments", "-o", "wide"}),
            ExitCode::kDone);
  EXPECT_THAT(out_, AllOf(HasSubstr("LABELS"), HasSubstr("team=payments"),
                          Not(HasSubstr("team=search"))));
  EXPECT_EQ(Run({"cancel", "--label", "team=payments"}), ExitCode::kDone);
  EXPECT_EQ(server_.GetTask(mine).output.state(), v1::Task::CANCELED);
  EXPECT_EQ(server_.GetTask(other).output.state(), v1::Task::READY);
  EXPECT_EQ(Run({"cancel", "--label", "team=payments"}), ExitCode::kDone);
  EXPECT_EQ(err_, "No task matches.\n");
  EXPECT_EQ(Run({"retry", "--label", "team=payments"}), ExitCode::kDone);
  EXPECT_EQ(server_.GetTask(mine).output.state(), v1::Task::READY);
}

TEST_F(CommandLineTest, SteeringTasksNeedsNamesOrAMatchAndNotBoth) {
  const std::string name = Submit();
  EXPECT_EQ(Run({"cancel"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("Name the tasks, or say which"));
  EXPECT_EQ(Run({"cancel", name, "--worker-group", "g"}), ExitCode::kUsage);
  EXPECT_EQ(Run({"cancel", "--label", "team"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("KEY=VALUE"));
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::READY);
  EXPECT_EQ(Run({"cancel", name, Submit()}), ExitCode::kDone);
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::CANCELED);
}

TEST_F(CommandLineTest, SubmitTakesMoreThanOneRequestHolds) {
  ASSERT_EQ(Run({"submit", "--worker-group", "g", "--type", "T", "--count",
                 "1001", "--request-id", "r"}),
            ExitCode::kDone)
      << err_;
  const std::string first = out_;
  EXPECT_THAT(std::vector<std::string>(absl::StrSplit(first, '\n')),
              SizeIs(1002));
  Run({"submit", "--worker-group", "g", "--type", "T", "--count", "1001",
       "--request-id", "r"});
  EXPECT_EQ(out_, first);
}

TEST_F(CommandLineTest, TheOptionsFillInWhatAFileLeavesOut) {
  const std::string path = absl::StrCat(testing::TempDir(), "/tasks.json");
  std::ofstream(path) << R"([{"type": "A"}, {"workerGroup": "other"}])";
  ASSERT_EQ(
      Run({"submit", "--worker-group", "g", "--type", "T", "--file", path}),
      ExitCode::kDone)
      << err_;
  EXPECT_EQ(server_.GetTask("task-1").output.type(), "A");
  EXPECT_EQ(server_.GetTask("task-1").output.worker_group(), "g");
  EXPECT_EQ(server_.GetTask("task-2").output.type(), "T");
  EXPECT_EQ(server_.GetTask("task-2").output.worker_group(), "other");
}

TEST_F(CommandLineTest, WaitTellsByItsExitCodeHowTasksEnded) {
  const std::string name = Submit({"--attempts", "1"});
  EXPECT_EQ(Run({"wait", name, "--timeout", "50ms"}), ExitCode::kTimeUp);
  EXPECT_THAT(out_, StartsWith("task-1 READY"));
  const std::string task_id = Poll();
  std::thread runner([&] {
    std::ostringstream ignored;
    RunCommandLine({"--address", server_.server().address(), "finish", task_id},
                   ignored, ignored, false);
  });
  EXPECT_EQ(Run({"wait", name}), ExitCode::kDone);
  runner.join();
  EXPECT_THAT(out_, StartsWith("task-1 FINISHED"));

  const std::string failing = Submit({"--attempts", "1"});
  EXPECT_EQ(Run({"fail", Poll(), "--error-id", "E1", "--message", "boom"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(Run({"wait", name, failing}), ExitCode::kNegative);
  EXPECT_THAT(out_, HasSubstr("task-2 FAILED"));
  EXPECT_THAT(out_, HasSubstr("E1, boom"));
}

TEST_F(CommandLineTest, GetShowsATaskItsAttemptsAndItsObjects) {
  const std::string name = Submit();
  Run({"report", Poll(), "--field", "percentComplete=50"});
  ASSERT_EQ(Run({"get", name}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, StartsWith("task-1 LEASED"));
  EXPECT_THAT(out_, HasSubstr("echo hello"));
  EXPECT_THAT(out_, HasSubstr("percentComplete"));
  EXPECT_THAT(out_, HasSubstr("ATTEMPT"));
}

TEST_F(CommandLineTest, JsonIsOneObjectALine) {
  Submit();
  Submit();
  ASSERT_EQ(Run({"list", "--json"}), ExitCode::kDone) << err_;
  std::vector<std::string> lines =
      absl::StrSplit(out_, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(2));
  v1::Task task;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(lines[0], &task).ok());
  EXPECT_EQ(task.name(), "task-2");
}

TEST_F(CommandLineTest, ListGoesOnlyAsFarAsItIsAskedTo) {
  Run({"submit", "--worker-group", "g", "--type", "T", "--count", "1500"});
  Run({"list", "--json", "--limit", "0", "--worker-group", "g", "--state",
       "ready,delayed"});
  EXPECT_THAT(
      std::vector<std::string>(absl::StrSplit(out_, '\n', absl::SkipEmpty())),
      SizeIs(1500));
  Run({"list", "--limit", "3"});
  EXPECT_THAT(
      std::vector<std::string>(absl::StrSplit(out_, '\n', absl::SkipEmpty())),
      SizeIs(4));
  EXPECT_EQ(Run({"list", "--state", "failed"}), ExitCode::kDone);
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_EQ(Run({"list", "--state", "broken"}), ExitCode::kUsage);
}

TEST_F(CommandLineTest, ATaskIsCancelledRetriedAndReleased) {
  const std::string name = Submit();
  const std::string task_id = Poll();
  EXPECT_EQ(Run({"cancel", name, "--reason", "not needed"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("not needed"));
  EXPECT_EQ(Run({"report", task_id}), ExitCode::kNegative);
  EXPECT_EQ(Run({"retry", name}), ExitCode::kDone) << err_;
  EXPECT_EQ(Run({"release", Poll()}), ExitCode::kDone) << err_;
  EXPECT_EQ(server_.GetTask(name).output.state(), v1::Task::READY);
}

TEST_F(CommandLineTest, ADelayedTaskIsRunNow) {
  const std::string name = Submit({"--not-before", "+1h"});
  EXPECT_EQ(Run({"run-now", name}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("READY"));
  Poll();
  EXPECT_EQ(Run({"run-now", name}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("leased by a runner"));
}

TEST_F(CommandLineTest, AGroupIsPausedAndDrained) {
  EXPECT_EQ(Run({"pause", "g"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("paused"));
  Submit();
  EXPECT_EQ(Run({"poll", "--worker-group", "g"}), ExitCode::kTimeUp);
  EXPECT_EQ(Run({"resume", "g"}), ExitCode::kDone);
  EXPECT_EQ(Run({"drain", "g"}), ExitCode::kDone);
  EXPECT_EQ(Run({"submit", "--worker-group", "g", "--type", "T"}),
            ExitCode::kRefused);
  EXPECT_EQ(Run({"undrain", "g"}), ExitCode::kDone);
  EXPECT_EQ(Run({"group", "g"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("open"));
  EXPECT_EQ(Run({"groups"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("OLDEST READY"));
  EXPECT_THAT(out_, HasSubstr("POLLS HELD"));
}

TEST_F(CommandLineTest, TopShowsTheGroupsAsOftenAsItWasTold) {
  Submit();
  EXPECT_EQ(Run({"top", "--count", "2", "--interval", "100ms"}),
            ExitCode::kDone)
      << err_;
  EXPECT_THAT(out_, HasSubstr("1 group, 1 ready"));
  EXPECT_THAT(out_, HasSubstr("CHANGE/S"));
}

TEST_F(CommandLineTest, AWatchThatMakesNoSenseIsAWrongCommandLine) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{
           {"top", "--interval", "5ms"},
           {"top", "--sort", "beauty"},
           {"--json", "top"},
           {"groups", "--watch", "--interval", "2m"},
           {"groups", "--interval", "1s"}}) {
    EXPECT_EQ(Run(arguments), ExitCode::kUsage) << out_ << err_;
  }
}

TEST_F(CommandLineTest, ARunnerIsDrained) {
  EXPECT_EQ(Run({"heartbeat", "r1", "--worker-group", "g"}), ExitCode::kDone);
  EXPECT_EQ(Run({"drain-runner", "r1"}), ExitCode::kDone) << err_;
  EXPECT_EQ(Run({"heartbeat", "r1"}), ExitCode::kNegative);
  EXPECT_EQ(Run({"poll", "--worker-group", "g", "--taskrunner-id", "r1"}),
            ExitCode::kNegative);
  EXPECT_EQ(Run({"poll", "--worker-group", "g", "--taskrunner-id", "r2"}),
            ExitCode::kTimeUp);
  EXPECT_EQ(Run({"runners"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("draining"));
  EXPECT_THAT(out_, HasSubstr("LAST SEEN"));
  EXPECT_EQ(Run({"undrain-runner", "r1"}), ExitCode::kDone);
}

TEST_F(CommandLineTest, WhatTheServerRefusesIsNamed) {
  EXPECT_EQ(Run({"get", "task-7"}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("TaskNotFoundException"));
  EXPECT_THAT(err_, HasSubstr("holdline list"));
}

TEST_F(CommandLineTest, AWrongCommandLineSaysWhatIsMeant) {
  EXPECT_EQ(RunAnywhere({"sbmit"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("Did you mean submit?"));
  EXPECT_EQ(RunAnywhere({"submit", "--feild", "a=b"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("Did you mean --field?"));
  EXPECT_EQ(RunAnywhere({"get", "task-1", "extra"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("extra"));
  EXPECT_EQ(RunAnywhere({}), ExitCode::kUsage);
  EXPECT_EQ(RunAnywhere({"submit", "--type", "T"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--worker-group"));
  EXPECT_EQ(RunAnywhere({"wait", "task-1", "--timeout", "soon"}),
            ExitCode::kUsage);
}

TEST_F(CommandLineTest, HelpGoesToStandardOutput) {
  EXPECT_EQ(RunAnywhere({"--help"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("Exit codes:"));
  EXPECT_EQ(RunAnywhere({"submit", "--help"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("--not-before"));
  EXPECT_THAT(out_, Not(HasSubstr("Exit codes:")));
}

TEST_F(CommandLineTest, TheBashCompletionWorksInBash) {
  ASSERT_EQ(RunAnywhere({"completion", "bash"}), ExitCode::kDone);
  const std::string script = absl::StrCat(testing::TempDir(), "/holdline.bash");
  std::ofstream(script) << out_ << R"(
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdline; }
try holdline su; [[ ${COMPREPLY[*]} == submit ]] || exit 1
try holdline --json list --li; [[ ${COMPREPLY[*]} == --limit ]] || exit 2
try holdline --addr; [[ ${COMPREPLY[*]} == --address ]] || exit 3
try holdline pipelines put; [[ ${COMPREPLY[*]} == put-definition ]] || exit 4
try holdline pipelines runs --fo; [[ ${COMPREPLY[*]} == --follow ]] || exit 5
try holdline list runs --li; [[ ${COMPREPLY[*]} == --limit ]] || exit 6
)";
  EXPECT_EQ(std::system(absl::StrCat("bash -u ", script).c_str()), 0);
}

TEST_F(CommandLineTest, EachShellHasItsCompletion) {
  EXPECT_EQ(RunAnywhere({"completion", "zsh"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("'submit:"));
  EXPECT_EQ(RunAnywhere({"completion", "fish"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("-l worker-group"));
  EXPECT_THAT(out_, HasSubstr("from pipelines; and not "));
  EXPECT_EQ(RunAnywhere({"completion", "tcsh"}), ExitCode::kUsage);
}

}  // namespace
}  // namespace holdline::client
