// Fields, times and files: what people type.

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/command_line/task_file.h"
#include "client/command_line/verb/field_argument.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/time_argument.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;

TEST(FieldArgumentTest, TheFirstEqualsSignDivides) {
  const auto field = ParseField("command=a=b c");
  ASSERT_TRUE(field.ok());
  EXPECT_EQ(field->key(), "command");
  EXPECT_EQ(field->string_value(), "a=b c");
  EXPECT_FALSE(field->has_ref_value());
  EXPECT_EQ(ParseField("empty=")->string_value(), "");
}

TEST(FieldArgumentTest, AReferenceNamesAnObject) {
  EXPECT_EQ(ParseReference("input=Table")->ref_value(), "Table");
  EXPECT_FALSE(ParseReference("input=").ok());
}

TEST(FieldArgumentTest, WithoutAKeyItIsInvalid) {
  for (const char* text : {"", "command", "=x"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseField(text).status())) << text;
    EXPECT_TRUE(absl::IsInvalidArgument(ParseReference(text).status())) << text;
  }
}

TEST(TimeArgumentTest, ALengthHasUnits) {
  EXPECT_EQ(*ParseDuration("--x", "90s"), absl::Seconds(90));
  EXPECT_EQ(*ParseDuration("--x", "1h30m"), absl::Minutes(90));
  EXPECT_EQ(*ParseDuration("--x", "2d"), absl::Hours(48));
  EXPECT_EQ(*ParseDuration("--x", "1d12h"), absl::Hours(36));
  EXPECT_EQ(*ParseDuration("--x", "0"), absl::ZeroDuration());
}

TEST(TimeArgumentTest, WhatIsNoLengthIsInvalidAndNamed) {
  for (const char* text : {"", "10", "ten minutes", "-5s", "inf", "d", "5dd"}) {
    const auto duration = ParseDuration("--delay", text);
    EXPECT_TRUE(absl::IsInvalidArgument(duration.status())) << text;
    EXPECT_THAT(std::string(duration.status().message()), HasSubstr("--delay"));
  }
}

TEST(TimeArgumentTest, AMomentIsAbsoluteOrFromNowOn) {
  const absl::Time now = absl::FromUnixSeconds(1000);
  EXPECT_EQ(*ParseTime("--x", "+10m", now), now + absl::Minutes(10));
  EXPECT_EQ(
      *ParseTime("--x", "2030-01-31T08:00:00+01:00", now),
      absl::FromCivil(absl::CivilSecond(2030, 1, 31, 7), absl::UTCTimeZone()));
  for (const char* text :
       {"", "10m", "tomorrow", "2030-01-31", "+", "+-1m", "infinite-future"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTime("--x", text, now).status()))
        << text;
  }
}

TEST(TimeArgumentTest, TheTimesOfPipelinesAreUtcUnlessTheySayOtherwise) {
  const absl::Time now = absl::FromUnixSeconds(1000);
  const absl::Time eight =
      absl::FromCivil(absl::CivilSecond(2030, 1, 31, 8), absl::UTCTimeZone());
  EXPECT_EQ(*ParseUtcTime("--x", "2030-01-31T08:00:00", now), eight);
  EXPECT_EQ(*ParseUtcTime("--x", "2030-01-31T09:00:00+01:00", now), eight);
  EXPECT_EQ(*ParseUtcTime("--x", "2030-01-31", now), eight - absl::Hours(8));
  EXPECT_EQ(*ParseUtcTime("--x", "+10m", now), now + absl::Minutes(10));
  for (const char* text : {"", "31.1.2030", "infinite-past", "2030-02-31"}) {
    EXPECT_FALSE(ParseUtcTime("--x", text, now).ok()) << text;
  }
}

TEST(ProtoTimeTest, TimesSurviveTheWayThereAndBack) {
  const absl::Duration duration = absl::Seconds(90) + absl::Nanoseconds(5);
  EXPECT_EQ(FromProto(ToProto(duration)), duration);
  for (const absl::Time time :
       {absl::UnixEpoch() + duration, absl::UnixEpoch() - duration}) {
    EXPECT_EQ(FromProto(ToProto(time)), time);
    EXPECT_GE(ToProto(time).nanos(), 0);
  }
}

TEST(TaskFileTest, ItHoldsOneTaskAListOrAWholeRequest) {
  const std::string task = R"({"workerGroup": "g", "type": "T"})";
  for (const std::string& json :
       {task, "\n [" + task + "]", R"({"tasks": [)" + task + "]}"}) {
    const auto request = ParseTasks(json);
    ASSERT_TRUE(request.ok()) << request.status();
    ASSERT_EQ(request->tasks_size(), 1);
    EXPECT_EQ(request->tasks(0).worker_group(), "g");
  }
}

TEST(TaskFileTest, ATaskMayHaveTheShapeOfAPollsAnswer) {
  const auto request = ParseTasks(R"({"workerGroup": "g", "taskObject": {
      "attemptId": "a", "objects": {"a": {"id": "a", "name": "a", "fields": [
          {"key": "command", "stringValue": "echo hello"}]}}}})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->tasks(0).task_object().attempt_id(), "a");
}

TEST(TaskFileTest, WhatIsNoTaskIsInvalid) {
  for (const char* json : {"", "{", "[]", "7", R"({"worker": "g"})",
                           R"({"workerGroup": 7.5, "fields": 1})"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseTasks(json).status())) << json;
  }
  EXPECT_TRUE(
      absl::IsInvalidArgument(ReadTaskFile("/nowhere/at/all").status()));
}

}  // namespace
}  // namespace holdline::client
