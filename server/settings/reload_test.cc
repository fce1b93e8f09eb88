#include "server/settings/reload.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(ReloadTest, WhatIsTheSameIsNoChange) {
  const auto change = ChangeSettings(Options(), Options());
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->taken, "");
  EXPECT_EQ(change->left, "");
}

TEST(ReloadTest, LimitsAndTheLevelOfTheLogAreTakenOn) {
  Options wanted;
  wanted.log.level = LogLevel::kDebug;
  wanted.engine.broker.live_tasks_max = 7;
  wanted.engine.history_retention = absl::Hours(1);
  const auto change = ChangeSettings(Options(), wanted);
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->taken,
            "history-retention=1h, live-tasks-max=7, log-level=debug");
  EXPECT_EQ(change->left, "");
  EXPECT_EQ(change->options.log.level, LogLevel::kDebug);
  EXPECT_EQ(change->options.engine.broker.live_tasks_max, 7);
  EXPECT_EQ(change->options.engine.history_retention, absl::Hours(1));
}

TEST(ReloadTest, WhatNeedsARestartIsNamedAndStays) {
  Options wanted;
  wanted.data_directory = "elsewhere";
  wanted.rpc.hold_max = absl::Seconds(5);
  wanted.log.level = LogLevel::kError;
  const auto change = ChangeSettings(Options(), wanted);
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->taken, "log-level=error");
  EXPECT_EQ(change->left, "data-dir, hold-max");
  EXPECT_EQ(change->options.data_directory, Options().data_directory);
  EXPECT_EQ(change->options.rpc.hold_max, Options().rpc.hold_max);
}

}  // namespace
}  // namespace holdline
