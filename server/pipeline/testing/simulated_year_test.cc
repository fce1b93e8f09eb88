#include "server/pipeline/testing/simulated_year.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(SimulatedYear, EndsWithEveryInstanceAccountedFor) {
  SimulatedYearOptions options;
  options.pipelines = 2;
  options.hours = 3 * 24;
  options.failing = 20;
  options.silent = 5;
  options.unacknowledged = 5;
  SimulatedYear year(options);
  int64_t days = 0;
  const absl::Status status = year.Run([&](int64_t passed) { days = passed; });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(days, 4);
  EXPECT_EQ(year.figures().instances, 2 * 3 * 24 * 10);
  EXPECT_GT(year.figures().attempts, 2 * 3 * 24 * 7);
  for (const RunStatus status :
       {RunStatus::kFinished, RunStatus::kFailed, RunStatus::kCascadeFailed}) {
    EXPECT_GT(year.figures().by_status[static_cast<size_t>(status)], 0);
  }
  // What has ended is let go of.
  EXPECT_LT(year.figures().live_max, 2 * 10 * 10);
}

}  // namespace
}  // namespace holdline
