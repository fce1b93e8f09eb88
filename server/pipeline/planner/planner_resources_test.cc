// The life of resources, and of what runs on them (DATAPIPELINE sections 2.6
// and 4.4).

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr char kNight[] = "2012-12-12T00:00:00";
constexpr char kLaunchers[] = "holdline.resources";

std::string OfNight(const std::string& component) {
  return absl::StrCat("@", component, "_", kNight);
}

// The activities One and Two run each hour on Resource, which is there for
// three hours.
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
      {"Resource", {{"type", "Ec2Resource"}, {"schedule", Ref("Long")}}},
      {"One",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"schedule", Ref("Hourly")},
        {"runsOn", Ref("Resource")}}},
      {"Two",
       {{"type", "ShellCommandActivity"},
        {"command", "true"},
        {"schedule", Ref("Hourly")},
        {"runsOn", Ref("Resource")}}},
  });
}

class ResourceHarness : public PlannerHarness {
 public:
  explicit ResourceHarness(const Definition& definition)
      : PlannerHarness(kNight), id(Start(definition)) {}

  const std::string id;

  std::string Group(const std::string& resource = OfNight("Resource")) const {
    return id + "_" + resource;
  }
  std::string Status(const std::string& component) const {
    return StatusAt(id, OfNight(component));
  }
};

TEST(PlannerResources, OneIsUpUntilTheLastThatRunsOnItHasEnded) {
  ResourceHarness p(Shared());
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).started_at, p.now);
  EXPECT_EQ(p.Status("One"), "WAITING_FOR_RUNNER");
  const Task launch = p.Take(kLaunchers);
  EXPECT_EQ(launch.spec.kind, TaskKind::kResource);
  EXPECT_EQ(p.ToldText(launch, "workerGroup"), p.Group());
  p.Report(launch);
  for (int hour = 0; hour < 3; ++hour) {
    for (int user = 0; user < 2; ++user) {
      EXPECT_NE(p.Status("Resource"), "FINISHED");
      p.End(p.Take(p.Group()));
    }
    for (int i = 0; i < 6; ++i) {
      p.Pass(absl::Minutes(10));
      p.Report(launch);
    }
  }
  EXPECT_EQ(p.Status("Resource"), "FINISHED");
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Resource"), 1).status,
            RunStatus::kFinished);
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_EQ(p.StateOf(p.id), "FINISHED");
}

// One waits for it, and Two, which did not, brings it up before that is told.
TEST(PlannerResources, WhoWaitsForOneGoesOnWhoeverBringsItUp) {
  Definition definition = Shared();
  std::swap(Object(definition, "Resource"), Object(definition, "Two"));
  PlannerHarness p("2012-12-11T23:00:00");
  const std::string id = p.Start(definition);
  const std::vector<std::string> paused = {"Resource", "Two"};
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, paused).ok());
  p.Pass(absl::Minutes(90));
  ASSERT_THAT(p.At(id, OfNight("One")).waiting_on, SizeIs(1));
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, paused).ok());
  EXPECT_EQ(p.StatusAt(id, OfNight("Resource")), "CREATING");
  EXPECT_EQ(p.StatusAt(id, OfNight("Two")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(id, OfNight("One")), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, OneThatNobodyCouldUseIsNotStarted) {
  Definition definition = Shared();
  definition.objects.push_back(
      {"Spare", "Spare", {{"type", "EmrCluster"}, {"schedule", "Long", true}}});
  ResourceHarness p(definition);
  EXPECT_EQ(p.Status("Spare"), "FINISHED");
  EXPECT_EQ(p.At(p.id, OfNight("Spare")).attempts, 0);
  // Point 8 of section 6.8.
  for (const char* hour : {"00", "01", "02"}) {
    const std::string at = absl::StrCat("_2012-12-12T", hour, ":00:00");
    ASSERT_TRUE(
        p.Change(p.id, ObjectChange::kTryCancel, {"@One" + at, "@Two" + at})
            .ok());
    EXPECT_EQ(p.Status("Resource") == "FINISHED", std::string(hour) == "02");
    p.Pass(absl::Hours(1));
  }
}

TEST(PlannerResources, AReRunBringsOneUpAgain) {
  ResourceHarness p(Shared());
  ASSERT_TRUE(
      p.Change(p.id, ObjectChange::kMarkFinished, {OfNight("Two")}).ok());
  p.End(p.Take(p.Group()));
  p.Pass(absl::Hours(2));
  const std::string last = "_2012-12-12T02:00:00";
  while (const auto task = p.TryTake(p.Group())) {
    if (p.Told(*task).front().id == "@Two" + last + "_Attempt=1") break;
    p.End(*task);
  }
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("One")}).ok());
  EXPECT_EQ(p.Status("One"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
}

TEST(PlannerResources, WhatIsRunAgainOnAFailedOneRunsThatAgain) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"maximumRetries", "0"});
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  ResourceHarness p(definition);
  p.End(p.Take(kLaunchers), AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("OnResource"), "CANCELED");
  EXPECT_EQ(p.Status("OnCluster"), "CASCADE_FAILED");
  ASSERT_TRUE(
      p.Change(p.id, ObjectChange::kRerun, {OfNight("OnResource")}).ok());
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.Status("OnResource"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.Status("OnCluster"), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.Told(p.Take(kLaunchers)).front().id,
            OfNight("Resource") + "_Attempt=2");
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Resource"), "FINISHED");
}

TEST(PlannerResources, ReRunningOneRunsAgainWhatRanOnIt) {
  Definition definition = ResourcePipeline();
  ResourceHarness p(definition);
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Resource"), "FINISHED");
  EXPECT_EQ(p.Status("OnResource"), "FINISHED");
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("Resource")}).ok());
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.Status("OnResource"), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, ALostOneIsLaunchedAgainForTheSameGroup) {
  Definition definition = Shared();
  Set(definition, "Default", {"maximumRetries", "1"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  p.Report(work);
  p.End(launch, AttemptEnd::kFailed, {"Lost", "no such resource", ""});
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Resource"), 1).failure.id, "Lost");
  p.Pass(absl::Minutes(10));
  EXPECT_EQ(p.ToldText(p.Take(kLaunchers), "workerGroup"), p.Group());
  // What the lost one had fails by itself, and its next try is for the new one.
  p.Pass(absl::Minutes(20));
  EXPECT_TRUE(p.TryTake(p.Group()).has_value());
}

TEST(PlannerResources, InModeNoneWhatRunsOnAFailedOneWaitsForItsRerun) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"maximumRetries", "1"});
  Add(definition, "Resource", {"maximumRetries", "0"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  p.Report(work);
  p.End(launch, AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("Resource"), "FAILED");
  EXPECT_EQ(p.Status("OnResource"), "RUNNING");
  p.End(work, AttemptEnd::kFailed);
  EXPECT_EQ(p.Status("OnResource"), "WAITING_ON_DEPENDENCIES");
  EXPECT_THAT(p.At(p.id, OfNight("OnResource")).waiting_on,
              ElementsAre(p.At(p.id, OfNight("Resource")).key));
  ASSERT_TRUE(p.Change(p.id, ObjectChange::kRerun, {OfNight("Resource")}).ok());
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.Told(p.Take(p.Group())).front().id,
            OfNight("OnResource") + "_Attempt=2");
}

TEST(PlannerResources, OneThatEndsBeforeItsTimeIsReplacedIfNeeded) {
  ResourceHarness p(ResourcePipeline());
  // Its launcher should not say so, but may.
  p.End(p.Take(kLaunchers));
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).attempts, 2);
  EXPECT_EQ(p.Told(p.Take(p.Group())).front().id,
            OfNight("OnResource") + "_Attempt=2");
}

TEST(PlannerResources, OneThatIsNotUpInTimeIsLaunchedAgain) {
  Definition definition = Shared();
  Set(definition, "Default", {"maximumRetries", "1"});
  Add(definition, "Resource", {"initTimeout", "10 minutes"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  p.Report(launch);
  p.Pass(absl::Minutes(10));
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_EQ(p.AttemptAt(p.id, OfNight("Resource"), 1).failure.id,
            "Service_InitTimeout");
  p.Pass(absl::Minutes(10));
  p.Report(p.Take(kLaunchers));
  p.Report(p.Take(p.Group()));
  p.Pass(absl::Minutes(14));
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
}

TEST(PlannerResources, OneMayEndWithATaskThatFails) {
  Definition definition = Shared();
  Add(definition, "Resource", {"actionOnTaskFailure", "terminate"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  p.End(p.Take(p.Group()), AttemptEnd::kFailed);
  EXPECT_TRUE(p.IsCanceled(launch));
  // The other one needs it still.
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).attempts, 2);
  EXPECT_EQ(p.Status("Two"), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, WhatWaitsForAPlaceBeginsOnTheNextOne) {
  Definition definition = Shared();
  Add(definition, "Resource", {"actionOnTaskFailure", "terminate"});
  Add(definition, "One", {"maxActiveInstances", "1"});
  ResourceHarness p(definition);
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
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).attempts, 2);
  EXPECT_EQ(p.At(p.id, next).attempts, 1);
  EXPECT_EQ(p.StatusAt(p.id, next), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, OneThatLivesTooLongTimesOutWhateverRunsOnIt) {
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  for (int i = 0; i < 12; ++i) {
    p.Report(launch);
    p.Report(work);
    p.Pass(absl::Minutes(10));
  }
  EXPECT_EQ(p.Status("Resource"), "TIMEDOUT");
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).retries_left, 2);
  EXPECT_TRUE(p.IsCanceled(launch));
  EXPECT_TRUE(p.IsCanceled(work));
  EXPECT_EQ(p.Status("OnResource"), "CANCELED");
  EXPECT_EQ(p.ComponentOf(p.id, "Resource").health, Health::kError);
}

TEST(PlannerResources, WhatIsGivenBackAfterItsResourceHasEndedWaitsForIt) {
  Definition definition = ResourcePipeline();
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  p.CancelTask(launch);
  ASSERT_EQ(p.Status("Resource"), "CANCELED");
  ASSERT_EQ(p.Status("OnResource"), "RUNNING");
  p.Release(work);
  EXPECT_EQ(p.Status("OnResource"), "WAITING_ON_DEPENDENCIES");
  EXPECT_FALSE(p.TryTake(p.Group()).has_value());
}

// Section 9, terminateAfter.
TEST(PlannerResources, ABareNumberIsHours) {
  Definition definition = ResourcePipeline();
  Set(definition, "Resource", {"terminateAfter", "3"});
  ResourceHarness p(definition);
  const Task launch = p.Take(kLaunchers);
  const Task work = p.Take(p.Group());
  const auto pass = [&](int minutes) {
    for (int i = 0; i < minutes; i += 10) {
      p.Report(launch);
      p.Report(work);
      p.Pass(absl::Minutes(10));
    }
  };
  pass(170);
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
  pass(10);
  EXPECT_EQ(p.Status("Resource"), "TIMEDOUT");
}

// Section 6.7 holds for resources, too.
TEST(PlannerResources, NoMoreAreUpThanThereArePlaces) {
  Definition definition = Shared();
  Set(definition, "Resource", {"schedule", Ref("Hourly")});
  Add(definition, "Resource", {"maxActiveInstances", "1"});
  ResourceHarness p(definition);
  p.Pass(absl::Hours(2));
  const std::string second = "_2012-12-12T01:00:00";
  EXPECT_EQ(p.Status("Resource"), "CREATING");
  EXPECT_EQ(p.StatusAt(p.id, "@Resource" + second), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(p.id, "@One" + second), "WAITING_ON_DEPENDENCIES");
  p.End(p.Take(p.Group()));
  p.End(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Resource"), "FINISHED");
  EXPECT_EQ(p.StatusAt(p.id, "@Resource" + second), "CREATING");
  EXPECT_EQ(p.StatusAt(p.id, "@One" + second), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, ASkippedOneIsThereForWhatIsNotSkipped) {
  PlannerHarness p("2012-12-12T02:00:00");
  const std::string id = p.Create();
  p.Put(id, Shared());
  ASSERT_TRUE(p.Activate(id, {}, p.now).ok());
  EXPECT_EQ(p.StatusAt(id, OfNight("One")), "SKIPPED");
  EXPECT_EQ(p.StatusAt(id, OfNight("Resource")), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@One_2012-12-12T02:00:00"), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, APausedOneIsNotStarted) {
  PlannerHarness p(kNight);
  Definition definition = Shared();
  Set(definition, "Long", {"startDateTime", "2012-12-12T03:00:00"});
  Set(definition, "Hourly", {"startDateTime", "2012-12-12T03:00:00"});
  const std::string id = p.Start(definition);
  ASSERT_TRUE(p.Change(id, ObjectChange::kPause, {"Resource"}).ok());
  p.Pass(absl::Hours(3));
  const std::string at = "_2012-12-12T03:00:00";
  EXPECT_EQ(p.StatusAt(id, "@Resource" + at), "WAITING_ON_DEPENDENCIES");
  EXPECT_EQ(p.StatusAt(id, "@One" + at), "WAITING_ON_DEPENDENCIES");
  ASSERT_TRUE(p.Change(id, ObjectChange::kResume, {"Resource"}).ok());
  EXPECT_EQ(p.StatusAt(id, "@Resource" + at), "CREATING");
  EXPECT_EQ(p.StatusAt(id, "@One" + at), "WAITING_FOR_RUNNER");
}

TEST(PlannerResources, AnotherRunnerOfTheLauncherMakesNoDifference) {
  ResourceHarness p(ResourcePipeline());
  p.Take(kLaunchers);
  p.Report(p.Take(p.Group()));
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
  // The launcher did not acknowledge; the resource is up nevertheless.
  p.Pass(absl::Minutes(2));
  EXPECT_EQ(p.Status("Resource"), "RUNNING");
  EXPECT_EQ(p.At(p.id, OfNight("Resource")).attempts, 1);
  EXPECT_EQ(p.Told(p.Take(kLaunchers)).front().id,
            OfNight("Resource") + "_Attempt=1");
}

}  // namespace
}  // namespace holdline
