#include "server/engine/inbox.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

class InboxTest : public ::testing::Test {
 protected:
  // Puts a command of an account, named by a letter and a number.
  Inbox::Answer Put(char account, int number, bool answered = true) {
    Command command{
        CallId{static_cast<uint64_t>(number)},
        AccountId{std::string(1, account)}, StopHolding{},
        answered ? ReplyCallback([](const ReplyBody&) {}) : nullptr};
    return inbox_.Put(command);
  }

  // Takes commands, and returns their names.
  std::vector<std::string> Take(int count_max) {
    std::vector<std::string> names;
    for (const Command& command :
         inbox_.Take(count_max, absl::ZeroDuration(), &remaining_)) {
      names.push_back(command.account.value +
                      std::to_string(static_cast<uint64_t>(command.call)));
    }
    return names;
  }

  Inbox inbox_{3};
  int remaining_ = 0;
};

TEST_F(InboxTest, TakesWhatThereIsInItsOrder) {
  Put('a', 1);
  Put('b', 2);
  Put('a', 3);
  EXPECT_THAT(Take(10), ElementsAre("a1", "b2", "a3"));
  EXPECT_EQ(remaining_, 0);
  EXPECT_THAT(Take(10), ElementsAre());
}

TEST_F(InboxTest, AnAccountThatFillsItsPlacesLeavesThoseOfOthers) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Put('a', i), Inbox::Answer::kTaken);
  EXPECT_EQ(Put('a', 3), Inbox::Answer::kFull);
  EXPECT_EQ(Put('a', 4, false), Inbox::Answer::kTaken);
  EXPECT_EQ(Put('b', 5), Inbox::Answer::kTaken);
  Take(10);
  EXPECT_EQ(Put('a', 6), Inbox::Answer::kTaken);
}

TEST_F(InboxTest, IfNotAllCanBeTakenEachAccountHasItsShare) {
  for (int i = 0; i < 3; ++i) Put('a', i);
  Put('b', 3);
  Put('b', 4);
  EXPECT_THAT(Take(2), ElementsAre("a0", "b3"));
  EXPECT_EQ(remaining_, 3);
  // What was taken makes room again.
  EXPECT_EQ(Put('a', 5), Inbox::Answer::kTaken);
  EXPECT_EQ(Put('a', 6), Inbox::Answer::kFull);
  EXPECT_THAT(Take(3), ElementsAre("a1", "b4"));
  EXPECT_THAT(Take(1), ElementsAre("a2"));
  EXPECT_THAT(Take(1), ElementsAre("a5"));
}

TEST_F(InboxTest, MoreAccountsThanCanBeTakenWaitTheirTurn) {
  for (const char account : {'a', 'b', 'c'}) Put(account, 1);
  EXPECT_THAT(Take(2), ElementsAre("a1", "b1"));
  Put('a', 2);
  EXPECT_THAT(Take(2), ElementsAre("c1", "a2"));
}

}  // namespace
}  // namespace holdline
