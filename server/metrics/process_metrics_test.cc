#include "server/metrics/process_metrics.h"

#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

TEST(ProcessMetricsTest, ReadsTheNumbersBehindAnyCommandName) {
  for (const char* name : {"holdline-server", "a) b", ") R 1 2"}) {
    const auto stat = ParseProcessStat(absl::StrCat(
        "42 (", name,
        ") S 1 42 42 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 5 0 1200 8192000 "
        "256 18446744073709551615"));
    ASSERT_TRUE(stat.ok()) << stat.status();
    const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    EXPECT_EQ(stat->cpu_time, absl::Seconds(200 / ticks));
    EXPECT_EQ(stat->started_after_boot, absl::Seconds(1200 / ticks));
    EXPECT_EQ(stat->virtual_memory_bytes, 8192000);
    EXPECT_EQ(stat->resident_memory_bytes, 256.0 * sysconf(_SC_PAGESIZE));
  }
}

TEST(ProcessMetricsTest, RefusesOtherText) {
  for (const char* text : {"", "42", "42 (a) S", "42 (a) S 1 2 x"}) {
    EXPECT_EQ(ParseProcessStat(text).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(ProcessMetricsTest, TellsOfThisProcess) {
  const ProcessMetrics metrics;
  const double now = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());
  EXPECT_GT(Sample(metrics, "process_resident_memory_bytes"), 1 << 16);
  EXPECT_GT(Sample(metrics, "process_virtual_memory_bytes"), 1 << 16);
  EXPECT_GE(Sample(metrics, "process_cpu_seconds_total"), 0);
  EXPECT_GE(Sample(metrics, "process_open_fds"), 3);
  EXPECT_GT(Sample(metrics, "process_max_fds"), 3);
  EXPECT_NEAR(Sample(metrics, "process_start_time_seconds"), now, 3600);
}

}  // namespace
}  // namespace holdline
