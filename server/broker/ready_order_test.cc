#include "server/broker/ready_order.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

constexpr absl::Duration kStep = absl::Minutes(1);

class ReadyOrderTest : public ::testing::Test {
 protected:
  // A task that became ready `seconds` after the start.
  Task Make(int id, int seconds, int priority = 0, std::string key = "") {
    Task task;
    task.id = TaskId{static_cast<uint64_t>(id)};
    task.spec.priority = priority;
    task.spec.fairness_key = std::move(key);
    task.state.ready_at = absl::UnixEpoch() + absl::Seconds(seconds);
    return task;
  }

  std::vector<int> PopAll() {
    std::vector<int> order;
    while (!ready.empty()) order.push_back(static_cast<int>(ready.Pop()));
    return order;
  }

  ReadyOrder ready{kStep};
};

TEST_F(ReadyOrderTest, TheOldestGoesFirst) {
  ready.Add(Make(1, 20));
  ready.Add(Make(2, 10));
  ready.Add(Make(3, 10));
  EXPECT_EQ(ready.oldest(), absl::UnixEpoch() + absl::Seconds(10));
  EXPECT_THAT(PopAll(), ElementsAre(2, 3, 1));
  EXPECT_EQ(ready.oldest(), absl::InfiniteFuture());
}

TEST_F(ReadyOrderTest, AHigherPriorityGoesFirst) {
  ready.Add(Make(1, 0, 0));
  ready.Add(Make(2, 50, 1));
  ready.Add(Make(3, 50, 9));
  EXPECT_THAT(PopAll(), ElementsAre(3, 2, 1));
}

TEST_F(ReadyOrderTest, WaitingMakesUpForPriority) {
  ready.Add(Make(1, 0, 0));
  ready.Add(Make(2, 60, 1));
  ready.Add(Make(3, 61, 1));
  ready.Add(Make(4, 9 * 60 + 1, 9));
  EXPECT_THAT(PopAll(), ElementsAre(2, 1, 4, 3))
      << "at equal merit the higher priority goes first";
}

TEST_F(ReadyOrderTest, NothingStarvesUnderASteadyStreamOfHigherPriority) {
  ready.Add(Make(1, 0, 0));
  int handed_out = 0;
  for (int second = 0;; ++second) {
    ready.Add(Make(second + 2, second, 9));
    if (ready.Pop() == TaskId{1}) break;
    ++handed_out;
    ASSERT_LT(handed_out, 1000);
  }
  EXPECT_EQ(handed_out, 9 * 60 + 1);
}

TEST_F(ReadyOrderTest, FairnessKeysTakeTurns) {
  for (int i = 1; i <= 4; ++i) ready.Add(Make(i, 0, 0, "noisy"));
  ready.Add(Make(10, 5, 0, "quiet"));
  ready.Add(Make(11, 6, 0, "quiet"));
  EXPECT_THAT(PopAll(), ElementsAre(1, 10, 2, 11, 3, 4));
}

TEST_F(ReadyOrderTest, AKeyThatComesBackTakesItsTurnAfterTheOthers) {
  ready.Add(Make(1, 0, 0, "a"));
  ready.Add(Make(2, 0, 0, "b"));
  EXPECT_EQ(ready.Pop(), TaskId{1});
  ready.Add(Make(3, 0, 0, "a"));
  EXPECT_THAT(PopAll(), ElementsAre(2, 3));
}

TEST_F(ReadyOrderTest, ARemovedTaskIsNotHandedOut) {
  const Task first = Make(1, 0, 3, "a");
  ready.Add(first);
  ready.Add(Make(2, 0, 3, "a"));
  ready.Add(Make(3, 0, 3, "b"));
  ready.Remove(first);
  EXPECT_EQ(ready.size(), 2);
  EXPECT_THAT(PopAll(), ElementsAre(2, 3));
}

}  // namespace
}  // namespace holdline
