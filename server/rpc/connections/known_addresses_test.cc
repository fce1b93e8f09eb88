#include "server/rpc/connections/known_addresses.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr absl::Time kStart = absl::UnixEpoch();
const absl::Time kLate = kStart + KnownAddresses::kMemory;

class KnownAddressesTest : public testing::Test {
 protected:
  KnownAddresses addresses_;
};

TEST_F(KnownAddressesTest, OfANewAddressNoneIsMissing) {
  EXPECT_EQ(addresses_.Missing("a", kStart), 0);
  EXPECT_THAT(addresses_.Recent(kStart), IsEmpty());
}

TEST_F(KnownAddressesTest, EndedConnectionsAreMissingForAWhile) {
  addresses_.Add("a", kStart);
  addresses_.Add("a", kStart);
  EXPECT_EQ(addresses_.Missing("a", kStart), 0);
  addresses_.Remove("a", kStart);
  EXPECT_EQ(addresses_.Missing("a", kStart), 1);
  addresses_.Remove("a", kStart);
  EXPECT_EQ(addresses_.Missing("a", kStart), 2);
  EXPECT_EQ(addresses_.Missing("b", kStart), 0);
  EXPECT_EQ(addresses_.Missing("a", kLate - absl::Nanoseconds(1)), 2);
  EXPECT_EQ(addresses_.Missing("a", kLate), 0);
}

TEST_F(KnownAddressesTest, TheWhileBeginsWhenTheFirstOfThemEnds) {
  addresses_.Add("a", kStart);
  addresses_.Add("a", kStart);
  addresses_.Remove("a", kLate);
  EXPECT_EQ(addresses_.Missing("a", kLate), 1);
  addresses_.Remove("a", kLate);
  EXPECT_EQ(addresses_.Missing("a", kLate), 2);
  EXPECT_EQ(addresses_.Missing("a", kLate + KnownAddresses::kMemory), 0);
}

TEST_F(KnownAddressesTest, AConnectionThatCameBackIsNotMissing) {
  addresses_.Add("a", kStart);
  addresses_.Remove("a", kStart);
  addresses_.Add("a", kStart);
  EXPECT_EQ(addresses_.Missing("a", kStart), 0);
}

TEST_F(KnownAddressesTest, OneAfterTheOtherIsOne) {
  for (int i = 0; i < 10; ++i) {
    addresses_.Add("a", kStart);
    addresses_.Remove("a", kStart);
  }
  EXPECT_EQ(addresses_.Missing("a", kStart), 1);
}

TEST_F(KnownAddressesTest, RecentCountsCanBeRestored) {
  addresses_.Add("a", kStart);
  addresses_.Add("a", kStart);
  addresses_.Add("b", kStart);
  addresses_.Remove("b", kStart);
  const ConnectionsByAddress known = addresses_.Recent(kStart);
  EXPECT_THAT(known, UnorderedElementsAre(Pair("a", 2), Pair("b", 1)));
  KnownAddresses next;
  next.Restore(known, kLate);
  EXPECT_EQ(next.Missing("a", kLate), 2);
  next.Add("a", kLate);
  EXPECT_EQ(next.Missing("a", kLate), 1);
  EXPECT_EQ(next.Missing("a", kLate + KnownAddresses::kMemory), 0);
  EXPECT_THAT(next.Recent(kLate),
              UnorderedElementsAre(Pair("a", 2), Pair("b", 1)));
}

TEST_F(KnownAddressesTest, AddressesWithoutACountAreForgotten) {
  addresses_.Add("a", kStart);
  addresses_.Remove("a", kStart);
  addresses_.Add("b", kLate);
  EXPECT_THAT(addresses_.Recent(kLate), UnorderedElementsAre(Pair("b", 1)));
  addresses_.Remove("b", kLate + KnownAddresses::kMemory);
  EXPECT_EQ(addresses_.Missing("a", kLate), 0);
}

}  // namespace
}  // namespace holdline
