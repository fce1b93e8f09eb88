// When instances are made, and which (DATAPIPELINE sections 3.5 and 6.1 to
// 6.5).

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

constexpr char kNight[] = "2012-12-12T00:00:00";

// Work each hour by cron, from midnight on.
Definition Hourly(const std::string& occurrences = "100") {
  return Make({
      {"Default", {{"workerGroup", "wg"}, {"scheduleType", "cron"}}},
      {"Schedule",
       {{"type", "Schedule"},
        {"period", "1 hour"},
        {"startDateTime", kNight},
        {"occurrences", occurrences}}},
      {"Work",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"schedule", Ref("Schedule")}}},
  });
}

size_t CountOf(const PlannerHarness& p, RunStatus status) {
  size_t count = 0;
  for (const auto& [key, instance] : p.disk.instances) {
    count += instance.status == status;
  }
  return count;
}

TEST(PlannerActivation, AnInstanceCarriesItsIntervalAndStartsWhenItIsMade) {
  PlannerHarness p(kNight);
  Definition series = Hourly();
  Set(series, "Default", {"scheduleType", "timeseries"});
  const std::string id = p.Start(series);
  EXPECT_TRUE(p.disk.instances.empty());
  p.Pass(absl::Hours(1));
  const Instance instance = p.At(id, "@Work_2012-12-12T00:00:00");
  EXPECT_EQ(FieldTime(instance.key.start), "2012-12-12T00:00:00");
  EXPECT_EQ(FieldTime(instance.end), "2012-12-12T01:00:00");
  EXPECT_EQ(instance.created_at, p.now);
  EXPECT_EQ(instance.attempts, 1);
  EXPECT_EQ(instance.retries_left, 2);
  EXPECT_EQ(p.ComponentOf(id, "Work").latest_run, instance.key.start);
}

TEST(PlannerActivation, AResourceIsMadeAtTheBeginningWhateverTheType) {
  PlannerHarness p(kNight);
  Definition series = ResourcePipeline();
  Set(series, "Default", {"scheduleType", "timeseries"});
  const std::string id = p.Start(series);
  EXPECT_EQ(p.StatusAt(id, "@Resource_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.disk.instances.size(), 2);
  p.Pass(absl::Hours(24));
  EXPECT_EQ(p.StatusAt(id, "@Resource_2012-12-12T00:00:00"), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@OnResource_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Resource_2012-12-13T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerActivation, OccurrencesAreCountedAndThePipelineFinishes) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Hourly("2"));
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  p.Pass(absl::Hours(1));
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  EXPECT_EQ(p.Record(id).finished_at, p.now);
  EXPECT_EQ(p.ComponentOf(id, "Work").status, ComponentStatus::kFinished);
  p.Pass(absl::Hours(5));
  EXPECT_EQ(p.disk.instances.size(), 2);
}

TEST(PlannerActivation, APipelineThatWaitsForItsLastInstanceHasNotFinished) {
  PlannerHarness p("2012-12-12T05:00:00");
  const std::string id = p.Start(Hourly("2"));
  const Task first = p.Take();
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  p.End(first, AttemptEnd::kFailed);
  EXPECT_EQ(p.StateOf(id), "SCHEDULED") << "it is tried again";
  p.Pass(absl::Minutes(10));
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

TEST(PlannerActivation, AnEndLeavesOutIntervalsByTheType) {
  PlannerHarness p("2012-12-13T00:00:00");
  Definition cron = Hourly();
  Remove(cron, "Schedule", "occurrences");
  Set(cron, "Schedule", {"endDateTime", "2012-12-12T02:30:00"});
  Definition series = cron;
  Set(series, "Default", {"scheduleType", "timeseries"});
  p.Start(cron);
  EXPECT_EQ(p.disk.instances.size(), 3);
  p.Start(series);
  EXPECT_EQ(p.disk.instances.size(), 3 + 2);
}

TEST(PlannerActivation, TheFirstActivationBindsASchedule) {
  PlannerHarness p("2012-12-12T17:33:02");
  Definition definition = Hourly();
  Remove(definition, "Schedule", "startDateTime");
  Add(definition, "Schedule", {"startAt", "FIRST_ACTIVATION_DATE_TIME"});
  const std::string id = p.Start(definition);
  EXPECT_EQ(p.StatusAt(id, "@Work_2012-12-12T17:33:02"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.Record(id).first_activated_at, p.now);
  const absl::Time first = p.now;
  p.Pass(absl::Minutes(90));
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Record(id).first_activated_at, first);
  EXPECT_EQ(p.Record(id).last_activated_at, p.now);
  p.Restart();
  p.Pass(absl::Minutes(30));
  EXPECT_EQ(p.StatusAt(id, "@Work_2012-12-12T19:33:02"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.disk.instances.size(), 3);
}

TEST(PlannerActivation, BackfillRunsThePastOlderIntervalsFirst) {
  PlannerHarness p("2012-12-12T09:30:00");
  const std::string id = p.Start(Hourly());
  EXPECT_EQ(p.disk.instances.size(), 10);
  EXPECT_EQ(CountOf(p, RunStatus::kWaitingForRunner), 5);
  for (int hour = 0; hour < 10; ++hour) {
    const Task task = p.Take();
    EXPECT_EQ(p.Told(task).front().id,
              absl::StrCat("@Work_2012-12-12T0", hour, ":00:00_Attempt=1"));
    p.End(task);
  }
  EXPECT_FALSE(p.TryTake().has_value());
  EXPECT_EQ(p.ComponentOf(id, "Work").latest_completed_run,
            *ParseFieldTime("2012-12-12T09:00:00"));
}

TEST(PlannerActivation, BackfillGoesOnInBoundedSteps) {
  PlannerHarness p("2013-12-12T00:00:00");
  const std::string other = p.Start(OnDemandPipeline());
  const std::string id = p.Create();
  Definition days = YearOfQuarterHours();
  Set(days, "Quarters", {"endDateTime", "2013-01-07T00:00:00"});
  p.Put(id, days);
  p.Say(ActivatePipeline{p.account, id, {}, {}});
  p.AdvanceOnce(100);
  EXPECT_EQ(p.disk.instances.size(), 2 + 100);
  // Others go on in between.
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(other, "@Second_2013-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
}

TEST(PlannerActivation, BackfillGoesOnWhenTheCalendarIsSetBack) {
  PlannerHarness p("2013-12-12T00:00:00");
  const std::string id = p.Create();
  p.Put(id, Hourly("1000"));
  p.Say(ActivatePipeline{p.account, id, {}, {}});
  p.AdvanceOnce(100);
  p.now -= absl::Hours(1);
  p.AdvanceOnce(100);
  EXPECT_EQ(p.disk.instances.size(), 200);
  p.Run();
  EXPECT_EQ(p.disk.instances.size(), 1000);
}

TEST(PlannerActivation, ActivatingAgainIsHarmless) {
  PlannerHarness p("2012-12-12T02:30:00");
  const std::string id = p.Start(Hourly());
  const Task task = p.Take();
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.disk.instances.size(), 3);
  EXPECT_FALSE(p.IsCanceled(task));
  p.Pass(absl::Minutes(30));
  EXPECT_EQ(p.disk.instances.size(), 4);
}

TEST(PlannerActivation, WhatLiesBeforeAStartTimestampIsSkippedForGood) {
  PlannerHarness p("2012-12-12T05:00:00");
  const std::string id = p.Create();
  p.Put(id, Hourly());
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T03:30:00")).ok());
  EXPECT_EQ(CountOf(p, RunStatus::kSkipped), 4);
  EXPECT_EQ(p.At(id, "@Work_2012-12-12T03:00:00").attempts, 0);
  EXPECT_EQ(p.Told(p.Take()).front().id, "@Work_2012-12-12T04:00:00_Attempt=1");
  // An earlier one makes what is missing, and nothing is.
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T01:00:00")).ok());
  EXPECT_EQ(CountOf(p, RunStatus::kSkipped), 4);
  EXPECT_EQ(p.disk.instances.size(), 6);
}

TEST(PlannerActivation, AStartTimestampToComeIsWaitedFor) {
  PlannerHarness p(kNight);
  const std::string id = p.Create();
  p.Put(id, Hourly());
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T02:00:00")).ok());
  p.Pass(absl::Hours(1));
  EXPECT_EQ(CountOf(p, RunStatus::kSkipped), 2);
  // It may be taken back.
  ASSERT_TRUE(p.Activate(id, {}, p.now).ok());
  p.Pass(absl::Hours(1));
  EXPECT_EQ(CountOf(p, RunStatus::kSkipped), 2);
  EXPECT_EQ(p.StatusAt(id, "@Work_2012-12-12T02:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerActivation, WhatIsSkippedHoldsNobodyUp) {
  PlannerHarness p("2012-12-13T00:00:00");
  const std::string id = p.Create();
  // A day waits for its 24 hours, most of which are skipped.
  Definition definition = NestedSchedules();
  p.Put(id, definition);
  ASSERT_TRUE(p.Activate(id, {}, ParseFieldTime("2012-12-12T22:00:00")).ok());
  EXPECT_EQ(p.StatusAt(id, "@Summarize_2012-12-12T00:00:00"), "SKIPPED");
  p.End(p.Take());
  p.End(p.Take());
  p.Pass(absl::Hours(24));
  EXPECT_EQ(p.At(id, "@Summarize_2012-12-13T00:00:00").waiting_on.size(), 24);
}

TEST(PlannerActivation, OnDemandIsNeverSkippedAndHasNoLength) {
  PlannerHarness p(kNight);
  const std::string id = p.Create();
  p.Put(id, OnDemandPipeline());
  ASSERT_TRUE(p.Activate(id, {}, p.now + absl::Hours(3)).ok());
  const Instance first = p.At(id, "@First_2012-12-12T00:00:00");
  EXPECT_EQ(first.status, RunStatus::kWaitingForRunner);
  EXPECT_EQ(first.end, first.key.start);
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerActivation, RunsOnDemandAreToldApartWithinASecond) {
  PlannerHarness p("2012-12-12T00:00:00");
  p.now += absl::Milliseconds(400);
  const std::string id = p.Start(OnDemandPipeline(3));
  p.now += absl::Milliseconds(100);
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StatusAt(id, "@First_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@First_2012-12-12T00:00:01"), "WAITING_FOR_RUNNER");
  // Neither run is mixed up with the other.
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T00:00:01"),
            "WAITING_ON_DEPENDENCIES");
}

// Section 15, row 13.
TEST(PlannerActivation, ARunOnDemandBeyondTheLimitTakesThePlaceOfAll) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(OnDemandPipeline(2));
  const Task first = p.Take();
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_FALSE(p.IsCanceled(first));
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_TRUE(p.IsCanceled(first));
  EXPECT_EQ(CountOf(p, RunStatus::kCanceled), 4);
  EXPECT_EQ(p.StatusAt(id, "@First_2012-12-12T00:00:02"), "WAITING_FOR_RUNNER");
}

TEST(PlannerActivation, WhatCameDueWhileTheServerWasDownIsMade) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(Hourly());
  p.now += absl::Hours(4);
  p.Restart();
  EXPECT_EQ(p.disk.instances.size(), 5);
  p.Restart();
  EXPECT_EQ(p.disk.instances.size(), 5);
}

TEST(PlannerActivation, AComponentThatIsAddedBeginsWhereTheOthersDid) {
  PlannerHarness p("2012-12-12T02:30:00");
  Definition definition = Hourly();
  const std::string id = p.Start(definition);
  definition.objects.push_back({"More",
                                "More",
                                {{"type", "ShellCommandActivity"},
                                 {"command", "true"},
                                 {"schedule", "Schedule", true}}});
  p.Put(id, definition);
  EXPECT_EQ(p.disk.instances.size(), 3);
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.disk.instances.size(), 6);
  EXPECT_EQ(p.StatusAt(id, "@More_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerActivation, AShorterScheduleFinishesWhatWaitsForNothingMore) {
  PlannerHarness p(kNight);
  Definition definition = Hourly("5");
  const std::string id = p.Start(definition);
  p.End(p.Take());
  Set(definition, "Schedule", {"occurrences", "1"});
  p.Put(id, definition);
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

}  // namespace
}  // namespace holdline
