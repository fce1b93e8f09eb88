#include "server/process/stop_signals.h"

#include <signal.h>
#include <unistd.h>

#include "gtest/gtest.h"

namespace holdline {
namespace {

using Wish = StopSignals::Wish;

// Sends a signal to the process, as an operator would.
void Send(int signal) { ASSERT_EQ(kill(getpid(), signal), 0); }

TEST(StopSignalsTest, TheFirstSignalEndsTheWait) {
  StopSignals signals;
  Send(SIGTERM);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
}

TEST(StopSignalsTest, ASignalBeforeTheWaitCounts) {
  StopSignals signals;
  Send(SIGINT);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
}

TEST(StopSignalsTest, NobodyNeedsToSendOne) { StopSignals signals; }

TEST(StopSignalsTest, AHangupIsAWishToReload) {
  StopSignals signals;
  Send(SIGHUP);
  EXPECT_EQ(signals.Wait(), Wish::kReload);
  Send(SIGHUP);
  EXPECT_EQ(signals.Wait(), Wish::kReload);
  Send(SIGTERM);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
}

TEST(StopSignalsTest, AProcessThatStopsDoesNotReload) {
  StopSignals signals;
  Send(SIGTERM);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
  Send(SIGHUP);
  EXPECT_EQ(signals.Wait(), Wish::kStop);
}

TEST(StopSignalsDeathTest, WhatNohupIgnoresIsIgnored) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        signal(SIGHUP, SIG_IGN);
        StopSignals signals;
        Send(SIGHUP);
        Send(SIGTERM);
        _exit(signals.Wait() == Wish::kStop ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

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

TEST(StopSignalsDeathTest, AStopThatTakesTooLongIsCutOff) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        StopSignals signals;
        signals.EndWithin(absl::Milliseconds(1));
        Send(SIGTERM);
        for (;;) pause();
      },
      testing::ExitedWithCode(1), "timed out");
}

TEST(StopSignalsDeathTest, OnlyAStopIsCutOff) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        StopSignals signals;
        signals.EndWithin(absl::ZeroDuration());
        Send(SIGHUP);
        _exit(signals.Wait() == Wish::kReload ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace holdline
