#include "server/metrics/group_metrics.h"

#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

// Answers as the engine would, from groups in order.
AskEngine AnswerWith(std::vector<GroupView> groups) {
  return [groups](CommandBody what, ReplyCallback reply) {
    const auto& question = std::get<InspectGroups>(std::get<TaskCommand>(what));
    EXPECT_FALSE(question.account.has_value());
    GroupsAnswer answer;
    for (const GroupView& group : groups) {
      if (group.settings.group <= question.after) continue;
      answer.more = answer.groups.size() == size_t(question.limit);
      if (answer.more) break;
      answer.groups.push_back(group);
    }
    reply(answer);
  };
}

GroupView Group(std::string name, int64_t ready) {
  GroupView view;
  view.settings.group = {{"000000000000"}, std::move(name)};
  view.ready_tasks = ready;
  return view;
}

TEST(GroupMetricsTest, ShowsWhatTheEngineAnswers) {
  GroupView blue = Group("blue", 2);
  blue.delayed_tasks = 3;
  blue.leased_tasks = 4;
  blue.parked_calls = 5;
  blue.oldest_ready_at = absl::FromUnixSeconds(990);
  const GroupMetrics metrics(AnswerWith({blue, Group("red", 1)}), 10,
                             absl::Seconds(10),
                             [] { return absl::FromUnixSeconds(1000); });
  const SeriesLabels label = {{"account", "000000000000"}, {"group", "blue"}};
  EXPECT_EQ(Sample(metrics, "holdline_engine_responsive"), 1);
  EXPECT_EQ(Sample(metrics, "holdline_groups"), 2);
  EXPECT_EQ(Sample(metrics, "holdline_tasks_live"), 10);
  EXPECT_EQ(Sample(metrics, "holdline_tasks_ready", label), 2);
  EXPECT_EQ(Sample(metrics, "holdline_tasks_delayed", label), 3);
  EXPECT_EQ(Sample(metrics, "holdline_leases_active", label), 4);
  EXPECT_EQ(Sample(metrics, "holdline_polls_parked", label), 5);
  EXPECT_EQ(Sample(metrics, "holdline_oldest_ready_age_seconds", label), 10);
  EXPECT_EQ(Sample(metrics, "holdline_groups_paused", label), 0);
}

TEST(GroupMetricsTest, AsksPageByPage) {
  std::vector<GroupView> groups;
  for (int i = 0; i < 2500; ++i) {
    groups.push_back(Group(absl::StrFormat("%04d", i), 1));
  }
  const GroupMetrics metrics(AnswerWith(groups), 10, absl::Seconds(10));
  EXPECT_EQ(Sample(metrics, "holdline_tasks_live"), 2500);
  EXPECT_EQ(Sample(metrics, "holdline_tasks_ready",
                   {{"account", "__other__"}, {"group", "__other__"}}),
            2490);
}

TEST(GroupMetricsTest, AnEngineThatDoesNotAnswerIsNotWaitedFor) {
  ReplyCallback late;
  {
    const GroupMetrics metrics(
        [&](CommandBody, ReplyCallback reply) { late = std::move(reply); }, 10,
        absl::Milliseconds(1));
    EXPECT_EQ(Sample(metrics, "holdline_engine_responsive"), 0);
    EXPECT_EQ(Sample(metrics, "holdline_tasks_live"), -1);
  }
  late(GroupsAnswer());  // harmless, although nobody waits any more
}

TEST(GroupMetricsTest, AnEngineThatRefusesIsNotResponsive) {
  const GroupMetrics metrics(
      [](CommandBody, ReplyCallback reply) {
        reply(absl::UnavailableError("stopped"));
      },
      10, absl::Seconds(10));
  EXPECT_EQ(Sample(metrics, "holdline_engine_responsive"), 0);
}

TEST(GroupMetricsTest, TheAnswerMayComeFromAnotherThread) {
  std::vector<std::thread> threads;
  {
    const AskEngine answer = AnswerWith({Group("blue", 1)});
    const GroupMetrics metrics(
        [&](CommandBody what, ReplyCallback reply) {
          threads.emplace_back(answer, std::move(what), std::move(reply));
        },
        10, absl::Seconds(10));
    EXPECT_EQ(Sample(metrics, "holdline_tasks_live"), 1);
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace holdline
