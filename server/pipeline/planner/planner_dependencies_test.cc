// Which instances wait for which, and how many run at once (DATAPIPELINE
// sections 6.6 and 6.7).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kNight[] = "2012-12-12T00:00:00";

SampleObject Every(const std::string& id, const std::string& period,
                   const std::string& start, int occurrences) {
  return {id,
          {{"type", "Schedule"},
           {"period", period},
           {"startDateTime", start},
           {"occurrences", absl::StrCat(occurrences)}}};
}

SampleObject Activity(const std::string& id, const std::string& schedule,
                      std::vector<SampleField> more = {}) {
  std::vector<SampleField> fields = {{"type", "ShellCommandActivity"},
                                     {"command", "true"},
                                     {"schedule", Ref(schedule)}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {id, fields};
}

SampleObject Cron() {
  return {"Default", {{"workerGroup", "wg"}, {"scheduleType", "cron"}}};
}

// What an instance waits for, by its id on the wire.
std::vector<std::string> WaitingOn(const PlannerHarness& p,
                                   const std::string& pipeline,
                                   const std::string& id) {
  std::vector<std::string> ids;
  const Instance instance = p.At(pipeline, id);
  const Workflow& workflow = *p.core()
                                  .planner()
                                  .state()
                                  .pipelines.at(instance.key.pipeline)
                                  .workflow();
  for (const InstanceKey& key : instance.waiting_on) {
    ids.push_back(InstanceId(workflow, key));
  }
  return ids;
}

TEST(PlannerDependencies, AllOfThemHaveToFinish) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(
      Make({Cron(), Every("Day", "1 day", kNight, 1), Activity("A", "Day"),
            Activity("B", "Day"),
            Activity("C", "Day",
                     {{"dependsOn", Ref("A")}, {"dependsOn", Ref("B")}})}));
  const std::string c = "@C_2012-12-12T00:00:00";
  EXPECT_THAT(WaitingOn(p, id, c),
              ElementsAre("@A_2012-12-12T00:00:00", "@B_2012-12-12T00:00:00"));
  p.End(p.Take());
  EXPECT_THAT(WaitingOn(p, id, c), ElementsAre("@B_2012-12-12T00:00:00"));
  EXPECT_EQ(p.StatusAt(id, c), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, c), "WAITING_FOR_RUNNER");
  EXPECT_THAT(WaitingOn(p, id, c), IsEmpty());
}

TEST(PlannerDependencies, ANodeStandsBetweenWhoWritesAndWhoReads) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(
      Make({Cron(),
            Every("Day", "1 day", kNight, 1),
            Activity("Write", "Day", {{"output", Ref("Node")}}),
            Activity("AlsoWrite", "Day", {{"output", Ref("Node")}}),
            {"Node",
             {{"type", "S3DataNode"},
              {"filePath", "s3://b/f"},
              {"schedule", Ref("Day")}}},
            {"Source",
             {{"type", "S3DataNode"},
              {"filePath", "s3://b/s"},
              {"schedule", Ref("Day")}}},
            Activity("Read", "Day",
                     {{"input", Ref("Node")}, {"input", Ref("Source")}})}));
  const std::string at = "_2012-12-12T00:00:00";
  // Nobody writes this one: it is there.
  const Instance source = p.At(id, "@Source" + at);
  EXPECT_EQ(source.status, RunStatus::kFinished);
  EXPECT_EQ(source.created_at, source.ended_at);
  EXPECT_EQ(source.attempts, 0);
  EXPECT_THAT(WaitingOn(p, id, "@Read" + at), ElementsAre("@Node" + at));
  EXPECT_EQ(WaitingOn(p, id, "@Node" + at).size(), 2);
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Node" + at), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Node" + at), "FINISHED");
  EXPECT_EQ(p.ComponentOf(id, "Node").health, Health::kHealthy);
  EXPECT_EQ(p.StatusAt(id, "@Read" + at), "WAITING_FOR_RUNNER");
}

TEST(PlannerDependencies, AnHourWaitsForItsDay) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(
      Make({Cron(), Every("Day", "1 day", kNight, 2),
            Every("Hour", "1 hour", kNight, 48), Activity("Daily", "Day"),
            Activity("Hourly", "Hour", {{"dependsOn", Ref("Daily")}})}));
  p.Pass(absl::Hours(25));
  EXPECT_THAT(WaitingOn(p, id, "@Hourly_2012-12-12T23:00:00"),
              ElementsAre("@Daily_2012-12-12T00:00:00"));
  EXPECT_THAT(WaitingOn(p, id, "@Hourly_2012-12-13T01:00:00"),
              ElementsAre("@Daily_2012-12-13T00:00:00"));
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Hourly_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Hourly_2012-12-13T00:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

// What touches at its ends only does not overlap.
TEST(PlannerDependencies, OffsetsCountByOverlap) {
  PlannerHarness p("2012-12-12T06:00:00");
  const std::string id = p.Start(Make(
      {Cron(), Every("A", "1 hour", "2012-12-12T00:30:00", 4),
       Every("B", "2 hours", "2012-12-12T01:30:00", 1), Activity("Short", "A"),
       Activity("Long", "B", {{"dependsOn", Ref("Short")}})}));
  EXPECT_THAT(
      WaitingOn(p, id, "@Long_2012-12-12T01:30:00"),
      ElementsAre("@Short_2012-12-12T01:30:00", "@Short_2012-12-12T02:30:00"));
}

TEST(PlannerDependencies, WhatIsNotScheduledThenIsNotWaitedFor) {
  PlannerHarness p("2012-12-12T06:00:00");
  const std::string id = p.Start(Make(
      {Cron(), Every("A", "1 hour", kNight, 2),
       Every("B", "1 hour", "2012-12-12T01:00:00", 3), Activity("First", "A"),
       Activity("Second", "B", {{"dependsOn", Ref("First")}})}));
  EXPECT_THAT(WaitingOn(p, id, "@Second_2012-12-12T01:00:00"),
              ElementsAre("@First_2012-12-12T01:00:00"));
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T02:00:00"),
            "WAITING_FOR_RUNNER");
}

// A time series is made when its interval is over, by cron when it begins.
TEST(PlannerDependencies, AreWaitedForBeforeTheyAreMade) {
  PlannerHarness p(kNight);
  const std::string id =
      p.Start(Make({Cron(), Every("Hour", "1 hour", kNight, 3),
                    Activity("Late", "Hour", {{"scheduleType", "timeseries"}}),
                    Activity("Early", "Hour", {{"dependsOn", Ref("Late")}})}));
  EXPECT_EQ(p.disk.instances.size(), 1);
  EXPECT_THAT(WaitingOn(p, id, "@Early_2012-12-12T00:00:00"),
              ElementsAre("@Late_2012-12-12T00:00:00"));
  p.Restart();
  p.Pass(absl::Hours(1));
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, "@Late_2012-12-12T00:00:00"), "FINISHED");
  EXPECT_EQ(p.StatusAt(id, "@Early_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerDependencies, AreForgottenIfAnEditMeansThatTheyNeverCome) {
  PlannerHarness p(kNight);
  Definition definition =
      Make({Cron(), Every("A", "1 hour", kNight, 24),
            Every("B", "1 day", kNight, 1), Activity("Hourly", "A"),
            Activity("Daily", "B", {{"dependsOn", Ref("Hourly")}})});
  const std::string id = p.Start(definition);
  const std::string daily = "@Daily_2012-12-12T00:00:00";
  EXPECT_EQ(WaitingOn(p, id, daily).size(), 24);
  Set(definition, "A", {"occurrences", "2"});
  p.Put(id, definition);
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(WaitingOn(p, id, daily).size(), 2);
  p.End(p.Take());
  p.Pass(absl::Hours(1));
  p.End(p.Take());
  EXPECT_EQ(p.StatusAt(id, daily), "WAITING_FOR_RUNNER");
}

TEST(PlannerDependencies, NothingWaitsForAnEarlierIntervalOfItself) {
  PlannerHarness p("2012-12-12T01:00:00");
  const std::string id = p.Start(
      Make({Cron(), Every("Hour", "1 hour", kNight, 2), Activity("A", "Hour"),
            Activity("B", "Hour", {{"dependsOn", Ref("A")}})}));
  p.Take();
  const Task second = p.Take();
  EXPECT_EQ(p.Told(second).front().id, "@A_2012-12-12T01:00:00_Attempt=1");
  p.End(second);
  EXPECT_EQ(p.StatusAt(id, "@B_2012-12-12T01:00:00"), "WAITING_FOR_RUNNER");
}

// Section 6.7.
TEST(PlannerDependencies, PlacesAreTakenByTheOldestThatWaitForNothingElse) {
  PlannerHarness p("2012-12-12T05:00:00");
  const std::string id = p.Start(Make(
      {Cron(), Every("Hour", "1 hour", kNight, 6), Activity("First", "Hour"),
       Activity("Second", "Hour",
                {{"dependsOn", Ref("First")}, {"maxActiveInstances", "2"}})}));
  // Five of the first, by default; those of the second that wait do not count.
  std::vector<Task> first;
  for (int i = 0; i < 5; ++i) first.push_back(p.Take());
  EXPECT_FALSE(p.TryTake().has_value());
  for (int i : {4, 3, 2}) p.End(first[i]);
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T04:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T03:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T02:00:00"),
            "WAITING_ON_DEPENDENCIES");
  p.End(first[0]);
  // The oldest is next, not the one that was ready first.
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kMarkFinished, {"@Second_2012-12-12T04:00:00"})
          .ok());
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T00:00:00"),
            "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, "@Second_2012-12-12T02:00:00"),
            "WAITING_ON_DEPENDENCIES");
}

TEST(PlannerDependencies, WhoWaitsForItsNextTryKeepsItsPlace) {
  PlannerHarness p("2012-12-12T01:00:00");
  Definition definition =
      Make({Cron(), Every("Hour", "1 hour", kNight, 2), Activity("A", "Hour")});
  Add(definition, "A", {"maxActiveInstances", "1"});
  const std::string id = p.Start(definition);
  p.FailAttempts(2);
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-12T01:00:00"),
            "WAITING_ON_DEPENDENCIES");
  p.End(p.Take(), AttemptEnd::kFailed);
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-12T00:00:00"), "FAILED");
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-12T01:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerDependencies, ReRunsTakeNoPlace) {
  PlannerHarness p("2012-12-12T01:00:00");
  Definition definition =
      Make({Cron(), Every("Hour", "1 hour", kNight, 3), Activity("A", "Hour")});
  Add(definition, "A", {"maxActiveInstances", "1"});
  const std::string id = p.Start(definition);
  p.End(p.Take());
  p.Take();
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kRerun, {"@A_2012-12-12T00:00:00"}).ok());
  EXPECT_EQ(p.StatusAt(id, "@A_2012-12-12T00:00:00"), "WAITING_FOR_RUNNER");
}

}  // namespace
}  // namespace holdline
