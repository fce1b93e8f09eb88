// What a watch shows: the groups that it was told of, and the frames of top.

#include "client/command_line/top_frame.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/command_line/group_text.h"
#include "client/command_line/watched_groups.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const absl::Time kNow = absl::UnixEpoch() + absl::Hours(1000);

v1::WatchGroupsResponse Message(const std::string& text) {
  v1::WatchGroupsResponse message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

std::vector<std::string> NamesIn(const WatchedGroups::Change& change) {
  std::vector<std::string> names;
  for (const v1::Group& group : change.groups) {
    names.push_back(group.worker_group());
  }
  return names;
}

TEST(WatchedGroupsTest, ASnapshotCountsWhenItIsComplete) {
  WatchedGroups watched;
  EXPECT_THAT(NamesIn(watched.Take(Message(
                  "snapshot_begins: true groups { worker_group: 'a' }"))),
              IsEmpty());
  EXPECT_FALSE(watched.complete());
  EXPECT_THAT(NamesIn(watched.Take(Message(
                  "snapshot_complete: true groups { worker_group: 'b' }"))),
              ElementsAre("a", "b"));
  EXPECT_TRUE(watched.complete());
}

TEST(WatchedGroupsTest, OnlyWhatIsDifferentIsAChange) {
  WatchedGroups watched;
  watched.Take(
      Message("snapshot_begins: true snapshot_complete: true "
              "groups { worker_group: 'a' ready_tasks: 1 } "
              "groups { worker_group: 'b' ready_tasks: 1 } "));
  const auto change =
      watched.Take(Message("groups { worker_group: 'a' ready_tasks: 1 } "
                           "groups { worker_group: 'b' ready_tasks: 2 } "));
  EXPECT_THAT(NamesIn(change), ElementsAre("b"));
  const auto end = watched.Take(
      Message("gone_worker_groups: 'a' gone_worker_groups: 'never seen'"));
  EXPECT_THAT(end.gone, ElementsAre("a"));
  EXPECT_THAT(watched.groups(), SizeIs(1));
}

TEST(WatchedGroupsTest, ALaterSnapshotTakesThePlaceOfAllBefore) {
  WatchedGroups watched;
  watched.Take(
      Message("snapshot_begins: true snapshot_complete: true "
              "groups { worker_group: 'a' } "
              "groups { worker_group: 'b' }"));
  // One that was broken off leaves nothing.
  watched.Take(Message("snapshot_begins: true groups { worker_group: 'x' }"));
  EXPECT_THAT(watched.groups(), SizeIs(2));
  const auto change = watched.Take(
      Message("snapshot_begins: true snapshot_complete: true "
              "groups { worker_group: 'b' } groups { worker_group: 'c' }"));
  EXPECT_THAT(NamesIn(change), ElementsAre("c"));
  EXPECT_THAT(change.gone, ElementsAre("a"));
}

class TopFrameTest : public testing::Test {
 protected:
  void Add(const std::string& name, int ready, absl::Duration oldest = {},
           int leased = 0) {
    v1::Group& group = groups_[name];
    group.set_worker_group(name);
    group.set_ready_tasks(ready);
    group.set_leased_tasks(leased);
    if (ready > 0) {
      group.mutable_oldest_ready_time()->set_seconds(
          absl::ToUnixSeconds(kNow - oldest));
    }
  }

  // The first word of each line below the heading.
  std::vector<std::string> Order(const std::string& sort) {
    const std::string frame =
        TopFrame({groups_, trend_, kNow, sort, SIZE_MAX, SIZE_MAX});
    std::vector<std::string> lines =
        absl::StrSplit(frame, '\n', absl::SkipEmpty());
    std::vector<std::string> words;
    for (size_t i = 2; i < lines.size(); ++i) {
      words.push_back(lines[i].substr(0, lines[i].find(' ')));
    }
    return words;
  }

  WatchedGroups::ByName groups_;
  BacklogTrend trend_;
};

TEST_F(TopFrameTest, SumsUpAndShowsEachGroup) {
  Add("a", 2, absl::Seconds(12), 1);
  Add("b", 3, absl::Seconds(5), 4);
  const std::string frame = TopFrame({groups_, trend_, kNow});
  EXPECT_THAT(frame, HasSubstr("2 groups, 5 ready, 0 delayed, 5 at work"));
  EXPECT_THAT(frame, HasSubstr("CHANGE/S"));
  EXPECT_THAT(frame, HasSubstr("12 s ago"));
}

TEST_F(TopFrameTest, SortsByTheColumnThatWasAskedFor) {
  Add("a", 1, absl::Seconds(9), 5);
  Add("b", 3, absl::Seconds(1), 7);
  Add("c", 0, {}, 6);
  EXPECT_THAT(Order("ready"), ElementsAre("b", "a", "c"));
  EXPECT_THAT(Order("oldest"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Order("at-work"), ElementsAre("b", "c", "a"));
  EXPECT_THAT(Order("name"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Order("polls"), ElementsAre("a", "b", "c")) << "all are equal";
}

TEST_F(TopFrameTest, FitsTheScreenAndCountsWhatDoesNot) {
  for (int i = 0; i < 10; ++i) Add(absl::StrCat("group-", i), i);
  const std::string frame = TopFrame({groups_, trend_, kNow, "ready", 6, 20});
  const std::vector<std::string> lines =
      absl::StrSplit(frame, '\n', absl::SkipEmpty());
  ASSERT_THAT(lines, SizeIs(6));
  EXPECT_THAT(lines[2], StartsWith("group-9"));
  EXPECT_EQ(lines[5], "and 7 more");
  for (const std::string& line : lines) EXPECT_LE(line.size(), 20u);
}

TEST_F(TopFrameTest, NamesCannotSteerTheTerminal) {
  Add("\033[2Jgroup", 1);
  EXPECT_THAT(TopFrame({groups_, trend_, kNow}), Not(HasSubstr("\033")));
  EXPECT_THAT(GroupLine(groups_.begin()->second, kNow), Not(HasSubstr("\033")));
}

TEST_F(TopFrameTest, TellsHowFastABacklogChanges) {
  Add("a", 10);
  trend_.Note(groups_, kNow);
  EXPECT_EQ(trend_.PerSecond("a"), 0) << "nothing to compare with";
  Add("a", 30);
  Add("new", 4);
  trend_.Note(groups_, kNow + absl::Seconds(4));
  EXPECT_EQ(trend_.PerSecond("a"), 5);
  EXPECT_EQ(trend_.PerSecond("new"), 1);
  EXPECT_THAT(TopFrame({groups_, trend_, kNow}), HasSubstr("+5.0"));
  groups_.erase("a");
  trend_.Note(groups_, kNow + absl::Seconds(5));
  EXPECT_EQ(trend_.PerSecond("a"), -2);
}

TEST_F(TopFrameTest, TheTrendIsThatOfTheLastTenSeconds) {
  for (int second = 0; second <= 30; ++second) {
    Add("a", second < 20 ? second * 100 : 2000);
    trend_.Note(groups_, kNow + absl::Seconds(second));
    // Looks in between do not crowd out earlier ones.
    trend_.Note(groups_, kNow + absl::Seconds(second + 0.1));
  }
  EXPECT_EQ(trend_.PerSecond("a"), 0);
}

}  // namespace
}  // namespace holdline::client
