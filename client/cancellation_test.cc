#include "client/cancellation.h"

#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

TEST(CancellationTest, ItIsNotCancelledUntilSomebodyCancelsIt) {
  Cancellation cancellation;
  EXPECT_FALSE(cancellation.cancelled());
  cancellation.Cancel();
  cancellation.Cancel();
  EXPECT_TRUE(cancellation.cancelled());
}

TEST(CancellationTest, AWaitEndsWithItsTime) {
  Cancellation cancellation;
  EXPECT_FALSE(cancellation.WaitFor(absl::ZeroDuration()));
  EXPECT_FALSE(cancellation.WaitFor(absl::Milliseconds(1)));
}

TEST(CancellationTest, AWaitEndsWhenItIsCancelled) {
  Cancellation cancellation;
  std::thread other([&] { cancellation.Cancel(); });
  EXPECT_TRUE(cancellation.WaitFor(absl::InfiniteDuration()));
  other.join();
  EXPECT_TRUE(cancellation.WaitFor(absl::InfiniteDuration()));
}

TEST(CancellationTest, AListenerIsToldOnceWhileItLives) {
  Cancellation cancellation;
  int gone = 0;
  int there = 0;
  {
    Cancellation::Listener listener(&cancellation, [&] { ++gone; });
  }
  Cancellation::Listener listener(&cancellation, [&] { ++there; });
  cancellation.Cancel();
  cancellation.Cancel();
  EXPECT_EQ(gone, 0);
  EXPECT_EQ(there, 1);
}

TEST(CancellationTest, AListenerThatComesLateIsToldAtOnce) {
  Cancellation cancellation;
  cancellation.Cancel();
  bool told = false;
  Cancellation::Listener listener(&cancellation, [&] { told = true; });
  EXPECT_TRUE(told);
}

TEST(CancellationTest, WithoutACancellationNobodyIsTold) {
  Cancellation::Listener listener(nullptr, [] { FAIL(); });
}

}  // namespace
}  // namespace holdline::client
