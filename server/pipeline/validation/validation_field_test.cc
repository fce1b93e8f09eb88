// Fields: whether they may be there, their values, and what must not be
// missing.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/validation_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What is said of Compress in ShellPipeline() with this field.
std::vector<std::string> ErrorsWith(const SampleField& field) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", field);
  return Errors(definition);
}

std::vector<std::string> ErrorsOfResourceWith(const SampleField& field) {
  Definition definition = ResourcePipeline();
  Set(definition, "Resource", field);
  return Errors(definition);
}

TEST(Fields, OfTheServiceAreNotForClients) {
  EXPECT_THAT(
      ErrorsWith({"@status", "FINISHED"}),
      ElementsAre(
          "Compress: READ_ONLY_FIELD: '@status' is set by the service."));
}

TEST(Fields, ThatTheTypeLacksAreWorthAWarning) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"filePath", "x"});
  Set(definition, "Default", {"colour", "blue"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition),
              ElementsAre("Default: UNKNOWN_FIELD: 'colour' is no field of any "
                          "type.",
                          "Compress: UNKNOWN_FIELD: 'filePath' is no field of "
                          "the type 'ShellCommandActivity'."));
}

TEST(Fields, OfTheUserAreCheckedForReferencesAlone) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"myText", "anything"});
  Set(definition, "Compress", {"my_ref", Ref("Raw")});
  EXPECT_EQ(Check(definition), Check(ShellPipeline()));
  EXPECT_THAT(ErrorsWith({"myRef", Ref("Nobody")}),
              ElementsAre("Compress: INVALID_REFERENCE: 'myRef' refers to "
                          "'Nobody', and there is no such object."));
}

TEST(Fields, ThatAreInheritedWithoutMeaningAreIgnored) {
  Definition definition = ShellPipeline();
  Set(definition, "Default", {"instanceType", "m1.small"});
  Set(definition, "Default", {"onFail", Ref("Alarm")});
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition), IsEmpty());
}

TEST(Fields, HaveOneValueUnlessTheyMayRepeat) {
  Definition definition = ShellPipeline();
  Add(definition, "Compress", {"command", "another"});
  Add(definition, "Compress", {"scriptArgument", "another"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'command' can have "
                          "at most 1 value, and has 2."));
}

TEST(References, MustBeReferencesAndOthersMustNot) {
  EXPECT_THAT(ErrorsWith({"precondition", "RawIsThere"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'precondition' value "
                          "must be a reference to an object."));
  EXPECT_THAT(ErrorsWith({"command", Ref("Raw")}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'command' value must "
                          "not be a reference."));
  EXPECT_THAT(ErrorsWith({"parent", "Default"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'parent' value must "
                          "be a reference to an object."));
}

TEST(References, NameObjectsThatExistAndFit) {
  EXPECT_THAT(ErrorsWith({"onSuccess", Ref("Nobody")}),
              ElementsAre("Compress: INVALID_REFERENCE: 'onSuccess' refers to "
                          "'Nobody', and there is no such object."));
  EXPECT_THAT(ErrorsWith({"onSuccess", Ref("Raw")}),
              ElementsAre("Compress: INVALID_REFERENCE: 'onSuccess' cannot "
                          "refer to 'Raw', which is of the type "
                          "'S3DataNode'."));
  EXPECT_THAT(ErrorsWith({"dependsOn", Ref("Default")}),
              ElementsAre("Compress: INVALID_REFERENCE: 'dependsOn' cannot "
                          "refer to 'Default', which is an object without a "
                          "type."));
}

TEST(References, OfObjectsWithoutATypeAreCheckedToo) {
  Definition definition = ShellPipeline();
  Set(definition, "Default", {"schedule", "Hourly"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Default: INVALID_FIELD_VALUE: 'schedule' value must "
                          "be a reference to an object."));
}

TEST(Values, OfEnumerationsAreInAnyCase) {
  for (const char* value : {"none", "NONE", "Cascade"}) {
    EXPECT_THAT(ErrorsWith({"failureAndRerunMode", value}), IsEmpty());
  }
  EXPECT_THAT(ErrorsWith({"failureAndRerunMode", "some"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: "
                          "'failureAndRerunMode' value must be one of 'none', "
                          "'cascade'."));
}

TEST(Values, OfNumbersAreWithinTheirRange) {
  EXPECT_THAT(ErrorsWith({"maximumRetries", "0"}), IsEmpty());
  EXPECT_THAT(ErrorsWith({"maximumRetries", "5"}), IsEmpty());
  EXPECT_THAT(ErrorsWith({"maximumRetries", "6"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'maximumRetries' "
                          "value must be from 0 to 5."));
  EXPECT_THAT(ErrorsWith({"maximumRetries", "few"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'maximumRetries' "
                          "value must be an integer."));
  EXPECT_THAT(ErrorsWith({"maxActiveInstances", "0"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: "
                          "'maxActiveInstances' value must be from 1 to 5."));
  EXPECT_THAT(ErrorsOfResourceWith({"spotBidPrice", "0.05"}), IsEmpty());
  EXPECT_THAT(ErrorsOfResourceWith({"spotBidPrice", "20"}),
              ElementsAre("Resource: INVALID_FIELD_VALUE: 'spotBidPrice' value "
                          "must be from 0 to 20, without these."));
  EXPECT_THAT(ErrorsOfResourceWith({"spotBidPrice", "nan"}),
              ElementsAre(HasSubstr("must be from 0 to 20")));
  EXPECT_THAT(
      ErrorsOfResourceWith({"instanceCount", "0"}),
      ElementsAre("Resource: INVALID_FIELD_VALUE: 'instanceCount' value "
                  "must be at least 1."));
}

TEST(Values, OfNumbersFollowTheLimitsOfTheServer) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"maximumRetries", "9"});
  Set(definition, "Compress", {"maxActiveInstances", "20"});
  ValidationLimits limits;
  limits.retries_max = 9;
  limits.active_instances_max = 20;
  EXPECT_THAT(Errors(definition, limits), IsEmpty());
}

TEST(Values, OfBooleansAreTrueOrFalse) {
  EXPECT_THAT(ErrorsWith({"stage", "False"}), IsEmpty());
  EXPECT_THAT(ErrorsWith({"stage", "yes"}),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'stage' value must "
                          "be 'true' or 'false'."));
}

TEST(Values, OfPeriodsAreANumberAndAUnit) {
  EXPECT_THAT(ErrorsWith({"attemptTimeout", "90 Minutes"}), IsEmpty());
  EXPECT_THAT(ErrorsWith({"retryDelay", "1 minute"}), IsEmpty());
  EXPECT_THAT(
      ErrorsWith({"attemptTimeout", "soon"}),
      ElementsAre("Compress: INVALID_FIELD_VALUE: 'attemptTimeout' value must "
                  "be a period such as '15 minutes' or '1 day'."));
  ValidationLimits limits;
  limits.retry_delay_min = {2, Period::Unit::kMinute};
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"retryDelay", "1 minute"});
  EXPECT_THAT(Errors(definition, limits),
              ElementsAre("Compress: INVALID_FIELD_VALUE: 'retryDelay' value "
                          "must be at least 2 minutes."));
}

TEST(Values, OfTheEndOfAResourceMayBeAPeriodOrHours) {
  EXPECT_THAT(ErrorsOfResourceWith({"terminateAfter", "20 Minutes"}),
              IsEmpty());
  EXPECT_THAT(ErrorsOfResourceWith({"terminateAfter", "3"}), IsEmpty());
  EXPECT_THAT(
      ErrorsOfResourceWith({"terminateAfter", "0"}),
      ElementsAre(HasSubstr("'terminateAfter' value must be a period")));
}

TEST(Values, WithExpressionsAreLeftForTheRun) {
  EXPECT_THAT(ErrorsWith({"attemptTimeout", "#{@myTimeout}"}), IsEmpty());
  EXPECT_THAT(ErrorsWith({"stage", "#{input.stage}"}), IsEmpty());
}

TEST(Expressions, HaveToBeReadable) {
  EXPECT_THAT(ErrorsWith({"command", "run #{format(@scheduledStartTime}"}),
              ElementsAre(HasSubstr("Compress: INVALID_EXPRESSION: 'command' "
                                    "value: expression at character ")));
  EXPECT_THAT(ErrorsWith({"myText", "#{inventedFunction(1)}"}),
              ElementsAre(HasSubstr("Compress: INVALID_EXPRESSION: 'myText' "
                                    "value: expression at character ")));
}

TEST(RequiredFields, AreNotMissing) {
  Definition definition = ShellPipeline();
  Remove(definition, "Alarm", "topicArn");
  Remove(definition, "RawIsThere", "s3Key");
  EXPECT_THAT(Errors(definition),
              ElementsAre("RawIsThere: MISSING_FIELD: 's3Key' is required.",
                          "Alarm: MISSING_FIELD: 'topicArn' is required."));
}

TEST(RequiredFields, MayBeInherited) {
  Definition definition = ResourcePipeline();
  EXPECT_THAT(Errors(definition), IsEmpty());
  Remove(definition, "Default", "resourceRole");
  EXPECT_THAT(Errors(definition),
              ElementsAre("Resource: MISSING_FIELD: 'resourceRole' is "
                          "required."));
}

TEST(FieldGroups, HaveOneMember) {
  EXPECT_THAT(ErrorsWith({"scriptUri", "s3://scripts/one"}),
              ElementsAre("Compress: CONFLICTING_FIELDS: only one of "
                          "'command', 'scriptUri' can be set."));
  Definition definition = ShellPipeline();
  Remove(definition, "Compress", "command");
  EXPECT_THAT(Errors(definition),
              ElementsAre("Compress: MISSING_FIELD: one of 'command', "
                          "'scriptUri' is required."));
}

TEST(FieldGroups, OfADataNodeShouldSayWhereItIs) {
  Definition definition = ShellPipeline();
  Remove(definition, "Compressed", "filePath");
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition),
              ElementsAre("Compressed: MISSING_FIELD: one of 'filePath', "
                          "'directoryPath', 'manifestFilePath' should be "
                          "set."));
}

TEST(Routes, AreNeededByActivitiesAlone) {
  Definition definition = ShellPipeline();
  Remove(definition, "Default", "workerGroup");
  EXPECT_THAT(Errors(definition),
              ElementsAre("Compress: MISSING_FIELD: one of 'runsOn', "
                          "'workerGroup' is required, own or inherited."));
  Set(definition, "Compress", {"workerGroup", "wg"});
  EXPECT_THAT(Errors(definition), IsEmpty());
}

TEST(Routes, AreNotForResourcesThemselves) {
  EXPECT_THAT(ErrorsOfResourceWith({"workerGroup", "wg"}),
              ElementsAre("Resource: INVALID_FIELD: 'workerGroup' is not "
                          "allowed on this object."));
  EXPECT_THAT(ErrorsOfResourceWith({"runsOn", Ref("Cluster")}),
              ElementsAre("Resource: INVALID_FIELD: 'runsOn' is not allowed on "
                          "this object."));
  Definition definition = ResourcePipeline();
  Set(definition, "Default", {"workerGroup", "wg"});
  EXPECT_THAT(Errors(definition), IsEmpty());
}

TEST(Routes, ToAResourceKeepOutputInS3) {
  Definition definition = ResourcePipeline();
  Set(definition, "OnResource", {"stdout", "/tmp/out"});
  Set(definition, "OnResource", {"stderr", "s3://logs/err"});
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("OnResource: INVALID_FIELD_VALUE: 'stdout' value must "
                  "be an S3 URI with 'runsOn'."));
  EXPECT_THAT(ErrorsWith({"stdout", "/tmp/out"}), IsEmpty());
}

TEST(Actions, ThatTerminateHaveNoActions) {
  Definition definition = ResourcePipeline();
  Set(definition, "Stop", {"onFail", Ref("Stop")});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Stop: INVALID_FIELD: 'onFail' is not allowed on "
                          "this object."));
}

}  // namespace
}  // namespace holdline
