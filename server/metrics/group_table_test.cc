#include "server/metrics/group_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::Key;

const absl::Time kNow = absl::FromUnixSeconds(1000);

GroupView Group(const std::string& name, int64_t ready,
                const std::string& account = "a") {
  GroupView view;
  view.settings.group = {{account}, name};
  view.ready_tasks = ready;
  if (ready > 0) view.oldest_ready_at = kNow - absl::Seconds(ready);
  return view;
}

GroupKey In(const std::string& account, const std::string& name) {
  return {AccountId{account}, name};
}

GroupKey Named(const std::string& name) { return In("a", name); }

const GroupKey kOthers = In("__other__", "__other__");

void Count(GroupTable* table, const std::vector<GroupView>& groups) {
  table->BeginCount();
  for (const GroupView& group : groups) table->Add(group, kNow);
  table->EndCount();
}

TEST(GroupTableTest, ShowsEachGroupAsItStands) {
  GroupTable table(10);
  GroupView blue = Group("blue", 3);
  blue.delayed_tasks = 1;
  blue.leased_tasks = 2;
  blue.parked_calls = 5;
  blue.resting_calls = 1;
  blue.settings.paused = true;
  Count(&table, {blue, Group("red", 0)});
  ASSERT_THAT(table.rows(), ElementsAre(Key(Named("blue")), Key(Named("red"))));
  const GroupRow& row = table.rows().at(Named("blue"));
  EXPECT_EQ(row.ready, 3);
  EXPECT_EQ(row.delayed, 1);
  EXPECT_EQ(row.leased, 2);
  EXPECT_EQ(row.parked, 4);
  EXPECT_EQ(row.paused, 1);
  EXPECT_EQ(row.draining, 0);
  EXPECT_EQ(row.oldest_age, absl::Seconds(3));
  EXPECT_EQ(table.rows().at(Named("red")).oldest_age, absl::ZeroDuration());
}

TEST(GroupTableTest, GroupsOfTheSameNameInTwoAccountsAreTwo) {
  GroupTable table(10);
  Count(&table, {Group("blue", 3, "a"), Group("blue", 5, "b")});
  EXPECT_EQ(table.rows().at(In("a", "blue")).ready, 3);
  EXPECT_EQ(table.rows().at(In("b", "blue")).ready, 5);
}

TEST(GroupTableTest, AGroupThatHasGoneStaysAtZero) {
  GroupTable table(10);
  Count(&table, {Group("blue", 3)});
  Count(&table, {});
  EXPECT_EQ(table.rows().at(Named("blue")).ready, 0);
  EXPECT_EQ(table.rows().at(Named("blue")).oldest_age, absl::ZeroDuration());
}

TEST(GroupTableTest, GroupsBeyondTheLimitAreSummedUp) {
  GroupTable table(2);
  std::vector<GroupView> groups;
  for (int i = 0; i < 10; ++i) groups.push_back(Group(absl::StrCat(i), 1));
  Count(&table, groups);
  EXPECT_THAT(table.rows(),
              ElementsAre(Key(kOthers), Key(Named("0")), Key(Named("1"))));
  EXPECT_EQ(table.rows().at(kOthers).ready, 8);
}

TEST(GroupTableTest, ANewGroupTakesTheRowThatWasUnusedLongest) {
  GroupTable table(2);
  Count(&table, {Group("old", 1), Group("older", 1)});
  Count(&table, {Group("old", 1)});
  Count(&table, {Group("new", 1)});
  EXPECT_THAT(table.rows(), ElementsAre(Key(Named("new")), Key(Named("old"))));
}

TEST(GroupTableTest, AGroupInUseKeepsItsRow) {
  GroupTable table(1);
  Count(&table, {Group("z", 1)});
  Count(&table, {Group("a", 2), Group("z", 1)});
  EXPECT_THAT(table.rows(), ElementsAre(Key(kOthers), Key(Named("z"))));
  Count(&table, {Group("z", 1)});
  EXPECT_THAT(table.rows(), ElementsAre(Key(Named("z"))));
}

TEST(GroupTableTest, AGroupMayBeCalledOther) {
  GroupTable table(1);
  Count(&table, {Group("__other__", 1), Group("a", 2)});
  Count(&table, {Group("__other__", 1), Group("a", 2)});
  EXPECT_EQ(table.rows().at(Named("__other__")).ready, 1);
  EXPECT_EQ(table.rows().at(kOthers).ready, 2);
}

}  // namespace
}  // namespace holdline
