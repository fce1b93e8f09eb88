#include "client/runner/shell_command.h"

#include <string>

#include "absl/status/status.h"
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
