#include "server/rpc/connections/connection_admission.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Reason = RefusedConnection::Reason;

constexpr absl::Time kStart = absl::UnixEpoch();

class LobbyTest : public testing::Test {
 protected:
  // A connection that comes and speaks at once. Returns which one must go.
  std::optional<Lobby::Refusal> Come(Lobby::Id id, const std::string& address) {
    std::optional<Lobby::Refusal> refusal = lobby_.Enter(id, address, kStart);
    lobby_.Speak(id);
    if (refusal.has_value()) lobby_.End(refusal->id, kStart);
    return refusal;
  }

  // Who is served now, in this order.
  std::vector<Lobby::Id> Served(absl::Time now = kStart) {
    std::vector<Lobby::Id> served;
    while (const std::optional<Lobby::Id> id = lobby_.Serve(now)) {
      served.push_back(*id);
    }
    return served;
  }

  const ConnectionLimits limits_ = {.all_max = 6,
                                    .per_address_max = 4,
                                    .newcomers_max = 2,
                                    .newcomer_calls_max = 10,
                                    .newcomer_time = absl::Seconds(5),
                                    .silence_max = absl::Seconds(120)};
  Lobby lobby_{limits_};
};

TEST_F(LobbyTest, WhoHasSentNothingIsNotServed) {
  lobby_.Enter(1, "a", kStart);
  EXPECT_THAT(Served(), IsEmpty());
  lobby_.Speak(1);
  EXPECT_THAT(Served(), ElementsAre(1));
}

TEST_F(LobbyTest, FewNewcomersAreServedAtATime) {
  for (const Lobby::Id id : {1, 2, 3, 4}) Come(id, "a");
  EXPECT_THAT(Served(), ElementsAre(1, 2));
  EXPECT_TRUE(lobby_.Recognize(2, kStart));
  EXPECT_THAT(Served(), ElementsAre(3));
  lobby_.Forget(1, kStart);
  EXPECT_THAT(Served(), ElementsAre(4));
}

TEST_F(LobbyTest, ANewcomerIsRecognizedOnce) {
  Come(1, "a");
  EXPECT_FALSE(lobby_.Recognize(1, kStart));  // it is not served yet
  Served();
  EXPECT_FALSE(lobby_.IsKnown(1));
  EXPECT_TRUE(lobby_.Recognize(1, kStart));
  EXPECT_TRUE(lobby_.IsKnown(1));
  EXPECT_FALSE(lobby_.Recognize(1, kStart));
  EXPECT_FALSE(lobby_.Recognize(7, kStart));
}

TEST_F(LobbyTest, AddressesTakeTurns) {
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Come(4, "b");
  EXPECT_THAT(Served(), ElementsAre(1, 4));
  lobby_.Recognize(1, kStart);
  lobby_.Recognize(4, kStart);
  EXPECT_THAT(Served(), ElementsAre(2, 3));
}

TEST_F(LobbyTest, WhoLeavesWhileWaitingLosesItsTurn) {
  for (const Lobby::Id id : {1, 2}) Come(id, "a");
  Come(3, "b");
  EXPECT_TRUE(lobby_.End(1, kStart));
  EXPECT_TRUE(lobby_.End(3, kStart));
  EXPECT_THAT(Served(), ElementsAre(2));
}

TEST_F(LobbyTest, ANewcomerThatHasEndedCountsUntilNothingIsLeftOfIt) {
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  EXPECT_FALSE(lobby_.End(1, kStart));
  EXPECT_THAT(Served(), IsEmpty());
  EXPECT_EQ(lobby_.counts().newcomers, 2);
  lobby_.Forget(1, kStart);
  EXPECT_THAT(Served(), ElementsAre(3));
}

TEST_F(LobbyTest, TheNewestOfAnAddressWithTooManyMustGo) {
  for (const Lobby::Id id : {1, 2, 3, 4}) EXPECT_FALSE(Come(id, "a"));
  const auto refusal = Come(5, "a");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 5);
  EXPECT_EQ(refusal->connection.address, "a");
  EXPECT_EQ(refusal->connection.reason, Reason::kTooManyOfAddress);
  EXPECT_FALSE(Come(6, "b"));
}

TEST_F(LobbyTest, IfThereAreTooManyTheAddressWithMostOfTheUnservedLosesOne) {
  for (const Lobby::Id id : {1, 2, 3, 4}) Come(id, "a");
  for (const Lobby::Id id : {5, 6}) EXPECT_FALSE(Come(id, "b"));
  const auto refusal = Come(7, "c");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 4);
  EXPECT_EQ(refusal->connection.reason, Reason::kTooMany);
}

TEST_F(LobbyTest, WhoIsServedIsNotSentAwayForNewOnes) {
  for (const Lobby::Id id : {1, 2}) Come(id, "a");
  for (const Lobby::Id id : {3, 4}) Come(id, "b");
  for (const Lobby::Id id : {5, 6}) Come(id, "c");
  for (int round = 0; round < 3; ++round) {
    for (const Lobby::Id id : Served()) lobby_.Recognize(id, kStart);
  }
  const auto refusal = Come(7, "d");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 7);
}

TEST_F(LobbyTest, ANewcomerMayTakeItsTimeWhileNobodyWaits) {
  for (const Lobby::Id id : {1, 2}) Come(id, "a");
  Served();
  const absl::Time late = kStart + absl::Hours(1);
  EXPECT_FALSE(lobby_.Overdue(late));
  EXPECT_EQ(lobby_.NextDeadline(kStart), absl::InfiniteFuture());
  Come(3, "b");
  EXPECT_EQ(lobby_.NextDeadline(kStart), kStart + limits_.newcomer_time);
  EXPECT_FALSE(
      lobby_.Overdue(kStart + limits_.newcomer_time - absl::Nanoseconds(1)));
  const auto refusal = lobby_.Overdue(kStart + limits_.newcomer_time);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 1);
  EXPECT_EQ(refusal->connection.reason, Reason::kUnknown);
}

TEST_F(LobbyTest, NoMoreGiveWayThanWait) {
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.newcomer_time;
  const auto refusal = lobby_.Overdue(late);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_FALSE(lobby_.End(refusal->id, kStart));
  EXPECT_FALSE(lobby_.Overdue(late));
  EXPECT_EQ(lobby_.NextDeadline(kStart), absl::InfiniteFuture());
  Come(4, "a");
  EXPECT_TRUE(lobby_.Overdue(late));
}

TEST_F(LobbyTest, ThoseWhoWereKnownMayLingerWhileOthersAreServed) {
  lobby_.Expect({{"a", 1}}, kStart);
  for (const Lobby::Id id : {1, 2, 3, 4}) Come(id, "a");
  EXPECT_THAT(Served(), ElementsAre(1, 2));
  EXPECT_FALSE(lobby_.LetLinger(kStart));
  const absl::Time late = kStart + limits_.newcomer_time;
  EXPECT_TRUE(lobby_.LetLinger(late));
  EXPECT_THAT(Served(late), ElementsAre(3));
  EXPECT_EQ(lobby_.counts().newcomers, 3);
  // One was known of the address, and not two.
  EXPECT_FALSE(lobby_.LetLinger(late));
  EXPECT_EQ(lobby_.Overdue(late)->id, 2);
  EXPECT_TRUE(lobby_.Recognize(1, late));
  EXPECT_FALSE(lobby_.LetLinger(late));
}

TEST_F(LobbyTest, AsManyMayLingerAsHaveGone) {
  for (const Lobby::Id id : {1, 2}) Come(id, "a");
  Served();
  lobby_.Recognize(1, kStart);
  Come(3, "b");
  Served();
  Come(4, "b");
  const absl::Time late = kStart + limits_.newcomer_time;
  EXPECT_FALSE(lobby_.LetLinger(late));
  lobby_.End(1, kStart);
  EXPECT_TRUE(lobby_.LetLinger(late));
  EXPECT_THAT(Served(late), ElementsAre(4));
}

TEST_F(LobbyTest, WhoEndsWhileItLingersLetsAnotherLinger) {
  lobby_.Expect({{"a", 1}}, kStart);
  for (const Lobby::Id id : {1, 2, 3, 4}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.newcomer_time;
  EXPECT_TRUE(lobby_.LetLinger(late));
  Served(late);
  EXPECT_FALSE(lobby_.LetLinger(late));
  EXPECT_FALSE(lobby_.End(1, late));
  lobby_.Forget(1, late);
  EXPECT_TRUE(lobby_.LetLinger(late));
}

TEST_F(LobbyTest, CallsOfThoseWhoLingerCountUntilTheyAreKnown) {
  lobby_.Expect({{"a", 1}}, kStart);
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.newcomer_time;
  EXPECT_TRUE(lobby_.LetLinger(late));
  EXPECT_THAT(Served(late), ElementsAre(3));
  EXPECT_TRUE(lobby_.CallsStarted(1, 6, late));
  EXPECT_TRUE(lobby_.CallsStarted(3, 5, late));
  EXPECT_EQ(lobby_.Overdue(late)->id, 1);
  EXPECT_TRUE(lobby_.Recognize(1, late));
  EXPECT_FALSE(lobby_.Overdue(late));
}

TEST_F(LobbyTest, IfNewcomersStartTooManyCallsTheOneWithMostMustGo) {
  for (const Lobby::Id id : {1, 2}) Come(id, "a");
  Served();
  EXPECT_TRUE(lobby_.CallsStarted(1, 6, kStart));
  EXPECT_TRUE(lobby_.CallsStarted(2, 4, kStart));
  EXPECT_FALSE(lobby_.CallsStarted(2, 4, kStart));
  EXPECT_FALSE(lobby_.Overdue(kStart));
  EXPECT_TRUE(lobby_.CallsStarted(2, 5, kStart));
  const auto refusal = lobby_.Overdue(kStart);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 1);
  EXPECT_EQ(refusal->connection.reason, Reason::kVoidCalls);
  lobby_.End(1, kStart);
  EXPECT_FALSE(lobby_.Overdue(kStart));
}

TEST_F(LobbyTest, NobodyIsServedUntilTheCallsOfThoseWhoHaveGoneAreForgotten) {
  Come(1, "a");
  Served();
  lobby_.CallsStarted(1, 30, kStart);
  EXPECT_TRUE(lobby_.Overdue(kStart));
  lobby_.End(1, kStart);
  lobby_.Forget(1, kStart);
  Come(2, "b");
  EXPECT_THAT(Served(), IsEmpty());
  const absl::Time calm =
      kStart + absl::Seconds(20 / Lobby::kForgottenCallsPerSecond);
  EXPECT_EQ(lobby_.NextDeadline(kStart), calm);
  EXPECT_THAT(Served(calm - absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(Served(calm), ElementsAre(2));
}

TEST_F(LobbyTest, CallsOfThoseWhoAreKnownAreNotCounted) {
  Come(1, "a");
  Served();
  EXPECT_TRUE(lobby_.CallsStarted(1, 9, kStart));
  lobby_.Recognize(1, kStart);
  EXPECT_FALSE(lobby_.CallsStarted(1, 100, kStart));
  EXPECT_FALSE(lobby_.CallsStarted(7, 100, kStart));
  EXPECT_FALSE(lobby_.Overdue(kStart));
}

TEST_F(LobbyTest, ANewcomerMayStartAFewCallsASecondForEver) {
  Come(1, "a");
  Served();
  absl::Time now = kStart;
  for (int calls = 1; calls < 1000; ++calls) {
    now += absl::Seconds(1) / Lobby::kFreeCallsPerSecond;
    EXPECT_TRUE(lobby_.CallsStarted(1, calls, now));
    EXPECT_FALSE(lobby_.Overdue(now));
  }
}

TEST_F(LobbyTest, SilenceEndsAfterAWhile) {
  lobby_.Enter(1, "a", kStart);
  EXPECT_EQ(lobby_.NextDeadline(kStart), kStart + limits_.silence_max);
  EXPECT_FALSE(
      lobby_.Overdue(kStart + limits_.silence_max - absl::Nanoseconds(1)));
  const auto refusal = lobby_.Overdue(kStart + limits_.silence_max);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->connection.reason, Reason::kSilent);
}

TEST_F(LobbyTest, TooManyVoidCallsEndAConnectionButNotAFewInASecond) {
  Come(1, "a");
  Served();
  absl::Time now = kStart;
  for (int i = 0; i < 10000; ++i) {
    now += absl::Seconds(1) / Lobby::kFreeCallsPerSecond;
    EXPECT_FALSE(lobby_.Suspect(1, now));
  }
  int at_once = 1;
  while (!lobby_.Suspect(1, now)) ++at_once;
  EXPECT_EQ(at_once, Lobby::kVoidCallsMax);
  EXPECT_EQ(lobby_.Suspect(1, now)->connection.reason, Reason::kVoidCalls);
}

TEST_F(LobbyTest, CountsEachKind) {
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  lobby_.Recognize(1, kStart);
  Come(4, "b");
  Served();
  lobby_.Enter(5, "b", kStart);
  const ConnectionCounts counts = lobby_.counts();
  EXPECT_EQ(counts.known, 1);
  EXPECT_EQ(counts.newcomers, 2);
  EXPECT_EQ(counts.waiting, 1);
  EXPECT_EQ(counts.silent, 1);
}

TEST_F(LobbyTest, NothingIsLeftOfWhoHasGone) {
  for (const Lobby::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  for (const Lobby::Id id : {1, 2, 3}) lobby_.Forget(id, kStart);
  lobby_.Forget(3, kStart);
  EXPECT_TRUE(lobby_.End(3, kStart));
  const ConnectionCounts counts = lobby_.counts();
  EXPECT_EQ(counts.known + counts.newcomers + counts.waiting + counts.silent,
            0);
  for (const Lobby::Id id : {1, 2, 3, 4}) EXPECT_FALSE(Come(id, "a"));
}

}  // namespace
}  // namespace holdline
