#include "server/stop_signals.h"

#include <signal.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace holdline {
namespace {

// Sends a signal to the process, as an operator would.
void Send(int signal) { ASSERT_EQ(kill(getpid(), signal), 0); }

TEST(StopSignalsTest, TheFirstSignalEndsTheWait) {
  StopSignals signals;
  Send(SIGTERM);
  signals.Wait();
}

TEST(StopSignalsTest, ASignalBeforeTheWaitCounts) {
  StopSignals signals;
  Send(SIGINT);
  signals.Wait();
  signals.Wait();
}

TEST(StopSignalsTest, NobodyNeedsToSendOne) { StopSignals signals; }

TEST(StopSignalsDeathTest, TheSecondSignalEndsTheProcess) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        StopSignals signals;
        Send(SIGTERM);
        signals.Wait();
        Send(SIGINT);
        for (;;) pause();
      },
      testing::ExitedWithCode(128 + SIGINT), "");
}

}  // namespace
}  // namespace holdline
