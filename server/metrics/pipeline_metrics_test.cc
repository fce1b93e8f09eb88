#include "server/metrics/pipeline_metrics.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

class PipelineMetricsTest : public ::testing::Test {
 protected:
  void Commit(std::vector<PipelineFact> facts) {
    PipelineBatch batch;
    batch.facts = std::move(facts);
    metrics_.engine_observer().on_committed({}, batch, {}, absl::UnixEpoch());
  }

  double Value(const std::string& name, SeriesLabels labels = {}) {
    return Sample(*metrics_.counted(), name, std::move(labels));
  }

  double Runs(const std::string& family, const std::string& status) {
    return Value("holdline_pipeline_runs_total",
                 {{"family", family}, {"status", status}});
  }

  Metrics metrics_;
};

const ComponentName kActivity = {"df-1", "A", ObjectFamily::kActivity};
const ComponentName kPrecondition = {"df-1", "P", ObjectFamily::kPrecondition};

TEST_F(PipelineMetricsTest, SeriesExistAtZeroFromTheStart) {
  EXPECT_EQ(Runs("activity", "waiting_on_dependencies"), 0);
  EXPECT_EQ(Runs("data_node", "finished"), 0);
  EXPECT_EQ(Runs("resource", "shutting_down"), 0);
  EXPECT_EQ(Runs("precondition", "skipped"), 0);
  EXPECT_EQ(Value("holdline_pipeline_attempts_failed_total",
                  {{"family", "resource"}}),
            0);
  EXPECT_EQ(Value("holdline_pipeline_schedule_lag_seconds"), 0);
}

TEST_F(PipelineMetricsTest, StatusesAreCountedByFamily) {
  Commit({RunChanged{{}, kActivity, RunStatus::kRunning},
          RunChanged{{}, kActivity, RunStatus::kFinished},
          RunChanged{{}, kPrecondition, RunStatus::kRunning},
          RunChanged{{}, kActivity, RunStatus::kFinished}});
  EXPECT_EQ(Runs("activity", "finished"), 2);
  EXPECT_EQ(Runs("activity", "running"), 1);
  EXPECT_EQ(Runs("precondition", "running"), 1);
  EXPECT_EQ(Runs("precondition", "finished"), 0);
}

TEST_F(PipelineMetricsTest, AttemptsThatFailedAreCountedByFamily) {
  Commit({RunAttemptFailed{{}, kActivity}, RunAttemptFailed{{}, kActivity},
          RunAttemptFailed{{}, kPrecondition}});
  EXPECT_EQ(Value("holdline_pipeline_attempts_failed_total",
                  {{"family", "activity"}}),
            2);
  EXPECT_EQ(Value("holdline_pipeline_attempts_failed_total",
                  {{"family", "precondition"}}),
            1);
}

TEST_F(PipelineMetricsTest, TheLagIsTakenOfInstancesThatHaveOne) {
  Commit(
      {RunChanged{
           {}, kActivity, RunStatus::kWaitingOnDependencies, absl::Seconds(2)},
       RunChanged{{}, kActivity, RunStatus::kWaitingForRunner},
       PipelineChanged{"df-1", {}, PipelineState::kFinished}});
  EXPECT_EQ(Value("holdline_pipeline_schedule_lag_seconds"), 1);
}

}  // namespace
}  // namespace holdline
