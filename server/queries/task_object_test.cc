#include "server/queries/task_object.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr size_t kPayloadMax = 1 << 20;
const absl::Time kStart = absl::FromUnixSeconds(1355270400);  // 2012-12-12
const absl::Time kReady = absl::FromUnixSeconds(1355362850);

v1::NewTask ParseTask(const std::string& text) {
  v1::NewTask task;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &task));
  return task;
}

std::string ErrorOf(const std::string& text, size_t payload_max = kPayloadMax) {
  const auto content =
      MakeTaskContent(ParseTask(text), "tasks[0]", kStart, payload_max);
  EXPECT_TRUE(absl::IsInvalidArgument(content.status()));
  return std::string(content.status().message());
}

// Submits a task and hands its second attempt out.
v1::TaskObject RoundTrip(v1::NewTask new_task) {
  const auto content =
      MakeTaskContent(std::move(new_task), "tasks[0]", kStart, kPayloadMax);
  EXPECT_TRUE(content.ok()) << content.status();
  Task task;
  task.id = TaskId{42};
  task.state.attempt = 2;
  task.state.ready_at = kReady;
  v1::TaskObject object;
  EXPECT_TRUE(FillTaskObject(content->payload, task, &object).ok());
  return object;
}

// A field as `key=value`, or `key->ref`.
std::vector<std::string> Flatten(const v1::PipelineObject& object) {
  std::vector<std::string> fields;
  for (const v1::Field& field : object.fields()) {
    fields.push_back(field.key() + (field.has_ref_value()
                                        ? "->" + field.ref_value()
                                        : "=" + field.string_value()));
  }
  return fields;
}

// The task object of the documented sample, with the ids and times in place of
// which a direct task has its own.
constexpr char kSample[] =
    R"json({"attemptId":"@SayHello_2012-12-12T00:00:00_Attempt=2","objects":{"@SayHello_2012-12-12T00:00:00_Attempt=2":{"id":"@SayHello_2012-12-12T00:00:00_Attempt=2","name":"@SayHello_2012-12-12T00:00:00_Attempt=2","fields":[{"key":"@componentParent","refValue":"SayHello"},{"key":"@scheduledStartTime","stringValue":"2012-12-12T00:00:00"},{"key":"parent","refValue":"SayHello"},{"key":"@sphere","stringValue":"ATTEMPT"},{"key":"workerGroup","stringValue":"MyworkerGroup"},{"key":"@instanceParent","refValue":"@SayHello_2012-12-12T00:00:00"},{"key":"type","stringValue":"ShellCommandActivity"},{"key":"@status","stringValue":"WAITING_FOR_RUNNER"},{"key":"@version","stringValue":"1"},{"key":"schedule","refValue":"Schedule"},{"key":"@actualStartTime","stringValue":"2012-12-13T01:40:50"},{"key":"command","stringValue":"echo hello"},{"key":"@scheduledEndTime","stringValue":"2012-12-12T00:00:00"},{"key":"@activeInstances","refValue":"@SayHello_2012-12-12T00:00:00"},{"key":"@pipelineId","stringValue":"task-42"}]}},"pipelineId":"task-42"})json";

TEST(TaskObjectTest, ThePlainFormBecomesAnObjectOfItsType) {
  const v1::TaskObject object = RoundTrip(ParseTask(R"pb(
    worker_group: "g"
    type: "ShellCommandActivity"
    fields { key: "command" string_value: "echo hello" }
    fields { key: "scriptArgument" string_value: "a" }
    fields { key: "scriptArgument" string_value: "b" })pb"));
  const std::string attempt =
      "@ShellCommandActivity_2012-12-12T00:00:00_Attempt=2";
  EXPECT_EQ(object.attempt_id(), attempt);
  EXPECT_EQ(object.pipeline_id(), "task-42");
  EXPECT_FALSE(object.has_task_id());
  ASSERT_EQ(object.objects_size(), 1);
  const v1::PipelineObject& performed = object.objects().at(attempt);
  EXPECT_EQ(performed.id(), attempt);
  EXPECT_EQ(performed.name(), attempt);
  EXPECT_THAT(
      Flatten(performed),
      testing::ElementsAre(
          "command=echo hello", "scriptArgument=a", "scriptArgument=b",
          "@componentParent->ShellCommandActivity",
          "@scheduledStartTime=2012-12-12T00:00:00",
          "parent->ShellCommandActivity", "@sphere=ATTEMPT", "workerGroup=g",
          "@instanceParent->@ShellCommandActivity_2012-12-12T00:00:00",
          "type=ShellCommandActivity", "@status=WAITING_FOR_RUNNER",
          "@version=1", "@actualStartTime=2012-12-13T01:40:50",
          "@scheduledEndTime=2012-12-12T00:00:00",
          "@activeInstances->@ShellCommandActivity_2012-12-12T00:00:00",
          "@pipelineId=task-42"));
}

TEST(TaskObjectTest, TheRunnerIsToldTheTimeoutsThatWereAskedFor) {
  const v1::TaskObject object = RoundTrip(ParseTask(R"pb(
    worker_group: "g"
    type: "T"
    fields { key: "attemptTimeout" string_value: "what the runner would see" }
    report_progress_timeout { seconds: 90 }
    attempt_timeout { seconds: 7200 })pb"));
  EXPECT_THAT(
      Flatten(object.objects().at(object.attempt_id())),
      testing::AllOf(testing::Contains("reportProgressTimeout=90 seconds"),
                     testing::Contains("attemptTimeout=120 minutes")));
}

TEST(TaskObjectTest, TheDocumentedSampleComesBackAsItWas) {
  std::string submitted = kSample;
  // The submitter's ids and times are not the task's own.
  const auto replace = [&](const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = submitted.find(from, at)) != std::string::npos;
         at += to.size()) {
      submitted.replace(at, from.size(), to);
    }
  };
  replace("_Attempt=2", "_Attempt=1");
  replace("2012-12-12T00:00:00", "2011-01-01T11:11:11");
  replace("task-42", "df-0937003356ZJEXAMPLE");
  v1::NewTask task;
  task.set_worker_group("MyworkerGroup");
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                  submitted, task.mutable_task_object())
                  .ok());

  v1::TaskObject expected;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(kSample, &expected).ok());
  const v1::TaskObject object = RoundTrip(std::move(task));
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(object, expected))
      << object.DebugString();
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(object, &json).ok());
  std::string expected_json;
  ASSERT_TRUE(
      google::protobuf::util::MessageToJsonString(expected, &expected_json)
          .ok());
  EXPECT_EQ(json, expected_json);
}

TEST(TaskObjectTest, OtherObjectsAccompanyThePerformedOneUnchanged) {
  const v1::TaskObject object = RoundTrip(ParseTask(R"pb(
    worker_group: "g"
    task_object {
      attempt_id: "Copy"
      objects {
        key: "Copy"
        value {
          id: "Copy"
          name: "copies"
          fields { key: "type" string_value: "CopyActivity" }
          fields { key: "@status" string_value: "FINISHED" }
          fields { key: "@status" string_value: "FAILED" }
          fields { key: "input" ref_value: "In" }
        }
      }
      objects {
        key: "In"
        value {
          id: "In"
          name: "in"
          fields { key: "@status" string_value: "FINISHED" }
          fields { key: "type" string_value: "S3DataNode" }
        }
      }
    })pb"));
  ASSERT_EQ(object.objects_size(), 2);
  EXPECT_EQ(object.attempt_id(), "@Copy_2012-12-12T00:00:00_Attempt=2");
  EXPECT_EQ(object.objects().at("In").name(), "in");
  EXPECT_THAT(Flatten(object.objects().at("In")),
              testing::ElementsAre("@status=FINISHED", "type=S3DataNode"));
  const auto fields = Flatten(object.objects().at(object.attempt_id()));
  ASSERT_GE(fields.size(), 3u);
  EXPECT_EQ(fields[0], "type=CopyActivity");
  EXPECT_EQ(fields[1], "@status=WAITING_FOR_RUNNER");
  EXPECT_EQ(fields[2], "input->In");
}

TEST(TaskObjectTest, NeedsExactlyOneOfTheTwoForms) {
  EXPECT_THAT(ErrorOf(R"pb(worker_group: "g")pb"), HasSubstr("tasks[0].type"));
  EXPECT_THAT(ErrorOf(R"pb(worker_group: "g"
                           type: "T"
                           task_object { attempt_id: "a" })pb"),
              HasSubstr("'tasks[0].taskObject'"));
}

TEST(TaskObjectTest, NeedsExactlyOneValueForEachField) {
  EXPECT_THAT(ErrorOf(R"pb(type: "T"
                           fields { key: "k" })pb"),
              HasSubstr("'tasks[0].fields[0]'"));
  EXPECT_THAT(
      ErrorOf(
          R"pb(type: "T"
               fields { key: "k" string_value: "a" ref_value: "b" })pb"),
      HasSubstr("exactly one of stringValue and refValue"));
  EXPECT_THAT(ErrorOf(R"pb(type: "T"
                           fields { key: "k" string_value: "" })pb"),
              HasSubstr("'tasks[0].fields[0].stringValue'"));
  EXPECT_THAT(ErrorOf(R"pb(task_object {
                             attempt_id: "a"
                             objects {
                               key: "a"
                               value { fields { key: "k" } }
                             }
                           })pb"),
              HasSubstr("'tasks[0].taskObject.objects[*].fields[0]'"));
}

TEST(TaskObjectTest, NeedsToKnowWhatToPerform) {
  EXPECT_THAT(ErrorOf(R"pb(task_object { attempt_id: "a" })pb"),
              HasSubstr("'tasks[0].taskObject.attemptId'"));
  EXPECT_THAT(ErrorOf(R"pb(task_object {
                             attempt_id: "a"
                             objects {
                               key: "a"
                               value { id: "a" name: "a" }
                             }
                           })pb"),
              HasSubstr("with the key type"));
}

TEST(TaskObjectTest, NeedsTheFieldsThatItsTypeRequires) {
  EXPECT_THAT(ErrorOf(R"pb(type: "ShellCommandActivity")pb"),
              AllOf(HasSubstr("'tasks[0].fields'"),
                    HasSubstr("one of the keys command, scriptUri"),
                    HasSubstr("ShellCommandActivity")));
  EXPECT_THAT(
      ErrorOf(R"pb(type: "ShellCommandActivity"
                   fields { key: "command" ref_value: "elsewhere" })pb"),
      HasSubstr("one of the keys command, scriptUri"));
  EXPECT_THAT(
      ErrorOf(R"pb(type: "ShellCommandActivity"
                   fields { key: "command" string_value: "true" }
                   fields { key: "scriptUri" string_value: "s3://b/k" })pb"),
      HasSubstr("only one of the keys command, scriptUri"));
  EXPECT_THAT(ErrorOf(R"pb(type: "HadoopActivity")pb"),
              HasSubstr("the key jarUri"));
  EXPECT_THAT(ErrorOf(R"pb(type: "SqlActivity"
                           fields { key: "script" string_value: "select 1" }
              )pb"),
              HasSubstr("the key database"));
  EXPECT_THAT(ErrorOf(R"pb(type: "ShellCommandPrecondition")pb"),
              HasSubstr("one of the keys command, scriptUri"));
  EXPECT_THAT(
      ErrorOf(
          R"pb(task_object {
                 attempt_id: "a"
                 objects {
                   key: "a"
                   value {
                     id: "a"
                     fields { key: "type" string_value: "ShellCommandActivity" }
                   }
                 }
               })pb"),
      HasSubstr("'tasks[0].taskObject.objects[*].fields'"));
}

TEST(TaskObjectTest, RequiresNothingOfWhatNoRunnerOfAwsPerforms) {
  for (const char* type : {"MyOwn", "EmrActivity", "S3KeyExists", "Default"}) {
    v1::NewTask task;
    task.set_worker_group("g");
    task.set_type(type);
    EXPECT_TRUE(
        MakeTaskContent(std::move(task), "tasks[0]", kReady, 1 << 20).ok())
        << type;
  }
}

TEST(TaskObjectTest, KeepsTheIdsOfItsAttemptsForThem) {
  EXPECT_THAT(ErrorOf(R"pb(task_object {
                             attempt_id: "a"
                             objects {
                               key: "a"
                               value {
                                 id: "a"
                                 fields { key: "type" string_value: "T" }
                               }
                             }
                             objects {
                               key: "@a_2012-12-12T00:00:00_Attempt=2"
                               value {}
                             }
                           })pb"),
              HasSubstr("must not have the id of an attempt"));
}

TEST(TaskObjectTest, BoundsThePayload) {
  EXPECT_THAT(ErrorOf(R"pb(type: "T")pb", 100),
              HasSubstr("less than or equal to 100 bytes in all"));
}

TEST(TaskObjectTest, TheTaskOfAPipelineIsToldAsItIs) {
  const PipelineObject attempt{"@A_2012-12-12T00:00:00_Attempt=1",
                               "@A_2012-12-12T00:00:00_Attempt=1",
                               {{"type", "ShellCommandActivity"},
                                {"@actualStartTime", "2012-12-12T00:00:00"},
                                {"runsOn", "@M_2012-12-12T00:00:00", true}}};
  const PipelineObject machine{
      "@M_2012-12-12T00:00:00", "machine", {{"type", "Ec2Resource"}}};
  Task task;
  task.id = TaskId{42};
  task.spec.kind = TaskKind::kActivity;
  task.state.attempt = 1;
  task.state.ready_at = kReady;
  v1::TaskObject object;
  ASSERT_TRUE(FillTaskObject(EncodeTaskObject("df-1", {attempt, machine}), task,
                             &object)
                  .ok());
  EXPECT_EQ(object.pipeline_id(), "df-1");
  EXPECT_EQ(object.attempt_id(), attempt.id);
  EXPECT_FALSE(object.has_task_id());
  ASSERT_EQ(object.objects_size(), 2);
  EXPECT_EQ(object.objects().at(attempt.id).name(), attempt.id);
  EXPECT_THAT(Flatten(object.objects().at(attempt.id)),
              testing::ElementsAre("type=ShellCommandActivity",
                                   "@actualStartTime=2012-12-12T00:00:00",
                                   "runsOn->@M_2012-12-12T00:00:00"));
  EXPECT_EQ(object.objects().at(machine.id).id(), machine.id);
  EXPECT_EQ(object.objects().at(machine.id).name(), "machine");
}

TEST(TaskObjectTest, RefusesAPayloadThatIsNotOne) {
  v1::TaskObject object;
  EXPECT_TRUE(absl::IsDataLoss(FillTaskObject("\xFF\xFF", Task(), &object)));
  v1::TaskObject other;
  EXPECT_TRUE(absl::IsDataLoss(FillTaskObject("", Task(), &other)));
}

TEST(TaskNameTest, ReadsOnlyTheNamesThatItMakes) {
  EXPECT_EQ(TaskName(TaskId{42}), "task-42");
  EXPECT_EQ(*ParseTaskName("task-42"), TaskNumber{42});
  EXPECT_EQ(TaskName(TaskId{(uint64_t{7} << kTaskNumberBits) + 42}), "task-42");
  for (const char* name :
       {"", "task-", "task-042", "task-+42", "task- 42", "task-42 ", "Task-42",
        "42", "task--1", "task-99999999999999999999"}) {
    EXPECT_TRUE(absl::IsNotFound(ParseTaskName(name).status())) << name;
  }
}

}  // namespace
}  // namespace holdline
