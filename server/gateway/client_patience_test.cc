#include "server/gateway/client_patience.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr char kBoto[] =
    "Boto3/1.43.11 md/Botocore#1.43.11 ua/2.1 os/linux lang/python#3.11.2 "
    "cfg/retry-mode#legacy Botocore/1.43.11";
constexpr char kUnknown[] = "curl/8.0";

class ClientPatienceTest : public ::testing::Test {
 protected:
  absl::Duration Of(const char* agent, const char* client = "c") {
    return patience_.Of(client, agent, now_);
  }
  void HangUps(int count, absl::Duration age, const char* client = "c") {
    for (int i = 0; i < count; ++i) patience_.HungUp(client, age, now_);
  }

  ClientPatience patience_{StockClients()};
  absl::Time now_ = absl::FromUnixSeconds(1000000);
};

TEST_F(ClientPatienceTest, StockClientsAreKnownByTheirAgent) {
  EXPECT_EQ(Of(kBoto), absl::Seconds(60));
  EXPECT_EQ(Of("aws-cli/2.15.0 Python/3.11.6 Linux/6.1 exe/x86_64"),
            absl::Seconds(60));
  EXPECT_EQ(Of("aws-cli/1.45.11 md/Botocore#1.43.11"), absl::Seconds(60));
  EXPECT_EQ(Of("Boto/2.49.0 Python/2.7.18 Linux/5.10"), absl::Seconds(70));
  EXPECT_EQ(Of("aws-sdk-java/1.12.500 Linux/5.10 OpenJDK_64-Bit_Server_VM"),
            absl::Seconds(50));
  EXPECT_EQ(Of("aws-sdk-java/2.20.63 Linux/6.1 Java/17.0.9 io/sync"),
            absl::Seconds(30));
  EXPECT_EQ(Of("aws-sdk-ruby3/3.190.0 ua/2.0 api/datapipeline#1.40.0"),
            absl::Seconds(60));
}

TEST_F(ClientPatienceTest, OthersWaitForever) {
  for (const char* agent : {"", kUnknown, "aws-sdk-go/1.44.0",
                            "aws-sdk-go-v2/1.20", "aws-sdk-js/3.400.0"}) {
    EXPECT_EQ(Of(agent), absl::InfiniteDuration()) << agent;
  }
}

TEST_F(ClientPatienceTest, SeveralHangUpsAtTheSameAgeAreRemembered) {
  HangUps(2, absl::Seconds(20));
  EXPECT_EQ(Of(kUnknown), absl::InfiniteDuration());
  HangUps(1, absl::Milliseconds(20100));
  EXPECT_EQ(Of(kUnknown), absl::Seconds(20));
  EXPECT_EQ(Of(kUnknown, "another"), absl::InfiniteDuration());
}

TEST_F(ClientPatienceTest, HangUpsAtVariousAgesMeanNothing) {
  for (int i = 0; i < 20; ++i) HangUps(1, absl::Seconds(10 + i));
  EXPECT_EQ(Of(kUnknown), absl::InfiniteDuration());
}

TEST_F(ClientPatienceTest, WhatIsSeenCannotMakeAKnownClientWaitLonger) {
  HangUps(3, absl::Seconds(20));
  EXPECT_EQ(Of(kBoto), absl::Seconds(20));
  HangUps(3, absl::Seconds(80), "d");
  EXPECT_EQ(Of(kBoto, "d"), absl::Seconds(60));
}

TEST_F(ClientPatienceTest, AnotherAgeReplacesTheOneThatIsRemembered) {
  HangUps(3, absl::Seconds(20));
  HangUps(3, absl::Seconds(40));
  EXPECT_EQ(Of(kUnknown), absl::Seconds(40));
}

TEST_F(ClientPatienceTest, WhoIsInAHurryIsNotHeldToIt) {
  HangUps(10, ClientPatience::kAgeMin - absl::Milliseconds(1));
  EXPECT_EQ(Of(kUnknown), absl::InfiniteDuration());
  EXPECT_EQ(patience_.size(), 0u);
}

TEST_F(ClientPatienceTest, WhatIsRememberedFades) {
  HangUps(10, absl::Seconds(20));
  now_ += ClientPatience::kMemory - absl::Seconds(1);
  EXPECT_EQ(Of(kUnknown), absl::Seconds(20));
  now_ += absl::Seconds(1);
  EXPECT_EQ(Of(kUnknown), absl::InfiniteDuration());
  HangUps(1, absl::Seconds(20));
  EXPECT_EQ(Of(kUnknown), absl::Seconds(20));
  now_ += 3 * ClientPatience::kMemory;
  HangUps(1, absl::Seconds(20));
  EXPECT_EQ(Of(kUnknown), absl::InfiniteDuration());
}

TEST_F(ClientPatienceTest, MemoryIsBounded) {
  for (size_t i = 0; i < ClientPatience::kClientsMax + 10; ++i) {
    patience_.HungUp(absl::StrCat(i), absl::Seconds(20), now_);
  }
  EXPECT_EQ(patience_.size(), ClientPatience::kClientsMax);
}

TEST_F(ClientPatienceTest, TheFirstKindThatFitsCounts) {
  ClientPatience patience(
      {{"Boto3/", absl::Seconds(5)}, {"Botocore/", absl::Seconds(6)}});
  EXPECT_EQ(patience.Of("c", kBoto, now_), absl::Seconds(5));
}

}  // namespace
}  // namespace holdline
