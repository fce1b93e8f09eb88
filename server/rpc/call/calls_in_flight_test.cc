#include "server/rpc/call/calls_in_flight.h"

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(CallsInFlightTest, WithoutCallsNothingIsAwaited) {
  CallsInFlight calls;
  calls.AwaitEarlier(absl::InfiniteFuture());
  calls.AwaitAll(absl::InfiniteFuture());
}

TEST(CallsInFlightTest, CallsAreTakenWhileEarlierOnesAreAwaited) {
  CallsInFlight calls;
  CallGeneration* const earlier = calls.Begin();
  calls.AwaitEarlier(absl::InfinitePast());
  CallGeneration* const later = calls.Begin();
  ASSERT_NE(later, nullptr);
  EXPECT_NE(later, earlier);
  earlier->End();
  calls.AwaitEarlier(absl::InfiniteFuture());
  later->End();
}

TEST(CallsInFlightTest, NoneIsTakenWhileAllAreAwaited) {
  CallsInFlight calls;
  calls.AwaitEarlier(absl::InfinitePast());
  CallGeneration* const later = calls.Begin();
  ASSERT_NE(later, nullptr);
  calls.AwaitAll(absl::InfinitePast());
  EXPECT_EQ(calls.Begin(), nullptr);
  later->End();
  calls.AwaitAll(absl::InfiniteFuture());
  EXPECT_EQ(calls.Begin(), nullptr);
}

TEST(CallsInFlightTest, AllAreAwaited) {
  CallsInFlight calls;
  CallGeneration* const earlier = calls.Begin();
  calls.AwaitEarlier(absl::InfinitePast());
  CallGeneration* const later = calls.Begin();
  absl::Notification all;
  std::thread waiting([&] {
    calls.AwaitAll(absl::InfiniteFuture());
    all.Notify();
  });
  later->End();
  EXPECT_FALSE(all.HasBeenNotified());
  earlier->End();
  waiting.join();
}

}  // namespace
}  // namespace holdline
