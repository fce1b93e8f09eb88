// What follows from an event is drawn in turns, and a restart between two of
// them goes on with it.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/error.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

constexpr char kNight[] = "2012-12-12T00:00:00";
constexpr int kLeaves = 6;

// More than anything here takes, at a step a turn.
constexpr int kTurns = 40;

std::string OfNight(const std::string& component) {
  return absl::StrCat("@", component, "_", kNight);
}

CoreOptions Steps(int of_turn, int of_event) {
  CoreOptions options;
  options.planner.steps_per_turn = of_turn;
  options.planner.steps_per_event = of_event;
  return options;
}

// Leaves that depend on a root, in mode cascade.
Definition Leaves(int count) {
  Definition definition = WideCascade(count);
  Set(definition, "Default", {"maximumRetries", "0"});
  return definition;
}

// With an activity that goes on, so that the pipeline does not finish.
Definition LeavesAndRest(int count) {
  Definition definition = Leaves(count);
  PipelineObject rest = Object(definition, "Root");
  rest.id = rest.name = "Rest";
  definition.objects.push_back(rest);
  Set(definition, "Rest", {"workerGroup", "rest"});
  return definition;
}

class Turns : public PlannerHarness {
 public:
  explicit Turns(const Definition& definition)
      : PlannerHarness(kNight, Steps(1, 0)), id(Start(definition)) {}

  const std::string id;

  void Order(ObjectChange change, const std::string& component) {
    SayInOneTurn(ChangeObjects{account, id, {OfNight(component)}, change});
  }

  bool HasLeft() const { return core().planner().HasLeft(); }

  // Lets so many turns pass, and then the process end. Returns whether
  // something was left.
  bool RestartAfter(int turns) {
    for (int i = 0; i < turns; ++i) AdvanceOnce(1);
    const bool left = HasLeft();
    Restart();
    return left;
  }

  // How many components a pipeline has on disk.
  int Components(const std::string& pipeline) const {
    int count = 0;
    for (const auto& [key, component] : disk.components) {
      count += key.first == Record(pipeline).number;
    }
    return count;
  }

  // How many leaves are of a status.
  int Count(const std::string& status) const {
    int count = 0;
    for (int i = 0; i < kLeaves; ++i) {
      count += StatusAt(id, OfNight(absl::StrCat("Leaf", i))) == status;
    }
    return count;
  }
};

TEST(PlannerTurns, ACascadeGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(kLeaves));
    p.EndInOneTurn(p.Take(), AttemptEnd::kFailed);
    EXPECT_LT(p.Count("CASCADE_FAILED"), 2);
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Count("CASCADE_FAILED"), kLeaves) << turns;
    EXPECT_EQ(p.StateOf(p.id), "FINISHED");
  }
  EXPECT_GT(interrupted, kLeaves);
  EXPECT_LT(interrupted, kTurns);
}

TEST(PlannerTurns, AReleaseGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(kLeaves));
    p.EndInOneTurn(p.Take());
    EXPECT_LT(p.Count("WAITING_FOR_RUNNER"), 2);
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Count("WAITING_FOR_RUNNER"), kLeaves) << turns;
    for (int i = 0; i < kLeaves; ++i) p.End(p.Take());
    EXPECT_FALSE(p.TryTake().has_value()) << "one was offered twice";
    EXPECT_EQ(p.StateOf(p.id), "FINISHED");
  }
  EXPECT_GT(interrupted, kLeaves);
  EXPECT_LT(interrupted, kTurns);
}

TEST(PlannerTurns, ACancellationGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(kLeaves));
    p.Order(ObjectChange::kTryCancel, "Root");
    EXPECT_EQ(p.StatusAt(p.id, OfNight("Root")), "CANCELED");
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Count("CASCADE_FAILED"), kLeaves) << turns;
  }
  EXPECT_GT(interrupted, kLeaves);
}

TEST(PlannerTurns, ARerunGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(LeavesAndRest(kLeaves));
    p.End(p.Take(), AttemptEnd::kFailed);
    ASSERT_EQ(p.Count("CASCADE_FAILED"), kLeaves);
    p.Order(ObjectChange::kRerun, "Root");
    EXPECT_LT(p.Count("WAITING_ON_DEPENDENCIES"), 2);
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Count("WAITING_ON_DEPENDENCIES"), kLeaves) << turns;
    p.End(p.Take());
    EXPECT_EQ(p.Count("WAITING_FOR_RUNNER"), kLeaves) << turns;
  }
  EXPECT_GT(interrupted, kLeaves);
}

TEST(PlannerTurns, AnActivationGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(1));
    const std::string id = p.Create("q");
    p.Put(id, Leaves(kLeaves));
    p.SayInOneTurn(ActivatePipeline{p.account, id, {}, p.now});
    EXPECT_EQ(p.StateOf(id), "SCHEDULED");
    EXPECT_LT(p.Components(id), 2);
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Components(id), kLeaves + 1) << turns;
    EXPECT_EQ(p.ComponentOf(id, "Leaf5").status, ComponentStatus::kScheduled);
    EXPECT_EQ(p.ComponentOf(id, "Leaf5").skip_before, p.now);
    EXPECT_EQ(p.StatusAt(id, OfNight("Root")), "WAITING_FOR_RUNNER");
    EXPECT_EQ(p.StatusAt(id, OfNight("Leaf5")), "WAITING_ON_DEPENDENCIES");
  }
  EXPECT_GT(interrupted, kLeaves);
}

TEST(PlannerTurns, ADeactivationGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(kLeaves));
    p.SayInOneTurn(DeactivatePipeline{p.account, p.id, true});
    EXPECT_LT(p.Count("CANCELED"), 2);
    interrupted += p.RestartAfter(turns);
    EXPECT_EQ(p.Count("CANCELED"), kLeaves) << turns;
    EXPECT_EQ(p.ComponentOf(p.id, "Leaf5").status, ComponentStatus::kInactive);
    EXPECT_FALSE(p.TryTake().has_value());
    ASSERT_TRUE(p.Activate(p.id).ok());
    EXPECT_EQ(p.StatusAt(p.id, OfNight("Root")), "WAITING_FOR_RUNNER");
    EXPECT_EQ(p.Count("WAITING_ON_DEPENDENCIES"), kLeaves) << turns;
  }
  EXPECT_GT(interrupted, kLeaves);
}

TEST(PlannerTurns, ADeletionGoesOnAfterARestart) {
  int interrupted = 0;
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(Leaves(kLeaves));
    p.SayInOneTurn(DeletePipeline{p.account, p.id});
    EXPECT_EQ(p.disk.pipelines.size(), 1u);
    interrupted += p.RestartAfter(turns);
    EXPECT_TRUE(p.disk.pipelines.empty()) << turns;
    EXPECT_TRUE(p.disk.instances.empty()) << turns;
    EXPECT_FALSE(p.TryTake().has_value());
  }
  EXPECT_GT(interrupted, kLeaves);
}

TEST(PlannerTurns, ACommandIsAnsweredWhenAllThatFollowsIsDrawn) {
  Turns p(LeavesAndRest(kLeaves));
  p.Say(ChangeObjects{
      p.account, p.id, {OfNight("Root")}, ObjectChange::kTryCancel});
  EXPECT_EQ(p.Count("CASCADE_FAILED"), kLeaves);
  p.Say(
      ChangeObjects{p.account, p.id, {OfNight("Root")}, ObjectChange::kRerun});
  EXPECT_EQ(p.Count("WAITING_ON_DEPENDENCIES"), kLeaves);
  p.Say(DeactivatePipeline{p.account, p.id, true});
  EXPECT_EQ(p.Count("CANCELED"), kLeaves);
  p.Say(DeletePipeline{p.account, p.id});
  EXPECT_TRUE(p.disk.pipelines.empty());
}

TEST(PlannerTurns, APipelineDrainsUntilNothingCanBeTakenAnyMore) {
  Turns p(Leaves(kLeaves));
  p.SayInOneTurn(DeactivatePipeline{p.account, p.id, false});
  ASSERT_TRUE(p.HasLeft());
  EXPECT_EQ(p.StateOf(p.id), "DEACTIVATING");
  const std::optional<Task> root = p.TryTake();
  EXPECT_EQ(p.StateOf(p.id), root.has_value() ? "DEACTIVATING" : "INACTIVE");
  if (root.has_value()) p.End(*root);
  EXPECT_EQ(p.StateOf(p.id), "INACTIVE");
}

TEST(PlannerTurns, WhoAsksForAPipelineDuringItsDeletionGetsANewOne) {
  Turns p(Leaves(kLeaves));
  p.SayInOneTurn(DeletePipeline{p.account, p.id});
  ASSERT_TRUE(p.HasLeft());
  p.Say(CreatePipeline{p.account, "creator", "df-new", "p", p.id, "", {}});
  EXPECT_EQ(p.disk.pipelines.size(), 1u);
  EXPECT_EQ(p.StateOf("df-new"), "PENDING");
}

TEST(PlannerTurns, WhatWaitsForADeletionIsToldOfIt) {
  Turns p(Leaves(kLeaves));
  p.SayInOneTurn(DeletePipeline{p.account, p.id});
  ASSERT_TRUE(p.HasLeft());
  EXPECT_EQ(p.StatusOf(p.Say(ActivatePipeline{p.account, p.id, {}, {}})),
            PipelineWasDeleted());
}

TEST(PlannerTurns, WhatIsPausedIsNotOfferedOnceThatIsAnswered) {
  Turns p(Leaves(kLeaves));
  p.Say(ChangeObjects{p.account, p.id, {"Root"}, ObjectChange::kPause});
  EXPECT_FALSE(p.TryTake().has_value());
}

TEST(PlannerTurns, ARunOnDemandIsMadeToItsEndAfterARestart) {
  for (int turns = 0; turns < kTurns; ++turns) {
    Turns p(OnDemandPipeline(5));
    p.SayInOneTurn(ActivatePipeline{p.account, p.id, {}, {}});
    p.RestartAfter(turns);
    const std::string start = "_2012-12-12T00:00:01";
    EXPECT_EQ(p.StatusAt(p.id, "@First" + start), "WAITING_FOR_RUNNER");
    EXPECT_EQ(p.StatusAt(p.id, "@Second" + start), "WAITING_ON_DEPENDENCIES");
    EXPECT_EQ(p.disk.instances.size(), 4u) << turns;
  }
}

TEST(PlannerTurns, APipelineIsSteeredWhenAllThatHappenedBeforeIsDrawn) {
  Turns p(Leaves(kLeaves));
  p.EndInOneTurn(p.Take(), AttemptEnd::kFailed);
  ASSERT_TRUE(p.HasLeft());
  // By then the pipeline has finished.
  EXPECT_FALSE(
      p.Change(p.id, ObjectChange::kTryCancel, {OfNight("Leaf5")}).ok());
  EXPECT_EQ(p.Count("CASCADE_FAILED"), kLeaves);
}

TEST(PlannerTurns, CommandsThatWaitKeepTheirOrder) {
  Turns p(OnDemandPipeline(5));
  p.EndInOneTurn(p.Take());
  ASSERT_TRUE(p.HasLeft());
  // Neither is answered by the time the next one comes.
  const std::string first = absl::StrCat("@First_", kNight);
  p.SayInOneTurn(ChangeObjects{p.account, p.id, {first}, ObjectChange::kRerun});
  p.SayInOneTurn(
      ChangeObjects{p.account, p.id, {first}, ObjectChange::kTryCancel});
  p.Run();
  EXPECT_EQ(p.StatusAt(p.id, first), "CANCELED");
}

TEST(PlannerTurns, OthersGoOnWhileMuchIsDrawn) {
  PlannerHarness p(kNight, Steps(4, 8));
  const std::string large = p.Start(Leaves(80));
  const Task root = p.Take();
  const std::string small = p.Start(Leaves(1));
  const Task other = p.Take();
  p.EndInOneTurn(root, AttemptEnd::kFailed);
  ASSERT_TRUE(p.core().planner().HasLeft());
  p.EndInOneTurn(other);
  EXPECT_TRUE(p.core().planner().HasLeft());
  EXPECT_EQ(p.StatusAt(small, OfNight("Leaf0")), "WAITING_FOR_RUNNER");
  EXPECT_EQ(p.StatusAt(large, OfNight("Leaf79")), "WAITING_ON_DEPENDENCIES");
  p.Run();
  EXPECT_EQ(p.StatusAt(large, OfNight("Leaf79")), "CASCADE_FAILED");
}

TEST(PlannerTurns, TheNextOneIsDueAtOnceWhileSomethingIsLeft) {
  Turns p(Leaves(kLeaves));
  EXPECT_GT(p.core().NextDeadline(), p.now);
  p.EndInOneTurn(p.Take());
  EXPECT_LT(p.core().NextDeadline(), p.now);
}

}  // namespace
}  // namespace holdline
