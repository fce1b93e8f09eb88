// What may change of a pipeline that was activated.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/validation_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Expects that a change is refused, with this as the only error.
void ExpectBreaks(const Definition& changed, const char* error) {
  const ValidationReport report = CheckChange(ShellPipeline(), changed);
  EXPECT_TRUE(report.breaks_active);
  EXPECT_THAT(Flat(report.errors), ElementsAre(error));
  EXPECT_THAT(report.fatal, IsEmpty());
}

TEST(Change, MayTouchAllThatIsNotNamed) {
  Definition changed = ShellPipeline();
  Set(changed, "Compress", {"command", "another"});
  Set(changed, "Compress", {"maximumRetries", "5"});
  Remove(changed, "Compress", "lateAfterTimeout");
  Set(changed, "Hourly", {"occurrences", "48"});
  changed.objects.push_back({"Format", "Format", {{"type", "CSV"}}});
  const ValidationReport report = CheckChange(ShellPipeline(), changed);
  EXPECT_THAT(Flat(report.errors), IsEmpty());
  EXPECT_FALSE(report.breaks_active);
}

TEST(Change, MayReorderFields) {
  Definition changed = ShellPipeline();
  std::vector<Field>& fields = Object(changed, "Compress").fields;
  std::reverse(fields.begin(), fields.end());
  EXPECT_FALSE(CheckChange(ShellPipeline(), changed).breaks_active);
}

TEST(Change, DoesNotRemoveObjects) {
  Definition changed = ShellPipeline();
  changed.objects.pop_back();
  Remove(changed, "Compress", "onFail");
  Remove(changed, "Compress", "onLateAction");
  const ValidationReport report = CheckChange(ShellPipeline(), changed);
  EXPECT_TRUE(report.breaks_active);
  EXPECT_THAT(
      Flat(report.errors),
      ElementsAre(
          "Compress: FORBIDDEN_CHANGE: the reference 'onLateAction' of an "
          "active object cannot be added, removed or changed.",
          "Compress: FORBIDDEN_CHANGE: the reference 'onFail' of an active "
          "object cannot be added, removed or changed.",
          "Alarm: FORBIDDEN_CHANGE: an active object cannot be removed."));
}

TEST(Change, DoesNotTouchThePeriodOrTheStart) {
  Definition changed = ShellPipeline();
  Set(changed, "Hourly", {"period", "2 hours"});
  ExpectBreaks(changed,
               "Hourly: FORBIDDEN_CHANGE: the 'period' of an active object "
               "cannot be changed.");
  changed = ShellPipeline();
  Set(changed, "Hourly", {"startDateTime", "2013-01-01T00:00:00"});
  ExpectBreaks(changed,
               "Hourly: FORBIDDEN_CHANGE: the 'startDateTime' of an active "
               "object cannot be changed; activate the pipeline with a start "
               "timestamp instead.");
}

TEST(Change, DoesNotTouchThePeriodThroughAParameter) {
  const std::vector<ParameterValue> bucket = {{"myBucket", "b"}};
  Definition active = ParameterPipeline();
  active.values.push_back(bucket[0]);
  Definition changed = active;
  changed.values.push_back({"myPeriod", "2 days"});
  const ValidationReport report = CheckChange(active, changed);
  EXPECT_TRUE(report.breaks_active);
  EXPECT_THAT(Flat(report.errors),
              ElementsAre("Daily: FORBIDDEN_CHANGE: the 'period' of an active "
                          "object cannot be changed."));
}

TEST(Change, DoesNotAddChangeOrRemoveReferences) {
  Definition changed = ShellPipeline();
  Set(changed, "Compress", {"onSuccess", Ref("Alarm")});
  ExpectBreaks(changed,
               "Compress: FORBIDDEN_CHANGE: the reference 'onSuccess' of an "
               "active object cannot be added, removed or changed.");
  changed = ShellPipeline();
  Remove(changed, "Raw", "precondition");
  ExpectBreaks(changed,
               "Raw: FORBIDDEN_CHANGE: the reference 'precondition' of an "
               "active object cannot be added, removed or changed.");
  changed = ShellPipeline();
  Set(changed, "Compress", {"input", Ref("Compressed")});
  Set(changed, "Compress", {"output", Ref("Raw")});
  EXPECT_TRUE(CheckChange(ShellPipeline(), changed).breaks_active);
}

TEST(Change, DoesNotWriteToWhatIsActive) {
  Definition changed = ShellPipeline();
  changed.objects.push_back({"More",
                             "More",
                             {{"type", "CopyActivity"},
                              {"input", "Raw", true},
                              {"output", "Compressed", true}}});
  ExpectBreaks(changed,
               "More: FORBIDDEN_CHANGE: the 'output' of a new object cannot be "
               "'Compressed', which is active.");
}

}  // namespace
}  // namespace holdline
