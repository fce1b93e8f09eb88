// Schedules and dependencies.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/validation_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> ErrorsWith(const SampleField& field) {
  Definition definition = HelloPipeline();
  Set(definition, "Schedule", field);
  return Errors(definition);
}

TEST(Schedules, StartAndEndAtLiteralTimes) {
  constexpr char kStart[] =
      "Schedule: INVALID_FIELD_VALUE: 'startDateTime' value must be a literal "
      "datetime value.";
  EXPECT_THAT(ErrorsWith({"startDateTime", "makeDate(2011,5,24)"}),
              ElementsAre(kStart));
  EXPECT_THAT(ErrorsWith({"startDateTime", "#{makeDate(2011,5,24)}"}),
              ElementsAre(kStart));
  EXPECT_THAT(ErrorsWith({"startDateTime", "2012-12-12T00:00:00Z"}),
              ElementsAre(kStart));
  EXPECT_THAT(
      ErrorsWith({"endDateTime", "later"}),
      ElementsAre("Schedule: INVALID_FIELD_VALUE: 'endDateTime' value must be "
                  "a literal datetime value."));
}

TEST(Schedules, EndAfterTheyStart) {
  EXPECT_THAT(ErrorsWith({"endDateTime", "2012-12-12T00:00:00"}),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'endDateTime' value "
                          "must be later than 'startDateTime'."));
}

TEST(Schedules, HavePeriodsOfFifteenMinutesToThreeYears) {
  for (const char* period : {"15 minutes", "1 Hour", "36 months", "3 years"}) {
    EXPECT_THAT(ErrorsWith({"period", period}), IsEmpty()) << period;
  }
  EXPECT_THAT(ErrorsWith({"period", "14 minutes"}),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'period' value must "
                          "be at least 15 minutes."));
  EXPECT_THAT(ErrorsWith({"period", "37 months"}),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'period' value must "
                          "be at most 3 years."));
  EXPECT_THAT(ErrorsWith({"period", "#{@often}"}),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'period' value must "
                          "be a literal."));
  ValidationLimits limits;
  limits.period_min = {1, Period::Unit::kMinute};
  Definition definition = HelloPipeline();
  Set(definition, "Schedule", {"period", "1 minute"});
  EXPECT_THAT(Errors(definition, limits), IsEmpty());
}

TEST(Schedules, HaveOneStartAndAtMostOneEnd) {
  EXPECT_THAT(ErrorsWith({"startAt", "FIRST_ACTIVATION_DATE_TIME"}),
              ElementsAre("Schedule: CONFLICTING_FIELDS: only one of "
                          "'startDateTime', 'startAt' can be set."));
  EXPECT_THAT(ErrorsWith({"occurrences", "3"}),
              ElementsAre("Schedule: CONFLICTING_FIELDS: only one of "
                          "'endDateTime', 'occurrences' can be set."));
  Definition definition = HelloPipeline();
  Remove(definition, "Schedule", "startDateTime");
  EXPECT_THAT(Errors(definition),
              ElementsAre("Schedule: MISSING_FIELD: one of 'startDateTime', "
                          "'startAt' is required."));
  Set(definition, "Schedule", {"startAt", "First_Activation_Date_Time"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Set(definition, "Schedule", {"startAt", "NOON"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'startAt' value must "
                          "be one of 'FIRST_ACTIVATION_DATE_TIME', "
                          "'ONDEMAND_ACTIVATION_TIME'."));
}

TEST(Schedules, OccurAtLeastOnce) {
  Definition definition = HelloPipeline();
  Remove(definition, "Schedule", "endDateTime");
  Set(definition, "Schedule", {"occurrences", "0"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Schedule: INVALID_FIELD_VALUE: 'occurrences' value "
                          "must be at least 1."));
}

TEST(Schedules, AreNeededByWhatRunsAndNotByTheRest) {
  Definition definition = ShellPipeline();
  Remove(definition, "Default", "schedule");
  EXPECT_THAT(Errors(definition),
              ElementsAre(HasSubstr("Raw: MISSING_FIELD: 'schedule'"),
                          HasSubstr("Compressed: MISSING_FIELD: 'schedule'"),
                          HasSubstr("Compress: MISSING_FIELD: 'schedule'")));
}

TEST(Backfill, IsFreeUnlessItIsLimited) {
  const Definition definition = HelloPipeline();
  ValidationPurpose purpose;
  purpose.for_activation = true;
  purpose.now = TestNow() + absl::Hours(25);
  ValidationLimits limits;
  EXPECT_THAT(Validate(definition, purpose, limits).errors, IsEmpty());
  limits.backfill_max = absl::Hours(24);
  EXPECT_THAT(Flat(Validate(definition, purpose, limits).errors),
              ElementsAre("SayHello: EXCEEDED_LIMIT: the work starts at "
                          "2012-12-12T00:00:00, more than 24h ago; activate "
                          "the pipeline with a start timestamp."));
  purpose.start = TestNow() + absl::Hours(1);
  EXPECT_THAT(Validate(definition, purpose, limits).errors, IsEmpty());
  purpose.start = absl::InfinitePast();
  purpose.active = &definition;
  EXPECT_THAT(Validate(definition, purpose, limits).errors, IsEmpty());
}

TEST(OnDemand, NeedsNoSchedule) {
  EXPECT_EQ(Check(OnDemandPipeline()), ValidationReport());
}

TEST(OnDemand, MayHaveAScheduleOfItsKind) {
  Definition definition = HelloPipeline();
  Set(definition, "Default", {"scheduleType", "ondemand"});
  Remove(definition, "Schedule", "startDateTime");
  Remove(definition, "Schedule", "endDateTime");
  Set(definition, "Schedule", {"period", "ondemand_period"});
  Set(definition, "Schedule", {"startAt", "ONDEMAND_ACTIVATION_TIME"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Set(definition, "Schedule", {"period", "1 day"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Schedule: CONFLICTING_FIELDS: the period "
                          "ONDEMAND_PERIOD and the start "
                          "ONDEMAND_ACTIVATION_TIME go together."));
}

TEST(OnDemand, HasNoRealSchedule) {
  Definition definition = ShellPipeline();
  Set(definition, "Default", {"scheduleType", "ondemand"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Default: CONFLICTING_FIELDS: with the "
                          "'scheduleType' ondemand there must be no "
                          "'schedule'."));
}

TEST(OnDemand, IsTheOnlyTypeOfAPipeline) {
  Definition definition = OnDemandPipeline();
  Set(definition, "Second", {"scheduleType", "cron"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Second: CONFLICTING_FIELDS: the 'scheduleType' "
                          "ondemand must be the only one of a pipeline."));
}

TEST(Dependencies, ComeToAnEnd) {
  Definition definition = OnDemandPipeline();
  Set(definition, "First", {"dependsOn", Ref("Second")});
  EXPECT_THAT(Errors(definition),
              ElementsAre("First: CYCLIC_DEPENDENCY: 'First' waits for "
                          "'Second' waits for 'First'."));
  definition = ShellPipeline();
  Set(definition, "Compress", {"output", Ref("Raw")});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Raw: CYCLIC_DEPENDENCY: 'Raw' waits for 'Compress' "
                          "waits for 'Raw'."));
}

TEST(Dependencies, DoNotMeetInTooManyInOneInstance) {
  Definition definition = NestedSchedules();
  Set(definition, "Daily", {"period", "32 hours"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Set(definition, "Daily", {"period", "33 hours"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Summarize: EXCEEDED_LIMIT: an instance can wait for "
                          "32 of another object, and 33 of 'HourlyLog' are "
                          "within its period."));
  Set(definition, "Hourly", {"period", "1 day"});
  Set(definition, "Daily", {"period", "1 month"});
  EXPECT_THAT(Errors(definition), IsEmpty());
}

}  // namespace
}  // namespace holdline
