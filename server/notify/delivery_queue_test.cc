#include "server/notify/delivery_queue.h"

#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/notify/sample_notification.h"

namespace holdline {
namespace {

class DeliveryQueueTest : public ::testing::Test {
 protected:
  NotificationNumber Add(int number) {
    queue_.Add(SampleNotification(number, now_));
    return NotificationNumber(number);
  }

  // Begins an attempt and returns the number of its notification, or 0.
  int Begin() {
    const Notification* due = queue_.BeginDelivery(now_);
    return due == nullptr ? 0 : static_cast<int>(due->number);
  }

  DeliveryEnded End(NotificationNumber number, DeliveryOutcome outcome) {
    return queue_.EndDelivery(number, outcome, now_);
  }

  absl::Time now_ = absl::FromUnixSeconds(1700000000);
  NotifyOptions options_;
  DeliveryQueue queue_{options_};
};

TEST_F(DeliveryQueueTest, WhatIsDeliveredIsGone) {
  const NotificationNumber number = Add(1);
  EXPECT_EQ(Begin(), 1);
  EXPECT_EQ(Begin(), 0);
  const DeliveryEnded result = End(number, DeliveryOutcome::kDelivered);
  EXPECT_EQ(result.number, number);
  EXPECT_TRUE(result.delivered);
  EXPECT_EQ(queue_.size(), 0);
  EXPECT_EQ(queue_.NextDelivery(), absl::InfiniteFuture());
}

TEST_F(DeliveryQueueTest, EachWaitIsTwiceTheLastUpToALimit) {
  const NotificationNumber number = Add(1);
  std::vector<absl::Duration> waits;
  for (int i = 0; i < 11; ++i) {
    ASSERT_EQ(Begin(), 1);
    const DeliveryEnded result = End(number, DeliveryOutcome::kRetry);
    EXPECT_FALSE(result.delivered);
    EXPECT_EQ(queue_.NextDelivery(), result.retry_at);
    waits.push_back(result.retry_at - now_);
    now_ = result.retry_at - absl::Microseconds(1);
    ASSERT_EQ(Begin(), 0);
    now_ = result.retry_at;
  }
  std::vector<absl::Duration> expected;
  for (const int seconds : {1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
    expected.push_back(absl::Seconds(seconds));
  }
  EXPECT_EQ(waits, expected);
}

TEST_F(DeliveryQueueTest, GoesOnWhereItWasBeforeARestart) {
  Notification notification = SampleNotification(1, now_);
  notification.failures = 3;
  notification.due_at = now_ + absl::Seconds(5);
  queue_.Add(notification);
  EXPECT_EQ(Begin(), 0);
  now_ += absl::Seconds(5);
  EXPECT_EQ(Begin(), 1);
  EXPECT_EQ(End(notification.number, DeliveryOutcome::kRetry).retry_at,
            now_ + absl::Seconds(8));
}

TEST_F(DeliveryQueueTest, AnyNumberOfFailuresHasAWait) {
  Notification notification = SampleNotification(1, now_);
  notification.failures = 2000000000;
  queue_.Add(notification);
  Begin();
  EXPECT_EQ(End(notification.number, DeliveryOutcome::kRetry).retry_at,
            now_ + absl::Minutes(5));
}

TEST_F(DeliveryQueueTest, OneThatWouldBeTooOldIsGivenUp) {
  const NotificationNumber number = Add(1);
  now_ += absl::Hours(24) - absl::Seconds(1);
  ASSERT_EQ(Begin(), 1);
  EXPECT_EQ(End(number, DeliveryOutcome::kRetry).retry_at,
            now_ + absl::Seconds(1));
  now_ += absl::Seconds(1);
  ASSERT_EQ(Begin(), 1);
  const DeliveryEnded result = End(number, DeliveryOutcome::kRetry);
  EXPECT_FALSE(result.delivered);
  EXPECT_EQ(result.retry_at, absl::InfiniteFuture());
  EXPECT_EQ(queue_.size(), 0);
}

TEST_F(DeliveryQueueTest, AnOldOneIsTriedOnce) {
  const NotificationNumber number = Add(1);
  now_ += absl::Hours(1000);
  EXPECT_EQ(Begin(), 1);
  EXPECT_TRUE(End(number, DeliveryOutcome::kDelivered).delivered);
}

TEST_F(DeliveryQueueTest, WhatWillNeverGoIsGivenUpAtOnce) {
  const NotificationNumber number = Add(1);
  Begin();
  const DeliveryEnded result = End(number, DeliveryOutcome::kGiveUp);
  EXPECT_FALSE(result.delivered);
  EXPECT_EQ(result.retry_at, absl::InfiniteFuture());
  EXPECT_EQ(queue_.size(), 0);
}

TEST_F(DeliveryQueueTest, OneIsHeldOnceAndItsFateIsRemembered) {
  const NotificationNumber number = Add(1);
  EXPECT_EQ(Begin(), 1);
  EXPECT_FALSE(queue_.Add(SampleNotification(1, now_)).has_value());
  EXPECT_EQ(queue_.size(), 1);
  EXPECT_EQ(Begin(), 0);
  End(number, DeliveryOutcome::kDelivered);
  const auto result = queue_.Add(SampleNotification(1, now_));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->number, number);
  EXPECT_TRUE(result->delivered);
  EXPECT_EQ(Begin(), 0);
}

TEST_F(DeliveryQueueTest, TheOldestFateIsForgotten) {
  for (int i = 1; i <= DeliveryQueue::kSettledMax + 1; ++i) {
    const NotificationNumber number = Add(i);
    ASSERT_EQ(Begin(), i);
    End(number, DeliveryOutcome::kDelivered);
  }
  EXPECT_FALSE(queue_.Add(SampleNotification(1, now_)).has_value());
  EXPECT_TRUE(queue_.Add(SampleNotification(2, now_)).has_value());
}

TEST_F(DeliveryQueueTest, TheLongestDueIsTriedFirstAndNotTooManyAtATime) {
  options_.parallel_max = 2;
  Notification late = SampleNotification(1, now_);
  late.due_at = now_ + absl::Seconds(2);
  queue_.Add(late);
  const NotificationNumber third = Add(3);
  Add(2);
  now_ += absl::Seconds(3);
  EXPECT_EQ(Begin(), 2);
  EXPECT_EQ(Begin(), 3);
  EXPECT_EQ(Begin(), 0);
  EXPECT_EQ(queue_.NextDelivery(), absl::InfiniteFuture());
  End(third, DeliveryOutcome::kRetry);
  EXPECT_EQ(queue_.NextDelivery(), late.due_at);
  EXPECT_EQ(Begin(), 1);
}

}  // namespace
}  // namespace holdline
