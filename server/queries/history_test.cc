#include "server/queries/history.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/memory/memory_store.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const AccountId kFirst{"111111111111"};
const AccountId kSecond{"222222222222"};
const AccountId kNew{"333333333333"};

TaskId Own(uint64_t ordinal, uint64_t number) {
  return TaskId{(ordinal << kTaskNumberBits) + number};
}

// Two accounts whose tasks were numbered together up to nine, and one that came
// later.
class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    Batch batch;
    batch.accounts = {{kFirst, 0, TaskNumber{10}, TaskNumber{12}},
                      {kSecond, 1, TaskNumber{10}, TaskNumber{12}},
                      {kNew, 2, TaskNumber{1}, TaskNumber{3}}};
    const auto add = [&](const AccountId& account, TaskId id) {
      TaskSpec spec;
      spec.group = {account, "g"};
      batch.new_tasks.push_back({id, spec, ""});
      batch.changed_tasks.push_back({id, {}});
    };
    for (const uint64_t id : {1, 4, 10, 11}) add(kFirst, TaskId{id});
    for (const uint64_t id : {2, 3, 9}) add(kSecond, TaskId{id});
    for (const uint64_t number : {10, 11}) add(kSecond, Own(1, number));
    for (const uint64_t number : {1, 2}) add(kNew, Own(2, number));
    EXPECT_TRUE(store_.diary().Commit(batch, PipelineBatch()).ok());
  }

  // The task of this number, or nothing.
  std::optional<TaskId> Get(const AccountId& account, uint64_t number) {
    std::optional<TaskId> id;
    absl::Notification done;
    history_.Get(account, TaskNumber{number}, [&](const auto& history) {
      EXPECT_TRUE(history.ok());
      if (history.ok() && history->has_value()) id = (*history)->task.id;
      done.Notify();
    });
    done.WaitForNotification();
    return id;
  }

  // The numbers of all pages.
  std::vector<uint64_t> List(const AccountId& account, int limit) {
    std::vector<uint64_t> numbers;
    std::optional<TaskNumber> before = TaskNumber{UINT64_MAX};
    while (before.has_value()) {
      TaskFilter filter;
      filter.account = account;
      filter.limit = limit;
      absl::Notification done;
      const TaskNumber from = *std::exchange(before, std::nullopt);
      history_.List(filter, from, [&](const absl::StatusOr<TaskPage>& page) {
        EXPECT_TRUE(page.ok());
        for (const Task& task : page->tasks) {
          numbers.push_back(static_cast<uint64_t>(NumberOf(task.id)));
        }
        if (page->next_before.has_value()) {
          before = NumberOf(*page->next_before);
          EXPECT_LT(*before, from);
        }
        done.Notify();
      });
      done.WaitForNotification();
    }
    return numbers;
  }

  MemoryStore store_;
  History history_{store_.OpenArchive()};
};

TEST_F(HistoryTest, FindsTasksByTheirNumberInTheAccount) {
  EXPECT_EQ(Get(kFirst, 4), TaskId{4});
  EXPECT_EQ(Get(kFirst, 11), TaskId{11});
  EXPECT_EQ(Get(kSecond, 9), TaskId{9});
  EXPECT_EQ(Get(kSecond, 10), Own(1, 10));
  EXPECT_EQ(Get(kNew, 1), Own(2, 1));
  EXPECT_EQ(Get(kNew, 3), std::nullopt);
  EXPECT_EQ(Get(kNew, 4), std::nullopt);
  EXPECT_EQ(Get(kSecond, 4), std::nullopt);
  EXPECT_EQ(Get({"444444444444"}, 1), std::nullopt);
}

TEST_F(HistoryTest, ListsThemNewestFirstAcrossTheChangeOfNumbers) {
  for (const int limit : {1, 2, 3, 100}) {
    EXPECT_THAT(List(kFirst, limit), ElementsAre(11, 10, 4, 1)) << limit;
    EXPECT_THAT(List(kSecond, limit), ElementsAre(11, 10, 9, 3, 2)) << limit;
    EXPECT_THAT(List(kNew, limit), ElementsAre(2, 1)) << limit;
    EXPECT_THAT(List({"444444444444"}, limit), IsEmpty());
  }
}

}  // namespace
}  // namespace holdline
