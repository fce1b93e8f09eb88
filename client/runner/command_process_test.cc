#include "client/runner/command_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/elapsed_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr absl::Duration kPatience = absl::Seconds(30);

class CommandProcessTest : public testing::Test {
 protected:
  CommandProcessTest()
      : directory_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(directory_);
  }

  std::string Path(const std::string& name) const {
    return absl::StrCat(directory_, "/", name);
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  Command Shell(const std::string& command) const {
    return {.arguments = {"/bin/sh", "-c", command, "sh", "one", "two words"},
            .variables = {"HOLDLINE_ATTEMPT_ID=@a", "HOME=/elsewhere"},
            .stdout_path = Path("out/stdout"),
            .stderr_path = Path("err/stderr")};
  }

  std::unique_ptr<CommandProcess> Start(const Command& command) {
    auto process = CommandProcess::Start(command);
    EXPECT_TRUE(process.ok()) << process.status();
    return *std::move(process);
  }

  CommandExit Run(const Command& command) {
    const auto exit =
        Start(command)->WaitUntil(ElapsedNow() + kPatience, never_);
    EXPECT_TRUE(exit.has_value());
    return exit.value_or(CommandExit{.code = -1});
  }

  // Waits until a command has written a number, and returns it.
  int AwaitNumber(const std::string& name) {
    const absl::Time deadline = ElapsedNow() + kPatience;
    int number = 0;
    while (ElapsedNow() < deadline) {
      const std::string text = Read(name);
      if (!text.empty() && text.back() == '\n' &&
          absl::SimpleAtoi(text, &number)) {
        return number;
      }
      absl::SleepFor(absl::Milliseconds(5));
    }
    ADD_FAILURE() << name << " has no number";
    return 0;
  }

  // Waits until a process that is not our child has gone.
  bool AwaitGone(pid_t pid) {
    const absl::Time deadline = ElapsedNow() + kPatience;
    while (ElapsedNow() < deadline) {
      std::ifstream stat(absl::StrCat("/proc/", pid, "/stat"));
      std::string ignored, name, state;
      if (!(stat >> ignored >> name >> state) || state == "Z") return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  }

  const std::string directory_;
  Cancellation never_;
};

TEST_F(CommandProcessTest, TheExitCodeIsTheCommands) {
  EXPECT_EQ(Run(Shell("exit 0")).code, 0);
  const CommandExit exit = Run(Shell("exit 7"));
  EXPECT_EQ(exit.code, 7);
  EXPECT_EQ(exit.signal, 0);
}

TEST_F(CommandProcessTest, ASignalThatEndedItIsNamed) {
  const CommandExit exit = Run(Shell("kill -SEGV $$"));
  EXPECT_EQ(exit.signal, SIGSEGV);
}

TEST_F(CommandProcessTest, OutputAndErrorsGoToTheirFiles) {
  Run(Shell("echo \"$#:$1:$2\"; echo oh >&2"));
  EXPECT_EQ(Read("out/stdout"), "2:one:two words\n");
  EXPECT_EQ(Read("err/stderr"), "oh\n");
}

TEST_F(CommandProcessTest, ASecondRunIsAppended) {
  Run(Shell("echo 1"));
  Run(Shell("echo 2"));
  EXPECT_EQ(Read("out/stdout"), "1\n2\n");
}

TEST_F(CommandProcessTest, BothOutputsMayShareAFile) {
  Command command = Shell("echo 1; echo 2 >&2; echo 3");
  command.stderr_path = command.stdout_path;
  Run(command);
  EXPECT_EQ(Read("out/stdout"), "1\n2\n3\n");
}

TEST_F(CommandProcessTest, MuchOutputDoesNotStopIt) {
  EXPECT_EQ(Run(Shell("head -c 10000000 /dev/zero")).code, 0);
  EXPECT_EQ(std::filesystem::file_size(Path("out/stdout")), 10000000u);
}

TEST_F(CommandProcessTest, VariablesAreAddedReplacedAndKeptToTheRunner) {
  setenv("TEST_KEPT", "kept", 1);
  setenv("HOLDLINE_SECRET", "hidden", 1);
  Run(Shell("echo $HOLDLINE_ATTEMPT_ID $HOME $TEST_KEPT $HOLDLINE_SECRET"));
  unsetenv("HOLDLINE_SECRET");
  EXPECT_EQ(Read("out/stdout"), "@a /elsewhere kept\n");
}

TEST_F(CommandProcessTest, ItsInputIsEmptyAndNoOtherFileIsOpen) {
  // Without close-on-exec, as a careless library would open it.
  const int leaked = open("/dev/null", O_RDONLY);
  ASSERT_GE(leaked, 0);
  Run(Shell("cat; ls /proc/self/fd | tr '\\n' ' '"));
  close(leaked);
  // The fourth is ls's own, for the directory.
  EXPECT_EQ(Read("out/stdout"), "0 1 2 3 ");
}

TEST_F(CommandProcessTest, SignalsHaveTheirDefaultsAndItsSessionIsItsOwn) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const CommandExit exit = Run(
      Shell("cut -d' ' -f6 /proc/$$/stat; echo $$; kill -TERM $$; sleep 30"));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(exit.signal, SIGTERM);
  const std::vector<std::string> session_and_process =
      absl::StrSplit(Read("out/stdout"), '\n', absl::SkipEmpty());
  ASSERT_THAT(session_and_process, SizeIs(2));
  EXPECT_EQ(session_and_process[0], session_and_process[1]);
}

TEST_F(CommandProcessTest, AnOutputThatCannotBeWrittenIsNamed) {
  Command command = Shell("true");
  command.stdout_path = "/proc/nowhere/stdout";
  const auto process = CommandProcess::Start(command);
  EXPECT_TRUE(absl::IsFailedPrecondition(process.status()));
  EXPECT_THAT(std::string(process.status().message()),
              HasSubstr("/proc/nowhere/stdout"));
}

TEST_F(CommandProcessTest, APipeThatNobodyReadsIsNotWaitedFor) {
  std::filesystem::create_directories(directory_);
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  Command command = Shell("echo hello");
  command.stdout_path = Path("pipe");
  const auto unread = CommandProcess::Start(command);
  EXPECT_TRUE(absl::IsFailedPrecondition(unread.status()));

  const int reader = open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_EQ(Run(command).code, 0);
  char said[16] = {};
  EXPECT_EQ(read(reader, said, sizeof(said)), 6);
  close(reader);
  EXPECT_STREQ(said, "hello\n");
}

TEST_F(CommandProcessTest, ACommandThatIsTooLongIsTheCommandsFault) {
  const auto process = CommandProcess::Start(Shell(std::string(1 << 20, 'x')));
  EXPECT_TRUE(absl::IsInvalidArgument(process.status())) << process.status();
}

TEST_F(CommandProcessTest, WithoutDescriptorsNothingCanBeStarted) {
  rlimit before;
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 0;
  setrlimit(RLIMIT_NOFILE, &none);
  const auto process = CommandProcess::Start(Shell("true"));
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(absl::IsUnavailable(process.status())) << process.status();
}

TEST_F(CommandProcessTest, HoweverFewDescriptorsThereAreNothingIsBegunInVain) {
  rlimit before;
  getrlimit(RLIMIT_NOFILE, &before);
  for (rlim_t limit = 0; limit < 32; ++limit) {
    rlimit few = before;
    few.rlim_cur = limit;
    setrlimit(RLIMIT_NOFILE, &few);
    const auto process = CommandProcess::Start(Shell("true"));
    setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_TRUE(process.ok() || absl::IsUnavailable(process.status()))
        << limit << " " << process.status();
  }
}

// In a process of its own, since only one who is not root is held to the limit,
// and there is no way back.
TEST_F(CommandProcessTest, WithoutProcessesNothingCanBeStarted) {
  Command command = Shell("true");
  command.stdout_path = command.stderr_path = "/dev/null";
  constexpr int kIsRoot = 2;
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none = {};
    setrlimit(RLIMIT_NPROC, &none);
    constexpr uid_t kNobody = 65534;
    if (geteuid() == 0 && setuid(kNobody) != 0) _exit(kIsRoot);
    _exit(absl::IsUnavailable(CommandProcess::Start(command).status()) ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kIsRoot) {
    GTEST_SKIP() << "a sandbox that has root only";
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(CommandProcessTest, WithoutMemoryNothingCanBeStarted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer needs memory of its own";
#endif
  Command command = Shell("true");
  command.stdout_path = command.stderr_path = "/dev/null";
  rlimit before;
  getrlimit(RLIMIT_AS, &before);
  rlimit none = before;
  none.rlim_cur = 1 << 20;
  setrlimit(RLIMIT_AS, &none);
  const auto process = CommandProcess::Start(command);
  setrlimit(RLIMIT_AS, &before);
  EXPECT_TRUE(absl::IsUnavailable(process.status())) << process.status();
}

TEST_F(CommandProcessTest, AProgramThatIsNotThereIsNamed) {
  Command command = Shell("true");
  command.arguments = {"/nowhere/program"};
  const auto process = CommandProcess::Start(command);
  EXPECT_TRUE(absl::IsUnavailable(process.status()));
  EXPECT_THAT(std::string(process.status().message()),
              HasSubstr("/nowhere/program"));
}

TEST_F(CommandProcessTest, AWaitEndsWithItsTimeOrWhenItIsWoken) {
  const auto process = Start(Shell("sleep 60"));
  EXPECT_FALSE(process->WaitUntil(ElapsedNow(), never_).has_value());
  Cancellation wake;
  wake.Cancel();
  EXPECT_FALSE(process->WaitUntil(absl::InfiniteFuture(), wake).has_value());
}

TEST_F(CommandProcessTest, EndingItEndsItsGrandchildren) {
  const auto process = Start(Shell("sh -c 'sleep 60 & echo $!; wait'; true"));
  const int grandchild = AwaitNumber("out/stdout");
  const CommandExit exit = process->End(kPatience, never_);
  EXPECT_EQ(exit.signal, SIGTERM);
  EXPECT_TRUE(AwaitGone(grandchild));
}

TEST_F(CommandProcessTest, WhatHeedsSigtermHasTimeToEnd) {
  const auto process =
      Start(Shell("trap 'echo bye; exit 3' TERM; echo 1; "
                  "while :; do sleep 0.01; done"));
  AwaitNumber("out/stdout");
  const CommandExit exit = process->End(kPatience, never_);
  EXPECT_EQ(exit.code, 3);
  EXPECT_EQ(Read("out/stdout"), "1\nbye\n");
}

TEST_F(CommandProcessTest, WhatDoesNotHeedSigtermIsKilled) {
  const auto process =
      Start(Shell("trap '' TERM; echo 1; while :; do sleep 0.01; done"));
  AwaitNumber("out/stdout");
  EXPECT_EQ(process->End(absl::Milliseconds(50), never_).signal, SIGKILL);
}

TEST_F(CommandProcessTest, AHurryCutsTheGraceShort) {
  const auto process =
      Start(Shell("trap '' TERM; echo 1; while :; do sleep 0.01; done"));
  AwaitNumber("out/stdout");
  Cancellation hurry;
  std::thread other([&] { hurry.Cancel(); });
  EXPECT_EQ(process->End(absl::Hours(1), hurry).signal, SIGKILL);
  other.join();
}

TEST_F(CommandProcessTest, WhatItLeavesRunningIsKilled) {
  EXPECT_EQ(Run(Shell("sleep 60 & echo $!")).code, 0);
  EXPECT_TRUE(AwaitGone(AwaitNumber("out/stdout")));
}

TEST_F(CommandProcessTest, ItDiesWithItsObject) {
  auto process = Start(Shell("echo $$; sleep 60"));
  const int pid = AwaitNumber("out/stdout");
  process.reset();
  EXPECT_NE(kill(pid, 0), 0);
}

}  // namespace
}  // namespace holdline::client
