// The life of resources, and of what runs on them (DATAPIPELINE sections 2.6
// and 4.4).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;

constexpr char kNight[] = "2012-12-12T00:00:00";
constexpr char kLaunchers[] = "holdline.resources";

std::string OfNight(const std::string& component) {
  return absl::StrCat("@", component, "_", kNight);
}

// The activities One and Two run each hour on Machine, which is there for three
// hours.
Definition Shared() {
  return Make({
      {"Default",
       {{"scheduleType", "cron"},
        {"role", "r"},
        {"resourceRole", "r"},
        {"maximumRetries", "0"}}},
      {"Hourly",
       {{"type", "Schedule"},
        {"period", "1 hour"},
        {"startDateTime", kNight},
        {"occurrences", "3"}}},
      {"Long",
       {{"type", "Schedule"},
        {"period", "3 hours"},
        {"startDateTime", kNight},
        {"occurrences", "1"}}},
      {"Machine", {{"type", "Ec2Resource"}, {"schedule", Ref("Long")}}},
      {"One",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"schedule", Ref("Hourly")},
        {"runsOn", Ref("Machine")}}},
      {"Two",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"schedule", Ref("Hourly")},
        {"runsOn", Ref("Machine")}}},
  });
}

class Machines : public PlannerHarness {
 public:
  explicit Machines(const Definition& definition)
      : PlannerHarness(kNight), id(Start(definition)) {}

  const std::string id;

  std::string Group(const std::string& machine = OfNight("Machine")) const {
    return id + "_" + machine;
  }
  std::string Status(const std::string& component) const {
    return StatusAt(id, OfNight(component));
  }
};

TEST(PlannerMachines, OneIsUpUntilTheLastThatRunsOnItHasEnded) {
  Machines p(Shared());
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).started_at, p.now);
  EXPECT_EQ(p.Status("One"), "WAITING_FOR_RUNNER");
  const Task launch = p.Take(kLaunchers);
  EXPECT_EQ(launch.spec.kind, TaskKind::kResource);
  EXPECT_EQ(p.ToldText(launch, "workerGroup"), p.Group());
  p.Report(launch);
  for (int hour = 0; hour < 3; ++hour) {
    for (int user = 0; user < 2; ++user) {
      EXPECT_NE(p.Status("Machine"), "FINISHED");
      p.End(p.Take(p.Group()));
    }
    for (int i = 0; i < 6; ++i) {
      p.Pass(absl::Minutes(10));
      p.Report(launch);
    }
  }
  EXPECT_EQ(p.Status("Machine"), "FINISHED");
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Machine"), 1).status,
            RunStatus::kFinished);
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_EQ(p.StateOf(p.id), "FINISHED");
}

TEST(PlannerMachines, OneThatNobodyCouldUseIsNotStarted) {
  Definition definition = Shared();
  definition.objects.push_back(
      {"Spare", "Spare", {{"type", "EmrCluster"}, {"schedule", "Long", true}}});
  Machines p(definition);
  EXPECT_EQ(p.Status("Spare"), "FINISHED");
  EXPECT_EQ(p.At(p.id, OfNight("Spare")).attempts, 0);
  // Point 8 of section 6.8.
  for (const char* hour : {"00", "01", "02"}) {
    const std::string at = absl::StrCat("_2012-12-12T", hour, ":00:00");
    ASSERT_TRUE(
        p.Change(p.id, ObjectChange::kTryCancel, {"@One" + at, "@Two" + at})
            .ok());
    EXPECT_EQ(p.Status("Machine") == "FINISHED", std::string(hour) == "02");
    p.Pass(absl::Hours(1));
  }
}

TEST(PlannerMachines, AReRunBringsOneUpAgain) {
  Machines p(Shared());
  ASSERT_TRUE(
      p.Change(p.id, ObjectChange::kMarkFinished, {OfNight("Two")}).ok());
  p.End(p.Take(p.Group()));
  p.Pass(absl::Hours(2));
  const std::string last = "_2012-12-12T02:00:00";
  while (const auto task = p.TryTake(p.Group())) {
    if (p.Told(*task).front().id == "@Two" + last + "_Attempt=1") break;
    p.End(*task);
  }
  EXPECT_EQ(p.Status("Machine"), "RUNNING");
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("One")}).ok());
  EXPECT_EQ(p.Status("One"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.Status("Machine"), "RUNNING");
}

TEST(PlannerMachines, WhatIsRunAgainOnAFailedOneRunsThatAgain) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"maximumRetries", "0"});
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  Machines p(definition);
  p.End(p.Take(kLaunchers), AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("OnMachine"), "CANCELED");
  EXPECT_EQ(p.Status("OnCluster"), "CASCADE_FAILED");
  ASSERT_TRUE(
      p.Change(p.id, ObjectChange::kRerun, {OfNight("OnMachine")}).ok());
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.Status("OnMachine"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.Status("OnCluster"), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.Told(p.Take(kLaunchers)).front().id,
            OfNight("Machine") + "_Attempt=2");
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Machine"), "FINISHED");
}

TEST(PlannerMachines, ReRunningOneRunsAgainWhatRanOnIt) {
  Definition definition = ResourcePipeline();
  Machines p(definition);
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Machine"), "FINISHED");
  EXPECT_EQ(p.Status("OnMachine"), "FINISHED");
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("Machine")}).ok());
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.Status("OnMachine"), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, ALostOneIsLaunchedAgainForTheSameGroup) {
  Definition definition = Shared();
  Set(definition, "Default", {"maximumRetries", "1"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  p.Report(work);
  p.End(launch, AttemptEnd::kFailed, {"Lost", "no such machine", ""});
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Machine"), 1).failure.id, "Lost");
  p.Pass(absl::Minutes(10));
  EXPECT_EQ(p.ToldText(p.Take(kLaunchers), "workerGroup"), p.Group());
  // What the lost one had fails by itself, and its next try is for the new one.
  p.Pass(absl::Minutes(20));
  EXPECT_TRUE(p.TryTake(p.Group()).has_value());
}

TEST(PlannerMachines, InModeNoneWhatRunsOnAFailedOneWaitsForItsRerun) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"maximumRetries", "1"});
  Add(definition, "Machine", {"maximumRetries", "0"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  p.Report(work);
  p.End(launch, AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("Machine"), "FAILED");
  EXPECT_EQ(p.Status("OnMachine"), "RUNNING");
  p.End(work, AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("OnMachine"), "WAITING_ON_DEPENDENCIES");
  EXPECT_THAT(p.At(p.id, OfNight("OnMachine")).waiting_on,
              ElementsAre(p.At(p.id, OfNight("Machine")).key));
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("Machine")}).ok());
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.Told(p.Take(p.Group())).front().id,
            OfNight("OnMachine") + "_Attempt=2");
}

TEST(PlannerMachines, OneThatEndsBeforeItsTimeIsReplacedIfNeeded) {
  Machines p(ResourcePipeline());
  // Its launcher should not say so, but may.
  p.End(p.Take(kLaunchers));
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).attempts, 2);
  EXPECT_EQ(p.Told(p.Take(p.Group())).front().id,
            OfNight("OnMachine") + "_Attempt=2");
}

TEST(PlannerMachines, OneThatIsNotUpInTimeIsLaunchedAgain) {
  Definition definition = Shared();
  Set(definition, "Default", {"maximumRetries", "1"});
  Add(definition, "Machine", {"initTimeout", "10 minutes"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  p.Report(launch);
  p.Pass(absl::Minutes(10));
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Machine"), 1).failure.id,
            "Service_InitTimeout");
  p.Pass(absl::Minutes(10));
  p.Report(p.Take(kLaunchers));
  p.Report(p.Take(p.Group()));
  p.Pass(absl::Minutes(14));
  EXPECT_EQ(p.Status("Machine"), "RUNNING");
}

TEST(PlannerMachines, OneMayEndWithATaskThatFails) {
  Definition definition = Shared();
  Add(definition, "Machine", {"actionOnTaskFailure", "terminate"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  p.End(p.Take(p.Group()), AttemptEnd::kFailed);
  EXPECT_TRUE(p.IsCanceled(launch));
  // The other one needs it still.
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).attempts, 2);
  EXPECT_EQ(p.Status("Two"), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, WhatWaitsForAPlaceBeginsOnTheNextOne) {
  Definition definition = Shared();
  Add(definition, "Machine", {"actionOnTaskFailure", "terminate"});
  Add(definition, "One", {"maxActiveInstances", "1"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task one = p.Take(p.Group());
  for (int i = 0; i < 6; ++i) {
    p.Report(launch);
    p.Report(one);
    p.Pass(absl::Minutes(10));
  }
  p.Run();
  const std::string next = "@One_2012-12-12T01:00:00";
  ASSERT_EQ(p.At(p.id, next).attempts, 0);
  p.End(one, AttemptEnd::kFailed);
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).attempts, 2);
  EXPECT_EQ(p.At(p.id, next).attempts, 1);
  EXPECT_EQ(p.StatusAt(p.id, next), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, OneThatLivesTooLongTimesOutWhateverRunsOnIt) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  Machines p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  for (int i = 0; i < 12; ++i) {
    p.Report(launch);
    p.Report(work);
    p.Pass(absl::Minutes(10));
  }
  EXPECT_EQ(p.Status("Machine"), "TIMEDOUT");
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).retries_left, 2);
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_TRUE(p.IsCanceled(work));
  EXPECT_EQ(p.Status("OnMachine"), "CANCELED");
  EXPECT_EQ(p.ComponentOf(p.id, "Machine").health, Health::kError);
}

// Section 6.7 holds for machines, too.
TEST(PlannerMachines, NoMoreAreUpThanThereArePlaces) {
  Definition definition = Shared();
  Set(definition, "Machine", {"schedule", Ref("Hourly")});
  Add(definition, "Machine", {"maxActiveInstances", "1"});
  Machines p(definition);
  p.Pass(absl::Hours(2));
  const std::string second = "_2012-12-12T01:00:00";
  EXPECT_EQ(p.Status("Machine"), "CREATING");
  EXPECT_EQ(p.StatusAt(p.id, "@Machine" + second), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(p.id, "@One" + second), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take(p.Group()));
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Machine"), "FINISHED");
  EXPECT_EQ(p.StatusAt(p.id, "@Machine" + second), "CREATING");
  EXPECT_EQ(p.StatusAt(p.id, "@One" + second), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, ASkippedOneIsThereForWhatIsNotSkipped) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Create();
  p.Put(id, Shared());
  ASSERT_TRUE(p.Activate(id, {}, p.now).ok());
  EXPECT_EQ(p.StatusAt(id, OfNight("One")), "SKIPPED");
  EXPECT_EQ(p.StatusAt(id, OfNight("Machine")), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@One_2012-12-12T02:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, APausedOneIsNotStarted) {
  PlannerHarness p(kNight);
  Definition definition = Shared();
  Set(definition, "Long", {"startDateTime", "2012-12-12T03:00:00"});
  Set(definition, "Hourly", {"startDateTime", "2012-12-12T03:00:00"});
  const std::string id = p.Start(definition);
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"Machine"}).ok());
  p.Pass(absl::Hours(3));
  const std::string at = "_2012-12-12T03:00:00";
  EXPECT_EQ(p.StatusAt(id, "@Machine" + at), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(id, "@One" + at), "WAITING_ON_DEPENDENCIES");
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, {"Machine"}).ok());
  EXPECT_EQ(p.StatusAt(id, "@Machine" + at), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@One" + at), "WAITING_FOR_RUNNER");
}

TEST(PlannerMachines, AnotherRunnerOfTheLauncherMakesNoDifference) {
  Machines p(ResourcePipeline());
  p.Take(kLaunchers);
  p.Report(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Machine"), "RUNNING");
  // The launcher did not acknowledge; the machine is up nevertheless.
  p.Pass(absl::Minutes(2));
  EXPECT_EQ(p.Status("Machine"), "RUNNING");
  EXPECT_EQ(p.At(p.id, OfNight("Machine")).attempts, 1);
  EXPECT_EQ(p.Told(p.Take(kLaunchers)).front().id,
            OfNight("Machine") + "_Attempt=1");
}

}  // namespace
}  // namespace holdline
