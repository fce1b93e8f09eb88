#include "client/runner/readiness.h"

#include <cstdint>
#include <limits>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ReadinessTest : public testing::Test {
 protected:
  // Fails as often as told.
  absl::Status Probe() {
    ++probes_;
    if (failures_ == 0) return absl::OkStatus();
    --failures_;
    return absl::UnavailableError("Cannot write in /logs: the disk is full.");
  }

  int failures_ = 0;
  int probes_ = 0;
  uint64_t random_ = 0;
  std::string log_;
  Stop stop_;
  Readiness::Options options_ = {.random = [this] { return random_; }};
  Readiness readiness_{
      options_, [this] { return Probe(); }, &stop_,
      [this](const std::string& line) { absl::StrAppend(&log_, line, "\n"); }};
};

TEST_F(ReadinessTest, WhoIsReadyIsNotProbed) {
  EXPECT_TRUE(readiness_.Await());
  EXPECT_EQ(probes_, 0);
}

TEST_F(ReadinessTest, WhoLostItTakesNothingBeforeAProbeSucceeds) {
  failures_ = 3;
  readiness_.Lose();
  EXPECT_TRUE(readiness_.Await());
  EXPECT_EQ(probes_, 4);
  EXPECT_THAT(log_, HasSubstr("takes no tasks until this is fixed: Cannot "
                              "write in /logs: the disk is full.\n"));
  EXPECT_THAT(log_, HasSubstr("takes tasks again\n"));
  EXPECT_TRUE(readiness_.Await());
  EXPECT_EQ(probes_, 4);
}

TEST_F(ReadinessTest, AStopEndsTheWait) {
  random_ = std::numeric_limits<uint64_t>::max();
  failures_ = std::numeric_limits<int>::max();
  readiness_.Lose();
  std::thread stopping([this] { stop_.polling.Cancel(); });
  EXPECT_FALSE(readiness_.Await());
  stopping.join();
  EXPECT_FALSE(readiness_.Await());
}

TEST_F(ReadinessTest, PollsThatAreHeldEndWhenItIsLost) {
  Readiness::Poll before(&readiness_);
  EXPECT_FALSE(before.cancellation()->cancelled());
  readiness_.Lose();
  EXPECT_TRUE(before.cancellation()->cancelled());
  Readiness::Poll meanwhile(&readiness_);
  EXPECT_TRUE(meanwhile.cancellation()->cancelled());
  EXPECT_TRUE(readiness_.Await());
  Readiness::Poll after(&readiness_);
  EXPECT_FALSE(after.cancellation()->cancelled());
  stop_.polling.Cancel();
  EXPECT_TRUE(after.cancellation()->cancelled());
}

}  // namespace
}  // namespace holdline::client
