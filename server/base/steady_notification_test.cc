#include "server/base/steady_notification.h"

#include <thread>

#include "gtest/gtest.h"
#include "server/base/steady_time.h"

namespace holdline {
namespace {

TEST(SteadyNotificationTest, IsAwaitedAsLongAsItIsNotGiven) {
  SteadyNotification notification;
  EXPECT_FALSE(notification.WaitUntil(absl::InfinitePast()));
  const absl::Time deadline = SteadyNow() + absl::Milliseconds(1);
  EXPECT_FALSE(notification.WaitUntil(deadline));
  EXPECT_GE(SteadyNow(), deadline);
  std::thread giving([&] { notification.Notify(); });
  EXPECT_TRUE(notification.WaitUntil(absl::InfiniteFuture()));
  giving.join();
}

TEST(SteadyNotificationTest, OnceGivenIsGivenForEver) {
  SteadyNotification notification;
  notification.Notify();
  notification.Notify();
  EXPECT_TRUE(notification.WaitUntil(absl::InfinitePast()));
}

}  // namespace
}  // namespace holdline
