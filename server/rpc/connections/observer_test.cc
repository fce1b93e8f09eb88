#include "server/rpc/connections/observer.h"

#include <iterator>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::StrEq;

using Reason = RefusedConnection::Reason;

// Dashboards and alerts are built on these words.
TEST(RefusedConnection, EveryReasonHasItsWord) {
  std::vector<std::string> words;
  for (const Reason reason : RefusedConnection::kReasons) {
    words.push_back(ToString(reason));
  }
  EXPECT_THAT(words, ElementsAre("too_many", "too_many_of_address", "silent",
                                 "unauthenticated", "too_many_calls"));
}

TEST(RefusedConnection, TheReasonsAreAllThereAre) {
  const auto next = static_cast<Reason>(std::size(RefusedConnection::kReasons));
  EXPECT_THAT(ToString(next), StrEq(""));
}

}  // namespace
}  // namespace holdline
