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

class ConnectionAdmissionTest : public testing::Test {
 protected:
  // Adds a connection that sends at once. Returns which one was closed.
  std::optional<ConnectionAdmission::Refusal> Come(ConnectionAdmission::Id id,
                                                   const std::string& address) {
    std::optional<ConnectionAdmission::Refusal> refusal =
        admission_.Add(id, address, kStart);
    admission_.ReceivedData(id);
    if (refusal.has_value()) admission_.End(refusal->id, kStart);
    return refusal;
  }

  // Those admitted now, in this order.
  std::vector<ConnectionAdmission::Id> Served(absl::Time now = kStart) {
    std::vector<ConnectionAdmission::Id> served;
    while (const std::optional<ConnectionAdmission::Id> id =
               admission_.AdmitNext(now)) {
      served.push_back(*id);
    }
    return served;
  }

  const ConnectionLimits limits_ = {.all_max = 6,
                                    .per_address_max = 4,
                                    .unauthenticated_max = 2,
                                    .unauthenticated_calls_max = 10,
                                    .authentication_timeout = absl::Seconds(5),
                                    .first_byte_timeout = absl::Seconds(120)};
  ConnectionAdmission admission_{limits_};
};

TEST_F(ConnectionAdmissionTest, ASilentConnectionIsNotServed) {
  admission_.Add(1, "a", kStart);
  EXPECT_THAT(Served(), IsEmpty());
  admission_.ReceivedData(1);
  EXPECT_THAT(Served(), ElementsAre(1));
}

TEST_F(ConnectionAdmissionTest, FewUnauthenticatedConnectionsAreServedAtATime) {
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4}) Come(id, "a");
  EXPECT_THAT(Served(), ElementsAre(1, 2));
  EXPECT_TRUE(admission_.MarkAuthenticated(2, kStart));
  EXPECT_THAT(Served(), ElementsAre(3));
  admission_.Forget(1, kStart);
  EXPECT_THAT(Served(), ElementsAre(4));
}

TEST_F(ConnectionAdmissionTest, AConnectionAuthenticatesOnce) {
  Come(1, "a");
  EXPECT_FALSE(
      admission_.MarkAuthenticated(1, kStart));  // it is not served yet
  Served();
  EXPECT_FALSE(admission_.IsAuthenticated(1));
  EXPECT_TRUE(admission_.MarkAuthenticated(1, kStart));
  EXPECT_TRUE(admission_.IsAuthenticated(1));
  EXPECT_FALSE(admission_.MarkAuthenticated(1, kStart));
  EXPECT_FALSE(admission_.MarkAuthenticated(7, kStart));
}

TEST_F(ConnectionAdmissionTest, AddressesTakeTurns) {
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Come(4, "b");
  EXPECT_THAT(Served(), ElementsAre(1, 4));
  admission_.MarkAuthenticated(1, kStart);
  admission_.MarkAuthenticated(4, kStart);
  EXPECT_THAT(Served(), ElementsAre(2, 3));
}

TEST_F(ConnectionAdmissionTest, AConnectionThatEndsWhilePendingLosesItsTurn) {
  for (const ConnectionAdmission::Id id : {1, 2}) Come(id, "a");
  Come(3, "b");
  EXPECT_TRUE(admission_.End(1, kStart));
  EXPECT_TRUE(admission_.End(3, kStart));
  EXPECT_THAT(Served(), ElementsAre(2));
}

TEST_F(ConnectionAdmissionTest,
       AnEndedUnauthenticatedConnectionCountsUntilItIsForgotten) {
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  EXPECT_FALSE(admission_.End(1, kStart));
  EXPECT_THAT(Served(), IsEmpty());
  EXPECT_EQ(admission_.counts().unauthenticated, 2);
  admission_.Forget(1, kStart);
  EXPECT_THAT(Served(), ElementsAre(3));
}

TEST_F(ConnectionAdmissionTest, TheNewestOfAnAddressWithTooManyIsClosed) {
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4})
    EXPECT_FALSE(Come(id, "a"));
  const auto refusal = Come(5, "a");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 5);
  EXPECT_EQ(refusal->connection.address, "a");
  EXPECT_EQ(refusal->connection.reason, Reason::kTooManyOfAddress);
  EXPECT_FALSE(Come(6, "b"));
}

TEST_F(ConnectionAdmissionTest,
       IfThereAreTooManyTheAddressWithMostOfTheUnservedLosesOne) {
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4}) Come(id, "a");
  for (const ConnectionAdmission::Id id : {5, 6}) EXPECT_FALSE(Come(id, "b"));
  const auto refusal = Come(7, "c");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 4);
  EXPECT_EQ(refusal->connection.reason, Reason::kTooMany);
}

TEST_F(ConnectionAdmissionTest, AServedConnectionIsNotClosedForNewOnes) {
  for (const ConnectionAdmission::Id id : {1, 2}) Come(id, "a");
  for (const ConnectionAdmission::Id id : {3, 4}) Come(id, "b");
  for (const ConnectionAdmission::Id id : {5, 6}) Come(id, "c");
  for (int round = 0; round < 3; ++round) {
    for (const ConnectionAdmission::Id id : Served())
      admission_.MarkAuthenticated(id, kStart);
  }
  const auto refusal = Come(7, "d");
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 7);
}

TEST_F(ConnectionAdmissionTest, ThereIsNoTimeoutWhileNoneIsPending) {
  for (const ConnectionAdmission::Id id : {1, 2}) Come(id, "a");
  Served();
  const absl::Time late = kStart + absl::Hours(1);
  EXPECT_FALSE(admission_.NextToClose(late));
  EXPECT_EQ(admission_.NextDeadline(kStart), absl::InfiniteFuture());
  Come(3, "b");
  EXPECT_EQ(admission_.NextDeadline(kStart),
            kStart + limits_.authentication_timeout);
  EXPECT_FALSE(admission_.NextToClose(kStart + limits_.authentication_timeout -
                                      absl::Nanoseconds(1)));
  const auto refusal =
      admission_.NextToClose(kStart + limits_.authentication_timeout);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 1);
  EXPECT_EQ(refusal->connection.reason, Reason::kUnauthenticated);
}

TEST_F(ConnectionAdmissionTest, NoMoreTimeOutThanArePending) {
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.authentication_timeout;
  const auto refusal = admission_.NextToClose(late);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_FALSE(admission_.End(refusal->id, kStart));
  EXPECT_FALSE(admission_.NextToClose(late));
  EXPECT_EQ(admission_.NextDeadline(kStart), absl::InfiniteFuture());
  Come(4, "a");
  EXPECT_TRUE(admission_.NextToClose(late));
}

TEST_F(ConnectionAdmissionTest, AnAddressWithRecentConnectionsHasExtensions) {
  admission_.RestoreAddresses({{"a", 1}}, kStart);
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4}) Come(id, "a");
  EXPECT_THAT(Served(), ElementsAre(1, 2));
  EXPECT_FALSE(admission_.ExtendOne(kStart));
  const absl::Time late = kStart + limits_.authentication_timeout;
  EXPECT_TRUE(admission_.ExtendOne(late));
  EXPECT_THAT(Served(late), ElementsAre(3));
  EXPECT_EQ(admission_.counts().unauthenticated, 3);
  // One of the address was authenticated, and not two.
  EXPECT_FALSE(admission_.ExtendOne(late));
  EXPECT_EQ(admission_.NextToClose(late)->id, 2);
  EXPECT_TRUE(admission_.MarkAuthenticated(1, late));
  EXPECT_FALSE(admission_.ExtendOne(late));
}

TEST_F(ConnectionAdmissionTest, AsManyAreExtendedAsHaveEnded) {
  for (const ConnectionAdmission::Id id : {1, 2}) Come(id, "a");
  Served();
  admission_.MarkAuthenticated(1, kStart);
  Come(3, "b");
  Served();
  Come(4, "b");
  const absl::Time late = kStart + limits_.authentication_timeout;
  EXPECT_FALSE(admission_.ExtendOne(late));
  admission_.End(1, kStart);
  EXPECT_TRUE(admission_.ExtendOne(late));
  EXPECT_THAT(Served(late), ElementsAre(4));
}

TEST_F(ConnectionAdmissionTest, AnExtendedConnectionThatEndsFreesItsExtension) {
  admission_.RestoreAddresses({{"a", 1}}, kStart);
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.authentication_timeout;
  EXPECT_TRUE(admission_.ExtendOne(late));
  Served(late);
  EXPECT_FALSE(admission_.ExtendOne(late));
  EXPECT_FALSE(admission_.End(1, late));
  admission_.Forget(1, late);
  EXPECT_TRUE(admission_.ExtendOne(late));
}

TEST_F(ConnectionAdmissionTest,
       CallsOfExtendedConnectionsCountUntilTheyAuthenticate) {
  admission_.RestoreAddresses({{"a", 1}}, kStart);
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  const absl::Time late = kStart + limits_.authentication_timeout;
  EXPECT_TRUE(admission_.ExtendOne(late));
  EXPECT_THAT(Served(late), ElementsAre(3));
  EXPECT_TRUE(admission_.CountCalls(1, 6, late));
  EXPECT_TRUE(admission_.CountCalls(3, 5, late));
  EXPECT_EQ(admission_.NextToClose(late)->id, 1);
  EXPECT_TRUE(admission_.MarkAuthenticated(1, late));
  EXPECT_FALSE(admission_.NextToClose(late));
}

TEST_F(ConnectionAdmissionTest,
       IfThereAreTooManyUnauthenticatedCallsTheConnectionWithMostIsClosed) {
  for (const ConnectionAdmission::Id id : {1, 2}) Come(id, "a");
  Served();
  EXPECT_TRUE(admission_.CountCalls(1, 6, kStart));
  EXPECT_TRUE(admission_.CountCalls(2, 4, kStart));
  EXPECT_FALSE(admission_.CountCalls(2, 4, kStart));
  EXPECT_FALSE(admission_.NextToClose(kStart));
  EXPECT_TRUE(admission_.CountCalls(2, 5, kStart));
  const auto refusal = admission_.NextToClose(kStart);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->id, 1);
  EXPECT_EQ(refusal->connection.reason, Reason::kTooManyCalls);
  admission_.End(1, kStart);
  EXPECT_FALSE(admission_.NextToClose(kStart));
}

TEST_F(ConnectionAdmissionTest,
       NoneIsAdmittedUntilTheCallsOfClosedConnectionsHaveDrained) {
  Come(1, "a");
  Served();
  admission_.CountCalls(1, 30, kStart);
  EXPECT_TRUE(admission_.NextToClose(kStart));
  admission_.End(1, kStart);
  admission_.Forget(1, kStart);
  Come(2, "b");
  EXPECT_THAT(Served(), IsEmpty());
  const absl::Time calm =
      kStart + absl::Seconds(20 / ConnectionAdmission::kDrainedCallsPerSecond);
  EXPECT_EQ(admission_.NextDeadline(kStart), calm);
  EXPECT_THAT(Served(calm - absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(Served(calm), ElementsAre(2));
}

TEST_F(ConnectionAdmissionTest, CallsOfAuthenticatedConnectionsAreNotCounted) {
  Come(1, "a");
  Served();
  EXPECT_TRUE(admission_.CountCalls(1, 9, kStart));
  admission_.MarkAuthenticated(1, kStart);
  EXPECT_FALSE(admission_.CountCalls(1, 100, kStart));
  EXPECT_FALSE(admission_.CountCalls(7, 100, kStart));
  EXPECT_FALSE(admission_.NextToClose(kStart));
}

TEST_F(ConnectionAdmissionTest,
       AFewUnauthenticatedCallsASecondAreAlwaysAllowed) {
  Come(1, "a");
  Served();
  absl::Time now = kStart;
  for (int calls = 1; calls < 1000; ++calls) {
    now += absl::Seconds(1) / ConnectionAdmission::kFreeCallsPerSecond;
    EXPECT_TRUE(admission_.CountCalls(1, calls, now));
    EXPECT_FALSE(admission_.NextToClose(now));
  }
}

TEST_F(ConnectionAdmissionTest, ASilentConnectionTimesOut) {
  admission_.Add(1, "a", kStart);
  EXPECT_EQ(admission_.NextDeadline(kStart),
            kStart + limits_.first_byte_timeout);
  EXPECT_FALSE(admission_.NextToClose(kStart + limits_.first_byte_timeout -
                                      absl::Nanoseconds(1)));
  const auto refusal =
      admission_.NextToClose(kStart + limits_.first_byte_timeout);
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->connection.reason, Reason::kSilent);
}

TEST_F(ConnectionAdmissionTest,
       TooManyFailedCallsCloseAConnectionButNotAFewASecond) {
  Come(1, "a");
  Served();
  absl::Time now = kStart;
  for (int i = 0; i < 10000; ++i) {
    now += absl::Seconds(1) / ConnectionAdmission::kFreeCallsPerSecond;
    EXPECT_FALSE(admission_.CountFailedCall(1, now));
  }
  int at_once = 1;
  while (!admission_.CountFailedCall(1, now)) ++at_once;
  EXPECT_EQ(at_once, ConnectionAdmission::kFailedCallsMax);
  EXPECT_EQ(admission_.CountFailedCall(1, now)->connection.reason,
            Reason::kTooManyCalls);
}

TEST_F(ConnectionAdmissionTest, CountsEachKind) {
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  admission_.MarkAuthenticated(1, kStart);
  Come(4, "b");
  Served();
  admission_.Add(5, "b", kStart);
  const ConnectionCounts counts = admission_.counts();
  EXPECT_EQ(counts.authenticated, 1);
  EXPECT_EQ(counts.unauthenticated, 2);
  EXPECT_EQ(counts.pending, 1);
  EXPECT_EQ(counts.silent, 1);
}

TEST_F(ConnectionAdmissionTest, NothingIsLeftOfAForgottenConnection) {
  for (const ConnectionAdmission::Id id : {1, 2, 3}) Come(id, "a");
  Served();
  for (const ConnectionAdmission::Id id : {1, 2, 3})
    admission_.Forget(id, kStart);
  admission_.Forget(3, kStart);
  EXPECT_TRUE(admission_.End(3, kStart));
  const ConnectionCounts counts = admission_.counts();
  EXPECT_EQ(counts.authenticated + counts.unauthenticated + counts.pending +
                counts.silent,
            0);
  for (const ConnectionAdmission::Id id : {1, 2, 3, 4})
    EXPECT_FALSE(Come(id, "a"));
}

}  // namespace
}  // namespace holdline
