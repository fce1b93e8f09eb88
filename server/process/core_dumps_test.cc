#include "server/process/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "gtest/gtest.h"

namespace holdline {
namespace {

// Crashes a process that may dump as much as it likes but for what
// ForbidCoreDumps does, and returns how it ended.
int Crash() {
  const pid_t child = fork();
  if (child == 0) {
    rlimit limit;
    getrlimit(RLIMIT_CORE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_CORE, &limit);
    ForbidCoreDumps();
    if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0) _exit(1);
    signal(SIGABRT, SIG_DFL);
    abort();
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST(CoreDumps, ACrashLeavesNone) {
  const int status = Crash();
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_FALSE(WCOREDUMP(status));
}

}  // namespace
}  // namespace holdline
