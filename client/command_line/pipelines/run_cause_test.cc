#include "client/command_line/pipelines/run_cause.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A pipeline as the server would show it. References are marked by `->`.
class RunCauseTest : public testing::Test {
 protected:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  RunCauseTest() {
    SetState("SCHEDULED");
    Add("A", "COMPONENT", "SCHEDULED", {});
  }

  void Add(const std::string& id, const std::string& sphere,
           const std::string& status, const Fields& fields) {
    v1::PipelineObject& object = objects_[id];
    object.set_id(id);
    AddField(object, "@sphere", sphere);
    AddField(object, "@status", status);
    for (const auto& [key, value] : fields) AddField(object, key, value);
  }

  void AddRun(const std::string& id, const std::string& status,
              const Fields& fields = {}) {
    Add(id, "INSTANCE", status, fields);
    AddField(objects_[id], "@componentParent", "->A");
    AddField(objects_[id], "@pipelineId", "df-1");
  }

  void SetState(const std::string& state) {
    pipeline_.clear_fields();
    v1::Field& field = *pipeline_.add_fields();
    field.set_key("@pipelineState");
    field.set_string_value(state);
  }

  RunCause Cause(const std::string& id) {
    const auto cause = CauseOf(id, Lookup());
    EXPECT_TRUE(cause.ok()) << cause.status();
    return cause.ok() ? *cause : RunCause();
  }

  std::string Sentence(const std::string& id) {
    return CauseSentence(Cause(id));
  }

  RunLookup Lookup() {
    return {
        .objects = [this](const std::vector<std::string>& ids)
            -> absl::StatusOr<std::vector<v1::PipelineObject>> {
          std::vector<v1::PipelineObject> found;
          for (const std::string& id : ids) {
            if (objects_.count(id) == 0) {
              return absl::InvalidArgumentError(id);
            }
            found.push_back(objects_[id]);
          }
          return found;
        },
        .pipeline = [this]() -> absl::StatusOr<v1::PipelineDescription> {
          return pipeline_;
        },
        .group = [this](const std::string& name) -> absl::StatusOr<v1::Group> {
          return groups_[name];
        },
        .now = absl::FromCivil(absl::CivilSecond(2030, 1, 31, 12),
                               absl::UTCTimeZone())};
  }

  static void AddField(v1::PipelineObject& object, const std::string& key,
                       const std::string& value) {
    v1::Field& field = *object.add_fields();
    field.set_key(key);
    if (absl::StartsWith(value, "->")) {
      field.set_ref_value(value.substr(2));
    } else {
      field.set_string_value(value);
    }
  }

  std::map<std::string, v1::PipelineObject> objects_;
  std::map<std::string, v1::Group> groups_;
  v1::PipelineDescription pipeline_;
};

TEST_F(RunCauseTest, DependenciesAreFollowedToTheFailureAtTheirEnd) {
  AddRun("@C", "WAITING_ON_DEPENDENCIES", {{"@waitingOn", "->@B"}});
  AddRun("@B", "WAITING_ON_DEPENDENCIES", {{"@waitingOn", "->@A"}});
  AddRun("@A", "FAILED",
         {{"@attemptCount", "3"},
          {"@actualEndTime", "2030-01-31T08:00:00"},
          {"errorId", "E1"},
          {"errorMessage", "boom\nat line 1"}});
  EXPECT_EQ(Sentence("@C"),
            "@C waits for @B, which waits for @A, which has FAILED in attempt "
            "3 at 2030-01-31T08:00:00: E1, boom.");
  EXPECT_THAT(Cause("@C").advice,
              StartsWith("`holdline pipelines rerun df-1 @A`"));
  EXPECT_EQ(Cause("@C").steps[1].status, "WAITING_ON_DEPENDENCIES");
  SetState("FINISHED");
  EXPECT_THAT(Cause("@C").advice, HasSubstr("stay as they are"));
}

TEST_F(RunCauseTest, OfSeveralTheOneThatWillNotPassByItselfIsTaken) {
  AddRun(
      "@C", "WAITING_ON_DEPENDENCIES",
      {{"@waitingOn", "->@X"}, {"@waitingOn", "->@Y"}, {"@waitingOn", "->@Z"}});
  AddRun("@X", "FINISHED");
  AddRun("@Y", "RUNNING");
  AddRun("@Z", "CANCELED", {{"cancellationReason", "By hand."}});
  EXPECT_EQ(Sentence("@C"),
            "@C waits for @Z (and 2 others), which was CANCELED: By hand.");
}

TEST_F(RunCauseTest, ACascadeIsFollowedToWhereItBegan) {
  AddRun("@C", "CASCADE_FAILED", {{"@cascadeFailedOn", "->@B"}});
  AddRun("@B", "CASCADE_FAILED", {{"@cascadeFailedOn", "->@A"}});
  AddRun("@A", "TIMEDOUT");
  EXPECT_EQ(Sentence("@C"),
            "@C has CASCADE_FAILED with @B, which has CASCADE_FAILED with @A, "
            "which has TIMEDOUT.");
}

TEST_F(RunCauseTest, WhatHoldsEachOtherUpIsToldOnce) {
  AddRun("@B", "WAITING_ON_DEPENDENCIES", {{"@waitingOn", "->@C"}});
  AddRun("@C", "WAITING_ON_DEPENDENCIES", {{"@waitingOn", "->@B"}});
  EXPECT_EQ(Sentence("@B"), "@B waits for @C, which waits for @B.");
}

TEST_F(RunCauseTest, WhatIsNotMadeYetIsSaid) {
  AddRun("@B", "WAITING_ON_DEPENDENCIES", {{"@waitingOn", "->@New"}});
  EXPECT_EQ(Sentence("@B"), "@B waits for @New, which does not exist yet.");
}

TEST_F(RunCauseTest, AGroupThatNobodyServesIsNamed) {
  AddRun("@A1", "WAITING_FOR_RUNNER", {{"workerGroup", "my group"}});
  EXPECT_EQ(Sentence("@A1"),
            "@A1 waits for a runner of the worker group my group, and none "
            "polls for it.");
  EXPECT_EQ(Cause("@A1").advice,
            "`holdline-runner --worker-group 'my group'` starts one.");
}

TEST_F(RunCauseTest, AGroupMayBePausedBusyOrFree) {
  AddRun("@A1", "WAITING_FOR_RUNNER", {{"workerGroup", "g"}});
  groups_["g"].set_leased_tasks(2);
  groups_["g"].set_ready_tasks(1);
  EXPECT_THAT(Sentence("@A1"), HasSubstr("all are busy with 2 tasks, and 1 "));
  groups_["g"].set_parked_calls(1);
  groups_["g"].set_resting_calls(1);
  EXPECT_THAT(Sentence("@A1"), HasSubstr("all are busy"))
      << "a drained runner is not free";
  groups_["g"].set_resting_calls(0);
  EXPECT_THAT(Sentence("@A1"), HasSubstr("is free: it is about to start"));
  groups_["g"].set_paused(true);
  EXPECT_EQ(Sentence("@A1"), "@A1 waits because the worker group g is paused.");
  EXPECT_EQ(Cause("@A1").advice, "`holdline resume g` resumes it.");
}

TEST_F(RunCauseTest, AnotherAttemptWaitsForItsTime) {
  AddRun("@A1", "WAITING_FOR_RUNNER",
         {{"@headAttempt", "->@A1_Attempt=2"}, {"@attemptCount", "2"}});
  Add("@A1_Attempt=1", "ATTEMPT", "FAILED", {{"errorMessage", "boom"}});
  Add("@A1_Attempt=2", "ATTEMPT", "WAITING_FOR_RUNNER",
      {{"@actualStartTime", "2030-01-31T12:10:00"},
       {"@taskName", "task-7"},
       {"@instanceParent", "->@A1"}});
  EXPECT_EQ(Sentence("@A1_Attempt=2"),
            "@A1 waits for its attempt 2 at 2030-01-31T12:10:00, because the "
            "previous one failed: boom.");
  EXPECT_EQ(Cause("@A1").advice, "`holdline run-now task-7` runs it now.");
  AddField(objects_["@A1"], "currentRetryCount", "1");
  EXPECT_EQ(Sentence("@A1"),
            "@A1 is not met yet, and is checked again at "
            "2030-01-31T12:10:00.");
}

TEST_F(RunCauseTest, APausedComponentAndAnIdlePipelineHoldTheirRuns) {
  AddRun("@A1", "WAITING_ON_DEPENDENCIES");
  objects_.erase("A");
  Add("A", "COMPONENT", "PAUSED", {});
  EXPECT_EQ(Sentence("@A1"), "@A1 is held because A is PAUSED.");
  EXPECT_THAT(Cause("@A1").advice, HasSubstr("pipelines resume df-1 A`"));
  SetState("INACTIVE");
  EXPECT_EQ(Sentence("@A1"), "@A1 is held because the pipeline is INACTIVE.");
  EXPECT_THAT(Cause("@A1").advice, HasSubstr("pipelines activate df-1`"));
}

TEST_F(RunCauseTest, WhoTakesTheLastPlaceIsFollowed) {
  AddRun("@A2", "WAITING_ON_DEPENDENCIES", {{"maxActiveInstances", "1"}});
  AddRun("@A1", "RUNNING",
         {{"@headAttempt", "->@A1_Attempt=1"}, {"@attemptCount", "1"}});
  Add("@A1_Attempt=1", "ATTEMPT", "RUNNING",
      {{"hostname", "h"}, {"reportProgressTime", "2030-01-31T11:59:00"}});
  EXPECT_THAT(Sentence("@A2"), HasSubstr("about to start"));
  AddField(objects_["A"], "@activeInstances", "->@A1");
  AddField(objects_["A"], "@activeInstances", "->@A2");
  EXPECT_EQ(Sentence("@A2"),
            "@A2 waits because maxActiveInstances of A is 1, behind @A1, which "
            "is RUNNING: h is at attempt 1 and "
            "reported last at 2030-01-31T11:59:00.");
}

TEST_F(RunCauseTest, AMachineThatNobodyLaunchesIsTheCause) {
  AddRun("@A1", "WAITING_FOR_RUNNER", {{"runsOn", "->@M"}});
  AddRun("@M", "CREATING", {{"workerGroup", "df-1_@M"}});
  EXPECT_EQ(Sentence("@A1"),
            "@A1 waits for its resource @M, which waits for a runner of the "
            "worker group holdline.resources, and none polls for it.");
  EXPECT_THAT(Cause("@A1").advice, HasSubstr("resource_launcher.py"));
  AddField(objects_["@M"], "@headAttempt", "->@M_Attempt=1");
  Add("@M_Attempt=1", "ATTEMPT", "CREATING", {{"hostname", "launcher"}});
  EXPECT_EQ(Sentence("@M"),
            "@M is being started by launcher: waits for a runner of the worker "
            "group df-1_@M, and none polls for it.");
}

TEST_F(RunCauseTest, APreconditionGoesWhereWhatItGuardsDoes) {
  AddRun("@P", "WAITING_FOR_RUNNER", {{"type", "Exists"}, {"node", "->@A1"}});
  AddRun("@A1", "WAITING_ON_DEPENDENCIES", {{"workerGroup", "g"}});
  EXPECT_THAT(Sentence("@P"), HasSubstr("worker group g,"));
  AddRun("@Q", "WAITING_FOR_RUNNER",
         {{"type", "S3KeyExists"}, {"node", "->@A1"}});
  EXPECT_THAT(Sentence("@Q"), HasSubstr("holdline.preconditions"));
  EXPECT_THAT(Cause("@Q").advice, HasSubstr("precondition_runner.py"));
}

TEST_F(RunCauseTest, WhatHasEndedWellSaysSo) {
  AddRun("@A1", "FINISHED", {{"@actualEndTime", "2030-01-31T08:00:00"}});
  EXPECT_EQ(Sentence("@A1"), "@A1 has FINISHED at 2030-01-31T08:00:00.");
  AddRun("@A2", "SKIPPED");
  EXPECT_THAT(Sentence("@A2"), HasSubstr("was SKIPPED"));
}

TEST_F(RunCauseTest, AComponentIsNoRun) {
  EXPECT_TRUE(absl::IsInvalidArgument(CauseOf("A", Lookup()).status()));
  EXPECT_FALSE(CauseOf("@Nobody", Lookup()).ok());
}

}  // namespace
}  // namespace holdline::client
