// Which groups have changed, for those who watch them.

#include "server/broker/group_changes.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class GroupChangesTest : public testing::Test {
 protected:
  GroupChangesTest() : changes_(now_) {}

  void Note(const std::string& name) { changes_.Note({account_, name}); }

  ChangedGroups After(ChangeNumber number, int limit = 100) {
    return changes_.After(account_, number, limit, now_);
  }

  // Begins to watch.
  ChangeNumber Begin() {
    const ChangedGroups begun = After(ChangeNumber{});
    EXPECT_TRUE(begun.lost);
    EXPECT_THAT(begun.names, IsEmpty());
    return begun.upto;
  }

  const AccountId account_{"000000000000"};
  absl::Time now_ = absl::FromUnixSeconds(1000);
  GroupChanges changes_;
};

TEST_F(GroupChangesTest, AreToldInTheirOrderEachGroupOnce) {
  const ChangeNumber begun = Begin();
  for (const char* name : {"b", "a", "b", "b", "c"}) Note(name);
  const ChangedGroups changed = After(begun);
  EXPECT_THAT(changed.names, ElementsAre("b", "a", "c"));
  EXPECT_FALSE(changed.lost);
  EXPECT_THAT(After(changed.upto).names, IsEmpty());
  Note("a");
  EXPECT_THAT(After(changed.upto).names, ElementsAre("a"));
}

TEST_F(GroupChangesTest, AreToldToEachWatcherFromWhereItStands) {
  const ChangeNumber slow = Begin();
  Note("a");
  const ChangeNumber quick = After(slow).upto;
  Note("b");
  Note("a");
  EXPECT_THAT(After(quick).names, ElementsAre("b", "a"));
  EXPECT_THAT(After(slow).names, ElementsAre("b", "a"));
}

TEST_F(GroupChangesTest, AreToldInPages) {
  const ChangeNumber begun = Begin();
  for (const char* name : {"a", "b", "c"}) Note(name);
  const ChangedGroups first = After(begun, 2);
  EXPECT_THAT(first.names, ElementsAre("a", "b"));
  EXPECT_TRUE(first.more);
  // What changes between two pages is on the second.
  Note("a");
  const ChangedGroups second = After(first.upto, 2);
  EXPECT_THAT(second.names, ElementsAre("c", "a"));
  EXPECT_FALSE(second.more);
}

TEST_F(GroupChangesTest, OfOtherAccountsAreNotTold) {
  const ChangeNumber begun = Begin();
  changes_.Note({AccountId{"111122223333"}, "a"});
  EXPECT_THAT(After(begun).names, IsEmpty());
}

TEST_F(GroupChangesTest, AreForgottenWhenNobodyAsks) {
  const ChangeNumber begun = Begin();
  now_ += GroupChanges::kRetention - absl::Seconds(1);
  changes_.Forget(now_);
  Note("a");
  EXPECT_THAT(After(begun).names, ElementsAre("a"));
  now_ += GroupChanges::kRetention - absl::Seconds(1);
  changes_.Forget(now_);
  EXPECT_FALSE(After(begun).lost);
  now_ += GroupChanges::kRetention;
  changes_.Forget(now_);
  EXPECT_TRUE(After(begun).lost);
}

TEST_F(GroupChangesTest, AreLostToThoseWhoFallTooFarBehind) {
  const ChangeNumber begun = Begin();
  Note("first");
  const ChangeNumber after_first = After(begun).upto;
  for (size_t i = 0; i < GroupChanges::kGroupsMax; ++i) Note(absl::StrCat(i));
  EXPECT_TRUE(After(begun).lost);
  EXPECT_FALSE(After(after_first).lost);
  Note("one more");
  EXPECT_TRUE(After(after_first).lost);
}

TEST_F(GroupChangesTest, OfTheStateThatWasLoadedBeforeAreLost) {
  Begin();
  Note("a");
  const ChangeNumber number = Begin();
  now_ += absl::Microseconds(1);
  changes_ = GroupChanges(now_);
  EXPECT_TRUE(After(number).lost);
  EXPECT_TRUE(After(number).lost) << "also when others watch already";
}

TEST(GroupChangesOfABrokerTest, TellWhatAGroupIsNowAndThatItHasGone) {
  BrokerHarness b;
  b.Submit("stays");
  const TaskId task = b.Submit("goes");
  const auto changes_after = [&](ChangeNumber number) {
    return b.Ask<GroupChangesAnswer>(
        InspectGroupChanges{b.account, number, 100});
  };
  const ChangeNumber begun = changes_after(ChangeNumber{}).upto;
  b.Ask<TaskAnswer>(Cancel{b.account, NumberOf(task), ""});
  b.Submit("stays");
  const GroupChangesAnswer changes = changes_after(begun);
  EXPECT_THAT(changes.gone, ElementsAre("goes"));
  ASSERT_THAT(changes.groups, SizeIs(1));
  EXPECT_EQ(changes.groups[0].settings.group.name, "stays");
  EXPECT_EQ(changes.groups[0].ready_tasks, 2);
  EXPECT_THAT(changes_after(changes.upto).groups, IsEmpty());
}

}  // namespace
}  // namespace holdline
