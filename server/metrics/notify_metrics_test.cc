#include "server/metrics/notify_metrics.h"

#include <string>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

TEST(NotifyMetrics, TriesAreCountedByHowTheyEnded) {
  Metrics metrics;
  const auto count = [&](const std::string& result) {
    return Sample(*metrics.counted(), "holdline_notification_attempts_total",
                  {{"result", result}});
  };
  const auto tried = [&](bool delivered, absl::Time retry_at) {
    const Notification notification;
    metrics.notify_observer().on_event(
        {notification, {notification.number, delivered, retry_at}, ""});
  };
  EXPECT_EQ(count("retried"), 0);
  tried(false, absl::UnixEpoch());
  tried(false, absl::UnixEpoch());
  tried(true, absl::InfiniteFuture());
  EXPECT_EQ(count("retried"), 2);
  EXPECT_EQ(count("delivered"), 1);
  EXPECT_EQ(count("given_up"), 0);
  tried(false, absl::InfiniteFuture());
  EXPECT_EQ(count("given_up"), 1);
}

}  // namespace
}  // namespace holdline
