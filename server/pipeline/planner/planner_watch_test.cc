// What the planner tells those who keep watch over pipelines: facts, counts,
// and which runners are to exit.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/census.h"
#include "server/pipeline/model/fact.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Each fact as a few words.
struct Words {
  std::string operator()(const PipelineChanged& fact) const {
    return absl::StrCat(fact.id, " ", ToString(fact.state));
  }
  std::string operator()(const RunChanged& fact) const {
    return absl::StrCat(
        fact.component.id, " ", ToString(fact.status),
        fact.lag.has_value()
            ? absl::StrCat(" after ", absl::FormatDuration(*fact.lag))
            : "");
  }
  std::string operator()(const RunAttemptFailed& fact) const {
    return absl::StrCat(fact.component.id, " failed try ", fact.key.number);
  }
};

class Watcher {
 public:
  explicit Watcher(PlannerHarness* p) {
    p->before_store = [this](const PipelineBatch& batch) {
      for (const PipelineFact& fact : batch.facts) {
        words_.push_back(std::visit(Words(), fact));
      }
    };
  }

  // What was told since the last call.
  std::vector<std::string> Take() { return std::exchange(words_, {}); }

 private:
  std::vector<std::string> words_;
};

TEST(PlannerWatch, TellsTheLifeOfAPipeline) {
  PlannerHarness p("2012-12-12T00:00:00");
  Watcher watcher(&p);
  const std::string id = p.Create();
  EXPECT_THAT(watcher.Take(), ElementsAre("df-1 PENDING"));
  p.Put(id, OnDemandPipeline());
  EXPECT_THAT(watcher.Take(), IsEmpty());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_THAT(watcher.Take(),
              ElementsAre("df-1 SCHEDULED", "First WAITING_ON_DEPENDENCIES",
                          "Second WAITING_ON_DEPENDENCIES",
                          "First WAITING_FOR_RUNNER"));
  p.End(p.Take());
  EXPECT_THAT(watcher.Take(), ElementsAre("First RUNNING", "First FINISHED",
                                          "Second WAITING_FOR_RUNNER"));
  p.End(p.Take());
  EXPECT_THAT(watcher.Take(), ElementsAre("Second RUNNING", "Second FINISHED",
                                          "df-1 FINISHED"));
  p.Say(DeletePipeline{p.account, id});
  EXPECT_THAT(watcher.Take(), ElementsAre("df-1 DELETED"));
}

TEST(PlannerWatch, TellsOfAnActivationThatChangesNoState) {
  PlannerHarness p("2012-12-11T00:00:00");
  const std::string id = p.Start(HelloPipeline());
  Watcher watcher(&p);
  p.Pass(absl::Minutes(1));
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_THAT(watcher.Take(), ElementsAre("df-1 SCHEDULED"));
}

TEST(PlannerWatch, TellsOfEachTryThatFailed) {
  PlannerHarness p("2012-12-12T01:00:00");
  Definition once_more = HelloPipeline();
  Set(once_more, "SayHello", {"maximumRetries", "1"});
  p.Start(once_more);
  const Task first = p.Take();
  Watcher watcher(&p);
  p.End(first, AttemptEnd::kFailed, {"E", "no", ""});
  EXPECT_THAT(watcher.Take(), ElementsAre("SayHello failed try 1",
                                          "SayHello WAITING_FOR_RUNNER"));
  p.Pass(absl::Minutes(10));
  const Task second = p.Take();
  watcher.Take();
  p.End(second, AttemptEnd::kFailed, {"E", "no", ""});
  EXPECT_THAT(watcher.Take(),
              ElementsAre("SayHello failed try 2", "SayHello FAILED"));
}

TEST(PlannerWatch, TheLagIsFromTheDueTimeOnIfThePipelineWasActiveThen) {
  PlannerHarness p("2012-12-12T02:30:00");
  Watcher watcher(&p);
  p.Start(HelloPipeline());
  EXPECT_THAT(watcher.Take(),
              testing::Contains("SayHello WAITING_ON_DEPENDENCIES after 0"));
  // Nobody serves what comes due at three o'clock until five past.
  p.now += absl::Minutes(35);
  p.Run();
  EXPECT_THAT(watcher.Take(),
              ElementsAre("SayHello WAITING_ON_DEPENDENCIES after 5m",
                          "SayHello WAITING_FOR_RUNNER"));
}

TEST(PlannerWatch, TheCensusOutlivesARestart) {
  PlannerHarness p("2012-12-12T03:00:00");
  p.Create();
  const std::string hello = p.Start(HelloPipeline());
  const std::string shell = p.Start(ShellPipeline());
  p.End(p.Take());
  p.Take();
  const PipelineCensus census = p.Count();
  EXPECT_THAT(census.pipelines, ElementsAre(1, 2, 0, 0, 0));
  EXPECT_EQ(census.runs[static_cast<size_t>(RunStatus::kRunning)], 1);
  p.Restart();
  EXPECT_EQ(p.Count(), census);

  ASSERT_TRUE(p.Deactivate(hello).ok());
  p.Say(DeletePipeline{p.account, shell});
  EXPECT_THAT(p.Count().pipelines, ElementsAre(1, 0, 0, 1, 0));
  EXPECT_THAT(p.Count().runs, ElementsAre(0, 0, 0, 0, 0));
}

TEST(PlannerWatch, ComponentsAreBehindUntilTheirBackfillIsMade) {
  PlannerHarness p("2012-12-13T00:00:00");
  const std::string id = p.Create();
  p.Put(id, HelloPipeline());
  EXPECT_EQ(p.Count().components_behind, 0);
  // As Activate, but without doing what is due.
  p.Say(ActivatePipeline{p.account, id, {}, {}});
  EXPECT_EQ(p.Count().components_behind, 1);
  p.Run();
  EXPECT_EQ(p.Count().components_behind, 0);
}

TEST(PlannerWatch, NotificationsAreCountedUntilTheyAreDelivered) {
  PlannerHarness p("2012-12-12T00:00:00");
  p.Start(ShellPipeline());
  EXPECT_EQ(p.Count().oldest_notification_at, absl::InfiniteFuture());
  p.End(p.Take("holdline.preconditions"));
  for (int i = 0; i < 4; ++i) {
    p.End(p.Take(), AttemptEnd::kFailed, {"E", "disk full", ""});
    p.Pass(absl::Minutes(2));
  }
  const Notification& alarm = p.disk.notifications.begin()->second;
  EXPECT_EQ(p.Count().notifications, 1);
  EXPECT_EQ(p.Count().oldest_notification_at, alarm.created_at);
  p.Say(DeliveryEnded{alarm.number, true, absl::InfiniteFuture()});
  EXPECT_EQ(p.Count().notifications, 0);
}

// DATAPIPELINE sections 2.6 and 3.17.
TEST(PlannerWatch, TheRunnerOfAResourceExitsWhenTheResourceHasEnded) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ResourcePipeline());
  const std::string group = id + "_@Resource_2012-12-12T00:00:00";
  p.Take("holdline.resources");
  EXPECT_FALSE(p.IsToExit(group));
  const Task work = p.Take(group);
  EXPECT_FALSE(p.IsToExit(group));
  p.End(work);
  EXPECT_TRUE(p.IsToExit(group));
  p.Restart();
  EXPECT_TRUE(p.IsToExit(group));
  // The next one is another resource.
  EXPECT_FALSE(p.IsToExit(id + "_@Cluster_2012-12-12T00:00:00"));
}

TEST(PlannerWatch, TheRunnersOfADeletedPipelineExit) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(ResourcePipeline());
  const std::string group = id + "_@Resource_2012-12-12T00:00:00";
  p.Say(DeletePipeline{p.account, id});
  EXPECT_TRUE(p.IsToExit(group));
}

TEST(PlannerWatch, OtherRunnersDoNotExitWhateverTheirGroupIsCalled) {
  PlannerHarness p("2012-12-12T00:00:00");
  const std::string id = p.Start(HelloPipeline());
  p.Pass(absl::Hours(1));
  p.End(p.Take());
  const std::string activity = "_@SayHello_2012-12-12T00:00:00";
  EXPECT_EQ(p.StatusAt(id, activity.substr(1)), "FINISHED");
  for (const std::string& group :
       {std::string("wg"), std::string(), std::string("_@"), id, id + "_@",
        id + activity, id + "_@Nobody_2012-12-12T00:00:00",
        "df-unknown" + activity}) {
    EXPECT_FALSE(p.IsToExit(group)) << group;
  }
}

}  // namespace
}  // namespace holdline
