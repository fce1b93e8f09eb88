#include "server/base/request_memory.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr int64_t kPart = 1 << 20;

class RequestMemoryTest : public ::testing::Test {
 protected:
  // Takes as many parts as a user may have, and returns how many.
  int TakeAll(const std::string& user) {
    for (int count = 0;; ++count) {
      auto share = memory_.Take(user, kPart);
      if (!share.ok()) {
        EXPECT_EQ(share.status().code(), absl::StatusCode::kResourceExhausted);
        return count;
      }
      shares_.push_back(*std::move(share));
    }
  }

  RequestMemory memory_{12 * kPart};
  std::vector<RequestMemory::Share> shares_;
};

TEST_F(RequestMemoryTest, AUserHoldsNoMoreThanItLeaves) {
  EXPECT_EQ(TakeAll("red"), 6);
  EXPECT_EQ(TakeAll("blue"), 3);
  EXPECT_EQ(TakeAll("red"), 0);
  EXPECT_EQ(TakeAll("green"), 1);
  EXPECT_EQ(memory_.held(), 10 * kPart);
}

TEST_F(RequestMemoryTest, WhatIsGivenBackCanBeTakenAgain) {
  EXPECT_EQ(TakeAll("red"), 6);
  shares_.pop_back();
  shares_.push_back(std::move(shares_.front()));
  EXPECT_EQ(TakeAll("red"), 1);
  shares_.clear();
  EXPECT_EQ(memory_.held(), 0);
}

TEST_F(RequestMemoryTest, ALargeRequestIsServedIfNoOtherIs) {
  {
    const auto share = memory_.Take("red", 50 * kPart);
    EXPECT_TRUE(share.ok());
    EXPECT_FALSE(memory_.Take("red", kPart).ok());
    EXPECT_FALSE(memory_.Take("blue", kPart).ok());
  }
  EXPECT_TRUE(memory_.Take("blue", kPart).ok());
}

TEST_F(RequestMemoryTest, ARefusalTellsNothingOfOtherUsers) {
  const auto refusal = [this](int64_t bytes) {
    const auto share = memory_.Take("red", bytes);
    EXPECT_FALSE(share.ok());
    return std::string(share.status().message());
  };
  EXPECT_EQ(TakeAll("blue"), 6);
  const std::string beside_blue = refusal(7 * kPart);
  EXPECT_EQ(TakeAll("green"), 3);
  EXPECT_EQ(refusal(7 * kPart), beside_blue);
  EXPECT_EQ(beside_blue,
            "This request may take 7340032 bytes of memory, and your requests "
            "in progress 0, which is more than is available to you. Try again "
            "later.");
}

TEST_F(RequestMemoryTest, SmallRequestsDoNotCount) {
  const auto share = memory_.Take("red", 50 * kPart);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(memory_.Take("red", RequestMemory::kSmallBytes).ok());
  }
}

}  // namespace
}  // namespace holdline
