#include "server/auth/credentials/call_rates.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

class CallRatesTest : public ::testing::Test {
 protected:
  // How many calls in a row are admitted, of at most 1000.
  int AdmittedAtOnce(const char* account, const char* action) {
    int count = 0;
    while (count < 1000 && rates_.Admit(account, action, now_).ok()) ++count;
    return count;
  }

  CallRates rates_{AwsCallRates()};
  absl::Time now_ = absl::FromUnixSeconds(1000000);
};

TEST_F(CallRatesTest, ABurstIsAdmittedAndThenTheRate) {
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 100);
  now_ += absl::Milliseconds(499);
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 0);
  now_ += absl::Milliseconds(2);
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 1);
  now_ += absl::Seconds(3);
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 6);
}

TEST_F(CallRatesTest, CallsAreSavedUpToTheBurst) {
  EXPECT_EQ(AdmittedAtOnce("a", "SetTaskStatus"), 100);
  now_ += absl::Hours(10);
  EXPECT_EQ(AdmittedAtOnce("a", "SetTaskStatus"), 100);
}

TEST_F(CallRatesTest, AccountsAndActionsDoNotShare) {
  EXPECT_EQ(AdmittedAtOnce("a", "CreatePipeline"), 100);
  EXPECT_EQ(AdmittedAtOnce("b", "CreatePipeline"), 100);
  EXPECT_EQ(AdmittedAtOnce("a", "DeletePipeline"), 100);
}

TEST_F(CallRatesTest, WhatIsNotInTheTableIsNotLimited) {
  EXPECT_EQ(AdmittedAtOnce("a", "SubmitTasks"), 1000);
  EXPECT_EQ(AdmittedAtOnce("a", ""), 1000);
  EXPECT_EQ(rates_.size(), 0u);
}

TEST_F(CallRatesTest, TheRefusalIsThatOfAws) {
  AdmittedAtOnce("a", "PollForTask");
  const absl::Status status = rates_.Admit("a", "PollForTask", now_);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "Rate exceeded");
  EXPECT_EQ(NamedReason(status), "ThrottlingException");
}

TEST_F(CallRatesTest, TheTableIsThatOfAws) {
  const CallRateTable table = AwsCallRates();
  EXPECT_EQ(table.size(), 19u);
  EXPECT_EQ(table.at("ActivatePipeline").calls_per_second, 1);
  EXPECT_EQ(table.at("QueryObjects").calls_per_second, 2);
  EXPECT_EQ(table.at("ReportTaskProgress").calls_per_second, 10);
  for (const auto& [action, rate] : table) EXPECT_EQ(rate.burst, 100) << action;
}

TEST_F(CallRatesTest, AClockThatIsSetBackGivesNothingAway) {
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 100);
  const absl::Time before = now_;
  now_ -= absl::Hours(1);
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 0);
  now_ = before;
  EXPECT_EQ(AdmittedAtOnce("a", "PollForTask"), 0);
}

TEST_F(CallRatesTest, MemoryIsBounded) {
  for (size_t i = 0; i < CallRates::kBucketsMax + 10; ++i) {
    EXPECT_TRUE(rates_.Admit(absl::StrCat(i), "PollForTask", now_).ok());
  }
  EXPECT_LE(rates_.size(), CallRates::kBucketsMax);
}

TEST_F(CallRatesTest, FullBucketsGoFirst) {
  EXPECT_EQ(AdmittedAtOnce("busy", "PollForTask"), 100);
  for (size_t i = 0; i + 1 < CallRates::kBucketsMax; ++i) {
    EXPECT_TRUE(rates_.Admit(absl::StrCat(i), "PollForTask", now_).ok());
  }
  now_ += absl::Seconds(1);
  EXPECT_TRUE(rates_.Admit("one more", "PollForTask", now_).ok());
  EXPECT_EQ(rates_.size(), 2u);
  EXPECT_EQ(AdmittedAtOnce("busy", "PollForTask"), 2);
}

}  // namespace
}  // namespace holdline
