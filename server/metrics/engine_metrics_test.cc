#include "server/metrics/engine_metrics.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1000);

class EngineMetricsTest : public ::testing::Test {
 protected:
  void Commit(std::vector<Update> updates, TurnFacts facts = {}) {
    Batch batch;
    batch.updates = std::move(updates);
    metrics_.engine_observer().on_committed(batch, {}, facts, kNow);
  }

  void Change(const TaskState& state) {
    Batch batch;
    batch.changed_tasks.push_back({TaskId{1}, state});
    metrics_.engine_observer().on_committed(batch, {}, {}, kNow);
  }

  double Value(const std::string& name, SeriesLabels labels = {}) {
    return Sample(*metrics_.counted(), name, std::move(labels));
  }

  // The sum of what a histogram has observed.
  double Sum(const std::string& name) {
    for (const auto& family : metrics_.counted()->Collect()) {
      if (family.name == name) return family.metric[0].histogram.sample_sum;
    }
    return -1;
  }

  Metrics metrics_;
};

TEST_F(EngineMetricsTest, SeriesExistAtZeroFromTheStart) {
  EXPECT_EQ(Value("holdline_tasks_submitted_total"), 0);
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "canceled"}}), 0);
  EXPECT_EQ(Value("holdline_redeliveries_total", {{"reason", "released"}}), 0);
  EXPECT_EQ(
      Value("holdline_attempt_failures_total", {{"cause", "attempt_timeout"}}),
      0);
  EXPECT_EQ(Value("holdline_store_errors_total"), 0);
  EXPECT_EQ(Value("holdline_commit_seconds"), 0);
  EXPECT_EQ(Value("holdline_store_up"), 1);
}

TEST_F(EngineMetricsTest, FactsAreCounted) {
  Commit({TaskSubmitted{}, TaskSubmitted{}, TaskLeased{},
          LeaseReturned{TaskId{1}, ReturnReason::kUndelivered},
          LeaseReturned{TaskId{1}, ReturnReason::kUnacknowledged},
          TaskFinished{}, TaskCanceled{}, TaskRetried{}});
  EXPECT_EQ(Value("holdline_tasks_submitted_total"), 2);
  EXPECT_EQ(Value("holdline_tasks_leased_total"), 1);
  EXPECT_EQ(Value("holdline_redeliveries_total", {{"reason", "undelivered"}}),
            1);
  EXPECT_EQ(
      Value("holdline_redeliveries_total", {{"reason", "unacknowledged"}}), 1);
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "finished"}}), 1);
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "canceled"}}), 1);
  EXPECT_EQ(Value("holdline_tasks_retried_total"), 1);
}

TEST_F(EngineMetricsTest, OnlyTheLastFailedAttemptEndsTheTask) {
  const auto failed = [](absl::Time retry_at) {
    return AttemptFailed{
        TaskId{1}, FailureCause::kReported, {}, kNow, retry_at};
  };
  Commit({failed(kNow)});
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "failed"}}), 0);
  Commit({failed(absl::InfiniteFuture())});
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "failed"}}), 1);
  EXPECT_EQ(Value("holdline_attempt_failures_total", {{"cause", "reported"}}),
            2);
}

TEST_F(EngineMetricsTest, EachCauseOfAFailureHasASeries) {
  const std::pair<FailureCause, const char*> causes[] = {
      {FailureCause::kReported, "reported"},
      {FailureCause::kFalse, "false"},
      {FailureCause::kProgressTimeout, "progress_timeout"},
      {FailureCause::kAttemptTimeout, "attempt_timeout"},
      {FailureCause::kPermanent, "permanent"}};
  for (const auto& [cause, name] : causes) {
    Commit({AttemptFailed{TaskId{1}, cause, {}, kNow, kNow}});
    EXPECT_EQ(Value("holdline_attempt_failures_total", {{"cause", name}}), 1);
  }
}

TEST_F(EngineMetricsTest, APreconditionThatDoesNotHoldHasNotFailed) {
  Commit({AttemptFailed{
      TaskId{1}, FailureCause::kFalse, {}, kNow, absl::InfiniteFuture()}});
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "false"}}), 1);
  EXPECT_EQ(Value("holdline_tasks_ended_total", {{"state", "failed"}}), 0);
}

TEST_F(EngineMetricsTest, TheWaitIsTakenAtTheHandOut) {
  TaskState state;
  state.phase = Phase::kLeased;
  state.ready_at = kNow - absl::Seconds(3);
  state.lease.handed_out_at = kNow;
  Change(state);
  EXPECT_EQ(Value("holdline_task_wait_seconds"), 1);
  EXPECT_EQ(Sum("holdline_task_wait_seconds"), 3);
}

TEST_F(EngineMetricsTest, TheAcknowledgementIsTakenOnce) {
  TaskState state;
  state.phase = Phase::kLeased;
  state.lease.handed_out_at = kNow;
  state.lease.acknowledged_at = kNow + absl::Seconds(2);
  state.lease.reported_at = kNow + absl::Seconds(2);
  Change(state);
  state.lease.reported_at = kNow + absl::Seconds(60);
  Change(state);
  state.phase = Phase::kFinished;
  Change(state);
  EXPECT_EQ(Value("holdline_lease_acknowledge_seconds"), 1);
  EXPECT_EQ(Sum("holdline_lease_acknowledge_seconds"), 2);
}

TEST_F(EngineMetricsTest, AnEndWithoutAReportIsAnAcknowledgement) {
  TaskState state;
  state.phase = Phase::kFinished;
  state.lease.handed_out_at = kNow;
  state.ended_at = kNow + absl::Seconds(1);
  Change(state);
  EXPECT_EQ(Sum("holdline_lease_acknowledge_seconds"), 1);
}

TEST_F(EngineMetricsTest, TurnsAreMeasured) {
  Commit({TaskFinished{}}, {.commands = 7,
                            .inbox_depth = 100,
                            .commit_time = absl::Milliseconds(2)});
  EXPECT_EQ(Sum("holdline_batch_commands"), 7);
  EXPECT_EQ(Sum("holdline_inbox_depth"), 100);
  EXPECT_DOUBLE_EQ(Sum("holdline_commit_seconds"), 0.002);
}

TEST_F(EngineMetricsTest, TheRoomOfTheStoreIsShown) {
  metrics_.engine_observer().on_store_space(
      {.bytes = 8192, .free_bytes = 4096});
  EXPECT_EQ(Value("holdline_store_bytes"), 8192);
  EXPECT_EQ(Value("holdline_store_free_bytes"), 4096);
}

TEST_F(EngineMetricsTest, TheStoresFailuresAreCountedUntilItServesAgain) {
  const EngineObserver observer = metrics_.engine_observer();
  observer.on_store_status(absl::UnavailableError("disk full"));
  EXPECT_EQ(Value("holdline_store_up"), 0);
  EXPECT_EQ(Value("holdline_store_errors_total"), 1);
  observer.on_store_status(absl::OkStatus());
  EXPECT_EQ(Value("holdline_store_up"), 1);
  EXPECT_EQ(Value("holdline_store_errors_total"), 1);
}

}  // namespace
}  // namespace holdline
