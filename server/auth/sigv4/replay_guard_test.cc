#include "server/auth/sigv4/replay_guard.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr absl::Duration kWindow = absl::Minutes(5);
constexpr char kKey[] = "AKID";

class ReplayGuardTest : public ::testing::Test {
 protected:
  // A signature that was made now.
  bool Admit(const std::string& signature, const char* key = kKey) {
    return guard_.Admit(key, Sha256(signature), now_ + kWindow, now_);
  }
  void Answered(const std::string& signature) {
    guard_.Answered(kKey, Sha256(signature));
  }
  void Dropped(const std::string& signature) {
    guard_.Dropped(kKey, Sha256(signature));
  }
  void Wait(absl::Duration time) { now_ += time; }

  ReplayGuard guard_{100};
  absl::Time now_ = absl::FromUnixSeconds(1000000);
};

TEST_F(ReplayGuardTest, WhatWasAnsweredIsRefusedFromThenOn) {
  EXPECT_TRUE(Admit("a"));
  Answered("a");
  Wait(ReplayGuard::kGrace);
  EXPECT_FALSE(Admit("a"));
  Wait(kWindow - ReplayGuard::kGrace);
  EXPECT_FALSE(Admit("a"));
  EXPECT_TRUE(Admit("b"));
}

TEST_F(ReplayGuardTest, TheSameCallTwiceInASecondIsTaken) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(Admit("a"));
    Answered("a");
    Wait(absl::Milliseconds(200));
  }
  Wait(ReplayGuard::kGrace);
  EXPECT_FALSE(Admit("a"));
}

TEST_F(ReplayGuardTest, AHeldCallCannotBeRepeatedMeanwhile) {
  EXPECT_TRUE(Admit("poll"));
  Wait(absl::Seconds(30));
  EXPECT_FALSE(Admit("poll"));
  Answered("poll");
  EXPECT_FALSE(Admit("poll"));
}

TEST_F(ReplayGuardTest, WhatWasNeverAnsweredMayComeAgain) {
  EXPECT_TRUE(Admit("a"));
  Wait(absl::Seconds(30));
  Dropped("a");
  EXPECT_TRUE(Admit("a"));
  EXPECT_FALSE(Admit("a"));
  Answered("a");
  EXPECT_FALSE(Admit("a"));
}

TEST_F(ReplayGuardTest, OneAnswerOfSeveralIsEnough) {
  EXPECT_TRUE(Admit("a"));
  EXPECT_TRUE(Admit("a"));
  Answered("a");
  Dropped("a");
  Wait(ReplayGuard::kGrace);
  EXPECT_FALSE(Admit("a"));
}

TEST_F(ReplayGuardTest, ForgetsWhatItsDateWouldLetPassNoMore) {
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(Admit(absl::StrCat(i)));
  EXPECT_EQ(guard_.CountOf(kKey), 50u);
  Wait(kWindow + absl::Seconds(1));
  EXPECT_TRUE(Admit("a"));
  EXPECT_EQ(guard_.CountOf(kKey), 1u);
}

TEST_F(ReplayGuardTest, ADateInTheFutureIsRememberedUntilItIsOver) {
  const absl::Time valid_until = now_ + 2 * kWindow;
  EXPECT_TRUE(guard_.Admit(kKey, Sha256("a"), valid_until, now_));
  Answered("a");
  Wait(2 * kWindow);
  EXPECT_FALSE(guard_.Admit(kKey, Sha256("a"), valid_until, now_));
}

TEST_F(ReplayGuardTest, IsBoundedForEachAccessKeyAlone) {
  EXPECT_TRUE(Admit("a", "other"));
  guard_.Answered("other", Sha256("a"));
  EXPECT_TRUE(Admit("a"));
  Answered("a");
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(Admit(absl::StrCat(i)));
  EXPECT_EQ(guard_.CountOf(kKey), 100u);
  Wait(ReplayGuard::kGrace);
  EXPECT_FALSE(Admit("a", "other"));
  EXPECT_TRUE(Admit("a"));
}

TEST_F(ReplayGuardTest, TheEndOfACallThatIsForgottenChangesNothing) {
  Answered("a");
  Dropped("a");
  EXPECT_EQ(guard_.CountOf(kKey), 0u);
  EXPECT_TRUE(Admit("a"));
}

}  // namespace
}  // namespace holdline
