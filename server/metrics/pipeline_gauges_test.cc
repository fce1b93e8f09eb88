#include "server/metrics/pipeline_gauges.h"

#include <functional>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

AskEngine AnswerWith(ReplyBody answer) {
  return [answer](CommandBody what, ReplyCallback reply) {
    EXPECT_TRUE(std::holds_alternative<CountPipelines>(
        std::get<PipelineCommand>(what)));
    reply(answer);
  };
}

TEST(PipelineGauges, ShowWhatTheEngineAnswers) {
  PipelineCensus census;
  census.Count(PipelineState::kScheduled, 3);
  census.Count(RunStatus::kRunning, 5);
  census.components_behind = 2;
  census.notifications = 4;
  census.oldest_notification_at = absl::FromUnixSeconds(990);
  const PipelineGauges gauges(AnswerWith(census), absl::Seconds(10),
                              [] { return absl::FromUnixSeconds(1000); });
  EXPECT_EQ(Sample(gauges, "holdline_pipelines", {{"state", "scheduled"}}), 3);
  EXPECT_EQ(Sample(gauges, "holdline_pipelines", {{"state", "finished"}}), 0);
  EXPECT_EQ(
      Sample(gauges, "holdline_pipeline_runs_live", {{"status", "running"}}),
      5);
  EXPECT_EQ(Sample(gauges, "holdline_pipeline_components_behind"), 2);
  EXPECT_EQ(Sample(gauges, "holdline_notifications_pending"), 4);
  EXPECT_EQ(Sample(gauges, "holdline_oldest_notification_age_seconds"), 10);
}

TEST(PipelineGauges, NothingThatWaitsIsNotOld) {
  const PipelineGauges gauges(AnswerWith(PipelineCensus()), absl::Seconds(10));
  EXPECT_EQ(Sample(gauges, "holdline_notifications_pending"), 0);
  EXPECT_EQ(Sample(gauges, "holdline_oldest_notification_age_seconds"), 0);
}

TEST(PipelineGauges, AreLeftOutIfTheEngineRefuses) {
  const PipelineGauges gauges(AnswerWith(absl::UnavailableError("stopped")),
                              absl::Seconds(10));
  EXPECT_TRUE(gauges.Collect().empty());
}

TEST(PipelineGauges, AnEngineThatDoesNotAnswerIsNotWaitedFor) {
  ReplyCallback late;
  {
    const PipelineGauges gauges(
        [&](CommandBody, ReplyCallback reply) { late = std::move(reply); },
        absl::Milliseconds(1));
    EXPECT_TRUE(gauges.Collect().empty());
  }
  late(PipelineCensus());  // harmless, although nobody waits any more
}

}  // namespace
}  // namespace holdline
