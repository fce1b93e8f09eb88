#include "client/runner/shell_command.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/runner/period.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

v1::TaskObject TaskWith(const std::string& fields) {
  v1::PipelineObject object;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(fields, &object));
  v1::TaskObject task;
  task.set_attempt_id("a");
  (*task.mutable_objects())["a"] = object;
  (*task.mutable_objects())["b"].add_fields()->set_key("command");
  return task;
}

TEST(ShellCommandTest, ItHasTheTasksCommandArgumentsAndFiles) {
  const auto command = ReadShellCommand(TaskWith(R"pb(
    fields { key: "scriptArgument" string_value: "2nd is last" }
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "echo $1" }
    fields { key: "stdout" string_value: "/tmp/out" }
    fields { key: "stderr" string_value: "err" }
    fields { key: "scriptArgument" string_value: "" })pb"));
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->command, "echo $1");
  EXPECT_THAT(command->arguments, ElementsAre("2nd is last", ""));
  EXPECT_EQ(command->stdout_path, "/tmp/out");
  EXPECT_EQ(command->stderr_path, "err");
}

TEST(ShellCommandTest, AnotherTypeIsUnimplementedAndNamed) {
  const auto command = ReadShellCommand(
      TaskWith(R"pb(fields { key: "type" string_value: "HiveActivity" })pb"));
  EXPECT_TRUE(absl::IsUnimplemented(command.status()));
  EXPECT_THAT(std::string(command.status().message()),
              HasSubstr("HiveActivity"));
}

TEST(ShellCommandTest, AScriptToFetchIsUnimplemented) {
  const auto command = ReadShellCommand(TaskWith(R"pb(
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "scriptUri" string_value: "s3://b/k" })pb"));
  EXPECT_TRUE(absl::IsUnimplemented(command.status()));
}

// Without staging, `cp ${INPUT1_STAGING_DIR}/*` would copy `/*`.
TEST(ShellCommandTest, WhatMakesAnotherCommandOfItIsUnimplementedAndNamed) {
  const auto refusal = [](const std::string& key, const std::string& value) {
    const auto command = ReadShellCommand(TaskWith(absl::StrCat(
        R"(fields { key: "type" string_value: "ShellCommandActivity" })",
        R"(fields { key: "command" string_value: "rm -rf $1/*" })",
        R"(fields { key: ")", key, R"(" string_value: ")", value, R"(" })")));
    EXPECT_TRUE(absl::IsUnimplemented(command.status())) << key << value;
    return std::string(command.status().message());
  };
  EXPECT_THAT(refusal("stage", "true"), HasSubstr("`stage`"));
  EXPECT_THAT(refusal("stage", "TRUE"), HasSubstr("`stage`"));
  EXPECT_THAT(refusal("stage", "1"), HasSubstr("`stage`"));
  EXPECT_THAT(refusal("scriptUri", "s3://b/k"), HasSubstr("`scriptUri`"));
  EXPECT_THAT(refusal("stdout", "s3://b/out"), HasSubstr("`stdout`"));
  EXPECT_THAT(refusal("stderr", "s3://b/err"), HasSubstr("s3://b/err"));
}

TEST(ShellCommandTest, WhatDefinitionsSetWithoutHarmIsIgnored) {
  const auto command = ReadShellCommand(TaskWith(R"pb(
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "true" }
    fields { key: "stage" string_value: "False" }
    fields { key: "pipelineLogUri" string_value: "s3://b/logs" }
    fields { key: "role" string_value: "DataPipelineDefaultRole" }
    fields { key: "input" ref_value: "In" }
    fields { key: "output" ref_value: "Out" }
    fields { key: "failureAndRerunMode" string_value: "cascade" }
    fields { key: "myOwn" string_value: "value" })pb"));
  EXPECT_TRUE(command.ok()) << command.status();
}

TEST(ShellCommandTest, OfTwoCommandsNoneIsTheOne) {
  const auto command = ReadShellCommand(TaskWith(R"pb(
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "true" }
    fields { key: "command" string_value: "false" })pb"));
  EXPECT_TRUE(absl::IsInvalidArgument(command.status()));
}

TEST(ShellCommandTest, WithoutACommandOrItsObjectTheTaskIsInvalid) {
  const auto no_command = ReadShellCommand(TaskWith(
      R"pb(fields { key: "type" string_value: "ShellCommandActivity" })pb"));
  EXPECT_TRUE(absl::IsInvalidArgument(no_command.status()));
  v1::TaskObject task = TaskWith("");
  task.set_attempt_id("c");
  EXPECT_TRUE(absl::IsInvalidArgument(ReadShellCommand(task).status()));
}

TEST(ShellCommandTest, TheProgressTimeoutIsThereIfItCanBeRead) {
  EXPECT_EQ(ReportProgressTimeout(TaskWith(
                R"pb(fields {
                       key: "reportProgressTimeout"
                       string_value: "5 minutes"
                     })pb")),
            absl::Minutes(5));
  EXPECT_EQ(ReportProgressTimeout(TaskWith("")), std::nullopt);
}

TEST(PeriodTest, ItIsANumberAndAUnit) {
  EXPECT_EQ(ParsePeriod("1 second"), absl::Seconds(1));
  EXPECT_EQ(ParsePeriod("15 Minutes"), absl::Minutes(15));
  EXPECT_EQ(ParsePeriod(" 2  hours "), absl::Hours(2));
  EXPECT_EQ(ParsePeriod("1 day"), absl::Hours(24));
  EXPECT_EQ(ParsePeriod("2 weeks"), absl::Hours(2 * 7 * 24));
  for (const char* text : {"", "5", "minutes", "0 minutes", "-1 hour",
                           "1.5 hours", "1 fortnight", "1 hour 5 minutes"}) {
    EXPECT_EQ(ParsePeriod(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace holdline::client
