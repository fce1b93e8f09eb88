// What pipelines run, as runners and those who look on see it over gRPC
// (DATAPIPELINE sections 3 to 5 and appendix B).

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/pipeline_harness.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kInvalid[] = "InvalidRequestException";
constexpr char kFirst[] = "@A_2012-12-12T00:00:00";
constexpr char kSecond[] = "@A_2012-12-12T01:00:00";
constexpr char kAfterFirst[] = "@B_2012-12-12T00:00:00";

using PipelineActivation = PipelineTest;

TEST_F(PipelineActivation, NeedsADefinition) {
  const std::string pipeline = Create();
  EXPECT_EQ(ReasonOf(&Stub::ActivatePipeline, pipeline), kInvalid);
  EXPECT_FALSE(Do(&Stub::PutPipelineDefinition, pipeline).errored());
  EXPECT_EQ(ReasonOf(&Stub::ActivatePipeline, pipeline), kInvalid);
}

TEST_F(PipelineActivation, MakesThePipelineAndItsComponentsScheduled) {
  const std::string pipeline = Create();
  Do(&Stub::PutPipelineDefinition, pipeline + kTwoActivities);
  EXPECT_EQ(FieldOf(pipeline, "A", "@status"), "PENDING");
  Do(&Stub::ActivatePipeline, pipeline);
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "SCHEDULED");
  EXPECT_EQ(FieldOf(pipeline, "A", "@status"), "SCHEDULED");
  EXPECT_EQ(FieldOf(pipeline, "@firstActivationTime"),
            FieldOf(pipeline, "@lastActivationTime"));
  EXPECT_EQ(FieldOf(pipeline, "@scheduledPeriod"), "1 hour");
  Do(&Stub::ActivatePipeline, pipeline);
}

TEST_F(PipelineActivation, BringsValuesForParameters) {
  const std::string pipeline = Create();
  std::string definition = kTwoActivities;
  definition.replace(definition.find("\"wg\""), 4, "\"#{myGroup}\"");
  const auto put = Do(&Stub::PutPipelineDefinition,
                      pipeline + definition +
                          "parameter_objects { id: 'myGroup' attributes { key: "
                          "'type' string_value: 'String' } }");
  EXPECT_FALSE(put.errored());
  EXPECT_GE(put.validation_warnings_size(), 1);
  EXPECT_EQ(ReasonOf(&Stub::ActivatePipeline, pipeline), kInvalid);
  Do(&Stub::ActivatePipeline,
     pipeline + "parameter_values { id: 'myGroup' string_value: 'wg' }");
  EXPECT_EQ(Poll().attempt_id(), absl::StrCat(kFirst, "_Attempt=1"));
  for (const char* version : {"", "version: 'active'"}) {
    const auto got = Do(&Stub::GetPipelineDefinition, pipeline + version);
    ASSERT_EQ(got.parameter_values_size(), 1);
    EXPECT_EQ(got.parameter_values(0).string_value(), "wg");
  }
}

TEST_F(PipelineActivation, FromAStartSkipsWhatLiesBefore) {
  const std::string pipeline = Create();
  Do(&Stub::PutPipelineDefinition, pipeline + kTwoActivities);
  // 2012-12-12T01:00:00.
  Do(&Stub::ActivatePipeline,
     pipeline + "start_timestamp { seconds: 1355274000 }");
  EXPECT_EQ(Poll().attempt_id(), absl::StrCat(kSecond, "_Attempt=1"));
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "SKIPPED");
}

TEST_F(PipelineActivation, OfAFinishedPipelineNeedsSomethingLeftToRun) {
  const std::string pipeline = Activate();
  for (int i = 0; i < 4; ++i) End(Poll(), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "FINISHED");
  EXPECT_EQ(ReasonOf(&Stub::ActivatePipeline, pipeline), kInvalid);
  EXPECT_EQ(ReasonOf(&Stub::PutPipelineDefinition, pipeline + kTwoActivities),
            kInvalid);
  const auto validated =
      Do(&Stub::ValidatePipelineDefinition, pipeline + kTwoActivities);
  EXPECT_TRUE(validated.errored());
  ASSERT_EQ(validated.validation_errors_size(), 1);
  EXPECT_THAT(validated.validation_errors(0).errors(),
              ElementsAre(HasSubstr("nothing would be left to run")));
  std::string longer = kTwoActivities;
  longer.replace(longer.find("string_value: \"2\""), 17, "string_value: \"3\"");
  EXPECT_FALSE(
      Do(&Stub::ValidatePipelineDefinition, pipeline + longer).errored());
  EXPECT_FALSE(Do(&Stub::PutPipelineDefinition, pipeline + longer).errored());
  Do(&Stub::ActivatePipeline, pipeline);
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "SCHEDULED");
  EXPECT_EQ(Poll().attempt_id(), "@A_2012-12-12T02:00:00_Attempt=1");
}

TEST_F(PipelineActivation, OnDemandIsARunEachTime) {
  std::string definition = kTwoActivities;
  definition.replace(definition.find("\"cron\""), 6, "\"ondemand\"");
  const auto schedule = definition.find("fields { key: \"schedule\"");
  definition.erase(schedule, definition.find('}', schedule) + 1 - schedule);
  const auto hourly =
      definition.find("  pipeline_objects {\n    id: \"Hourly\"");
  definition.erase(hourly, definition.find("\n  }\n", hourly) + 5 - hourly);
  const std::string pipeline = Activate(definition);
  const v1::TaskObject first = Poll();
  End(first, "FINISHED");
  End(Poll(), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "FINISHED");
  Do(&Stub::ActivatePipeline, pipeline);
  EXPECT_NE(Poll().attempt_id(), first.attempt_id());
  EXPECT_THAT(Query(pipeline, "INSTANCE"), testing::SizeIs(4));
}

using PipelineRuns = PipelineTest;

TEST_F(PipelineRuns, ARunnerIsToldOfAnAttempt) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  EXPECT_EQ(Named(task.pipeline_id()), pipeline);
  EXPECT_EQ(task.attempt_id(), absl::StrCat(kFirst, "_Attempt=1"));
  const auto& fields = task.objects().at(task.attempt_id()).fields();
  EXPECT_EQ(FieldOf(fields, "command"), "echo 2012-12-12T00:00:00");
  EXPECT_EQ(FieldOf(fields, "type"), "ShellCommandActivity");
  EXPECT_EQ(FieldOf(fields, "@componentParent"), "A");
  EXPECT_EQ(FieldOf(fields, "@instanceParent"), kFirst);
  EXPECT_EQ(FieldOf(fields, "@sphere"), "ATTEMPT");
  EXPECT_EQ(FieldOf(fields, "@status"), "WAITING_FOR_RUNNER");
  EXPECT_EQ(FieldOf(fields, "workerGroup"), "wg");
}

TEST_F(PipelineRuns, WhatTheRunnerSaysIsSeen) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "RUNNING");
  EXPECT_EQ(FieldOf(pipeline, task.attempt_id(), "hostname"), "runner-1");
  Do(&Stub::ReportTaskProgress,
     absl::StrCat("task_id: '", task.task_id(),
                  "' fields { key: 'percentComplete' string_value: '50' }"));
  EXPECT_EQ(FieldOf(pipeline, task.attempt_id(), "percentComplete"), "50");
  EXPECT_NE(FieldOf(pipeline, task.attempt_id(), "reportProgressTime"), "");
  End(task, "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, task.attempt_id(), "@status"), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "FINISHED");
  EXPECT_NE(FieldOf(pipeline, kFirst, "@actualEndTime"), "");
  EXPECT_EQ(FieldOf(pipeline, "A", "@healthStatus"), "HEALTHY");
  EXPECT_EQ(FieldOf(pipeline, "A", "@healthStatusFromInstanceId"), kFirst);
  EXPECT_EQ(FieldOf(pipeline, "@healthStatus"), "HEALTHY");
}

TEST_F(PipelineRuns, AFailureIsSeenOnItsInstanceAndHealth) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  End(task, "FAILED");
  for (const std::string& object : {std::string(kFirst), task.attempt_id()}) {
    EXPECT_EQ(FieldOf(pipeline, object, "@status"), "FAILED");
    EXPECT_EQ(FieldOf(pipeline, object, "errorId"), "E1");
    EXPECT_EQ(FieldOf(pipeline, object, "errorMessage"), "boom");
  }
  EXPECT_EQ(FieldOf(pipeline, "A", "@healthStatus"), "ERROR");
  EXPECT_EQ(FieldOf(pipeline, "@healthStatus"), "ERROR");
  EXPECT_EQ(FieldOf(pipeline, kAfterFirst, "@status"),
            "WAITING_ON_DEPENDENCIES");
}

TEST_F(PipelineRuns, AreFoundByTheirStatus) {
  const std::string pipeline = Activate();
  End(Poll(), "FINISHED");
  v1::TaskObject task;
  do {
    task = Poll();
  } while (task.attempt_id() != absl::StrCat(kAfterFirst, "_Attempt=1"));
  EXPECT_THAT(Query(pipeline, "INSTANCE", "FINISHED"), ElementsAre(kFirst));
  EXPECT_THAT(Query(pipeline, "INSTANCE", "RUNNING"),
              Contains(std::string(kAfterFirst)));
  EXPECT_THAT(Query(pipeline, "ATTEMPT", "FINISHED"),
              ElementsAre(absl::StrCat(kFirst, "_Attempt=1")));
  EXPECT_THAT(Query(pipeline, "COMPONENT"),
              ElementsAre("Default", "Hourly", "A", "B"));
  EXPECT_THAT(Query(pipeline, "COMPONENT", "RUNNING"), IsEmpty());
}

TEST_F(PipelineRuns, AreTasksOfTheTaskQueueToo) {
  const std::string pipeline = Activate();
  const v1::TaskObject polled = Poll();
  v1::ListTasksRequest request;
  request.set_worker_group("wg");
  request.add_states(v1::Task::LEASED);
  const auto listed = server_.Call(
      server_.queue(), &v1::TaskQueue::StubInterface::ListTasks, request);
  ASSERT_TRUE(listed.status.ok()) << listed.status.error_message();
  ASSERT_EQ(listed.output.tasks_size(), 1);
  const auto task = server_.GetTask(listed.output.tasks(0).name());
  ASSERT_TRUE(task.status.ok()) << task.status.error_message();
  EXPECT_EQ(task.output.type(), "ShellCommandActivity");
  EXPECT_EQ(task.output.task_object().attempt_id(), polled.attempt_id());
  EXPECT_EQ(FieldOf(pipeline, polled.attempt_id(), "@taskName"),
            task.output.name());
  EXPECT_EQ(Named(task.output.task_object().pipeline_id()), pipeline);
  EXPECT_EQ(task.output.attempts_size(), 1);
}

TEST_F(PipelineRuns, FalseIsForPreconditionsOnly) {
  Activate();
  EXPECT_EQ(ReasonOf(&Stub::SetTaskStatus,
                     absl::StrCat("task_status: FALSE task_id: '",
                                  Poll().task_id(), "'")),
            kInvalid);
}

// The activity A runs on Machine, on demand.
constexpr char kOnAMachine[] = R"pb(
  pipeline_objects {
    id: "Default"
    name: "Default"
    fields { key: "scheduleType" string_value: "ondemand" }
    fields { key: "role" string_value: "role" }
    fields { key: "resourceRole" string_value: "role" }
  }
  pipeline_objects {
    id: "Machine"
    name: "Machine"
    fields { key: "type" string_value: "Ec2Resource" }
    fields { key: "terminateAfter" string_value: "2 hours" }
  }
  pipeline_objects {
    id: "A"
    name: "A"
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "true" }
    fields { key: "runsOn" ref_value: "Machine" }
  }
)pb";

class PipelineMachines : public PipelineTest {
 protected:
  PipelineMachines() : pipeline_(Activate(kOnAMachine)) {
    for (const std::string& id : Query(pipeline_, "INSTANCE")) {
      if (id.rfind("@Machine", 0) == 0) machine_ = id;
    }
  }

  std::string pipeline_;
  std::string machine_;  // its instance
};

// DATAPIPELINE sections 2.6, 3.17 and 4.4.
TEST_F(PipelineMachines, TellARunnerToExitWhenTheyHaveEnded) {
  const std::string group = FieldOf(pipeline_, machine_, "workerGroup");
  const auto is_to_exit = [&] {
    return Do(&Stub::ReportTaskRunnerHeartbeat,
              absl::StrCat("taskrunner_id: 'r' worker_group: '", group, "'"))
        .terminate();
  };
  const v1::TaskObject task = server_.Poll(group).output.task_object();
  EXPECT_FALSE(is_to_exit());
  End(task, "FINISHED");
  EXPECT_TRUE(is_to_exit());
  Do(&Stub::DeletePipeline, pipeline_);
  EXPECT_TRUE(is_to_exit());
}

// DATAPIPELINE sections 2.6 and 10.
TEST_F(PipelineMachines, AreShownAsTheirLauncherCallsThem) {
  const v1::TaskObject launch =
      server_.Poll("holdline.resources").output.task_object();
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@resourceId"), "");
  Do(&Stub::ReportTaskProgress,
     absl::StrCat("task_id: '", launch.task_id(),
                  "' fields { key: 'resourceId' string_value: 'i-12345' } "
                  "fields { key: 'resourceStatus' string_value: 'booting' } "
                  "fields { key: 'other' string_value: 'x' } "
                  "fields { key: '@resourceRegion' string_value: 'x' }"));
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@resourceId"), "i-12345");
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@resourceStatus"), "booting");
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@resourceRegion"), "");
  EXPECT_EQ(FieldOf(pipeline_, machine_, "other"), "");
  EXPECT_EQ(FieldOf(pipeline_, launch.attempt_id(), "resourceId"), "i-12345");
  EXPECT_EQ(FieldOf(pipeline_, launch.attempt_id(), "other"), "x");
  const std::string group = FieldOf(pipeline_, machine_, "workerGroup");
  End(server_.Poll(group).output.task_object(), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@status"), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline_, machine_, "@resourceId"), "i-12345");
}

using PipelineSteering = PipelineTest;

TEST_F(PipelineSteering, TakesItsWordsInAnyCase) {
  const std::string pipeline = Activate();
  Do(&Stub::SetStatus, pipeline + "object_ids: 'B' status: 'pause'");
  Do(&Stub::SetStatus, pipeline + "object_ids: 'B' status: 'PAUSE'");
  EXPECT_EQ(FieldOf(pipeline, "B", "@status"), "PAUSED");
  Do(&Stub::SetStatus, pipeline + "object_ids: 'B' status: 'Resume'");
  EXPECT_EQ(FieldOf(pipeline, "B", "@status"), "SCHEDULED");
}

TEST_F(PipelineSteering, ChangesNothingUnlessAllFits) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  for (const std::string& input :
       {std::string("object_ids: 'A' status: 'TRY_CANCEL'"),
        absl::StrCat("object_ids: '", kFirst, "' status: 'PAUSE'"),
        absl::StrCat("object_ids: 'A' object_ids: '", kFirst,
                     "' status: 'PAUSE'"),
        absl::StrCat("object_ids: '", kFirst,
                     "' object_ids: 'A' status: 'TRY_CANCEL'"),
        absl::StrCat("object_ids: '", kFirst, "' object_ids: '",
                     task.attempt_id(), "' status: 'TRY_CANCEL'"),
        absl::StrCat("object_ids: '", kFirst,
                     "' object_ids: '@Nobody_2012-12-12T00:00:00' status: "
                     "'TRY_CANCEL'"),
        absl::StrCat("object_ids: '", kFirst, "' status: 'STOP'")}) {
    EXPECT_EQ(ReasonOf(&Stub::SetStatus, pipeline + input), kInvalid) << input;
  }
  EXPECT_EQ(FieldOf(pipeline, "A", "@status"), "SCHEDULED");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "RUNNING");
}

TEST_F(PipelineSteering, CancelsRerunsAndFinishes) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  const std::string first = absl::StrCat("object_ids: '", kFirst, "' ");
  Do(&Stub::SetStatus, pipeline + first + "status: 'TRY_CANCEL'");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "CANCELED");
  EXPECT_TRUE(Do(&Stub::ReportTaskProgress,
                 absl::StrCat("task_id: '", task.task_id(), "'"))
                  .canceled());
  End(task, "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "CANCELED");
  Do(&Stub::SetStatus, pipeline + first + "status: 'RERUN'");
  v1::TaskObject again;
  do {
    again = Poll();
  } while (again.attempt_id() != absl::StrCat(kFirst, "_Attempt=2"));
  Do(&Stub::SetStatus, pipeline + first + "status: 'MARK_FINISHED'");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "FINISHED");
}

TEST_F(PipelineSteering, IsOverWhenThePipelineHasFinished) {
  const std::string pipeline = Activate();
  for (int i = 0; i < 4; ++i) End(Poll(), "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "FINISHED");
  EXPECT_EQ(
      ReasonOf(&Stub::SetStatus, absl::StrCat(pipeline, "object_ids: '", kFirst,
                                              "' status: 'RERUN'")),
      kInvalid);
}

using PipelineDeactivation = PipelineTest;

TEST_F(PipelineDeactivation, CancelsWhatRunsUnlessToldOtherwise) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  Do(&Stub::DeactivatePipeline, pipeline);
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "INACTIVE");
  EXPECT_EQ(FieldOf(pipeline, "A", "@status"), "INACTIVE");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "CANCELED");
  EXPECT_TRUE(Do(&Stub::ReportTaskProgress,
                 absl::StrCat("task_id: '", task.task_id(), "'"))
                  .canceled());
  Do(&Stub::DeactivatePipeline, pipeline);
}

TEST_F(PipelineDeactivation, LetsWhatRunsFinishIfAskedTo) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  Do(&Stub::DeactivatePipeline, pipeline + "cancel_active: false");
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "DEACTIVATING");
  EXPECT_FALSE(Do(&Stub::ReportTaskProgress,
                  absl::StrCat("task_id: '", task.task_id(), "'"))
                   .canceled());
  End(task, "FINISHED");
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "INACTIVE");
  EXPECT_EQ(FieldOf(pipeline, kFirst, "@status"), "FINISHED");
  Do(&Stub::ActivatePipeline, pipeline);
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "SCHEDULED");
  Poll();
}

TEST_F(PipelineDeactivation, IsForActivePipelines) {
  EXPECT_EQ(ReasonOf(&Stub::DeactivatePipeline, Create("pending")), kInvalid);
  const std::string pipeline = Activate();
  for (int i = 0; i < 4; ++i) End(Poll(), "FINISHED");
  EXPECT_EQ(ReasonOf(&Stub::DeactivatePipeline, pipeline), kInvalid);
}

}  // namespace
}  // namespace holdline
