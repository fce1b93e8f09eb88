#include "server/pipeline/definition/component_schedule.h"

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

std::optional<Schedule> ScheduleIn(const Definition& definition,
                                   absl::string_view id) {
  const auto resolved = ResolvedDefinition::Resolve(definition);
  return ScheduleOf(resolved, *resolved.Find(id));
}

TEST(ScheduleOf, IsWhatTheObjectInherits) {
  const std::optional<Schedule> schedule =
      ScheduleIn(ShellPipeline(), "Compress");
  ASSERT_TRUE(schedule.has_value());
  EXPECT_EQ(schedule->type, ScheduleType::kCron);
  EXPECT_EQ(schedule->start, ParseFieldTime("2012-12-12T00:00:00"));
  EXPECT_EQ(schedule->period, (Period{1, Period::Unit::kHour}));
  EXPECT_EQ(schedule->occurrences, 24);
  EXPECT_EQ(schedule->end, std::nullopt);
}

TEST(ScheduleOf, IsATimeSeriesIfNothingElseIsSaid) {
  Definition definition = HelloPipeline();
  Remove(definition, "Default", "scheduleType");
  const std::optional<Schedule> schedule = ScheduleIn(definition, "SayHello");
  ASSERT_TRUE(schedule.has_value());
  EXPECT_EQ(schedule->type, ScheduleType::kTimeSeries);
  EXPECT_EQ(schedule->end, ParseFieldTime("2012-12-21T18:00:00"));
}

TEST(ScheduleOf, IsNothingForWhatFollowsItsOwner) {
  EXPECT_EQ(ScheduleIn(ShellPipeline(), "RawIsThere"), std::nullopt);
  EXPECT_EQ(ScheduleIn(ShellPipeline(), "Alarm"), std::nullopt);
  EXPECT_EQ(ScheduleIn(ShellPipeline(), "Hourly"), std::nullopt);
}

TEST(ScheduleOf, LeavesTheFirstActivationToBeBound) {
  Definition definition = HelloPipeline();
  Remove(definition, "Schedule", "startDateTime");
  Set(definition, "Schedule", {"startAt", "first_activation_date_time"});
  const std::optional<Schedule> schedule = ScheduleIn(definition, "SayHello");
  ASSERT_TRUE(schedule.has_value());
  EXPECT_TRUE(schedule->starts_at_first_activation);
}

TEST(ScheduleOf, IsNothingIfTheScheduleIsWrong) {
  for (const SampleField& field :
       std::vector<SampleField>{{"period", "often"},
                                {"startDateTime", "makeDate(2011,5,24)"},
                                {"startAt", "FIRST_ACTIVATION_DATE_TIME"},
                                {"endDateTime", "2012-12-12T00:00:00"},
                                {"occurrences", "3"}}) {
    Definition definition = HelloPipeline();
    Set(definition, "Schedule", field);
    EXPECT_EQ(ScheduleIn(definition, "SayHello"), std::nullopt)
        << field.field.key;
  }
}

TEST(OnDemand, IsSaidByTheTypeOrByTheSchedule) {
  EXPECT_EQ(ScheduleIn(OnDemandPipeline(), "First")->type,
            ScheduleType::kOnDemand);
  Definition definition = HelloPipeline();
  Remove(definition, "Default", "scheduleType");
  Remove(definition, "Schedule", "startDateTime");
  Remove(definition, "Schedule", "endDateTime");
  Set(definition, "Schedule", {"period", "ONDEMAND_PERIOD"});
  Set(definition, "Schedule", {"startAt", "ONDEMAND_ACTIVATION_TIME"});
  EXPECT_EQ(ScheduleIn(definition, "SayHello")->type, ScheduleType::kOnDemand);
}

}  // namespace
}  // namespace holdline
