// Parameters: their declarations, values and uses.

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/validation_harness.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMissing[] =
    "Work: MISSING_PARAMETER_VALUE: 'scriptArgument' uses the parameter "
    "'myBucket', which has no value.";

// DefaultOnly() with one parameter and one value for it.
Definition WithParameter(std::vector<Field> attributes, std::string value) {
  Definition definition = DefaultOnly();
  definition.parameters = {{"myX", std::move(attributes)}};
  definition.values = {{"myX", std::move(value)}};
  return definition;
}

TEST(ParameterUse, WithoutAValueIsAWarningUntilActivation) {
  const Definition definition = ParameterPipeline();
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition), ElementsAre(kMissing));
  EXPECT_THAT(Flat(CheckActivation(definition, {}).errors),
              ElementsAre(kMissing));
  const ValidationReport report =
      CheckActivation(definition, {{"myBucket", "b"}});
  EXPECT_EQ(report, ValidationReport());
}

TEST(ParameterUse, WithoutAValueSkipsTheChecksThatNeedIt) {
  Definition definition = ParameterPipeline();
  definition.parameters[1].attributes.clear();  // myStart
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition),
              ElementsAre(HasSubstr("Daily: MISSING_PARAMETER_VALUE: "
                                    "'startDateTime' uses the parameter "
                                    "'myStart'"),
                          kMissing));
}

TEST(ParameterUse, IsToldWhereItIsWrittenAndOnce) {
  Definition definition = ShellPipeline();
  Set(definition, "Default", {"workerGroup", "#{myGroup}"});
  definition.parameters = {{"myGroup", {}}};
  EXPECT_THAT(Warnings(definition),
              ElementsAre("Default: MISSING_PARAMETER_VALUE: 'workerGroup' "
                          "uses the parameter 'myGroup', which has no value."));
}

TEST(ParameterUse, OfWhatIsNeitherParameterNorFieldIsAnError) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"command", "run #{myMode} #{myFile}"});
  Set(definition, "Default", {"myMode", "fast"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Compress: UNKNOWN_PARAMETER: 'command' uses "
                          "'myFile', which is neither a parameter nor a "
                          "field."));
  definition.values = {{"myFile", "f"}};
  EXPECT_THAT(Errors(definition), IsEmpty());
}

TEST(ParameterUse, IsCheckedAfterSubstitution) {
  EXPECT_THAT(
      Flat(CheckActivation(ParameterPipeline(),
                           {{"myBucket", "b"}, {"myPeriod", "1 minute"}})
               .errors),
      ElementsAre("Daily: INVALID_FIELD_VALUE: 'period' value must be at least "
                  "15 minutes."));
}

TEST(ParameterUse, WithinALongerExpressionCountsToo) {
  Definition definition = HelloPipeline();
  Set(definition, "SayHello",
      {"command", "#{format(minusDays(@scheduledStartTime,myDays),'dd')}"});
  EXPECT_THAT(Errors(definition),
              ElementsAre(HasSubstr("SayHello: UNKNOWN_PARAMETER: 'command' "
                                    "uses 'myDays'")));
  definition.parameters = {{"myDays", {{"default", "3"}}}};
  EXPECT_THAT(Errors(definition), IsEmpty());
  definition.parameters = {{"myDays", {{"default", "#{wrong"}}}};
  EXPECT_THAT(Errors(definition),
              ElementsAre(HasSubstr("SayHello: INVALID_EXPRESSION: 'command' "
                                    "value: parameter `myDays`")));
}

TEST(ParameterUse, OfTooMuchIsAnError) {
  Definition definition = DefaultOnly();
  definition.values = {{"myX", std::string(10000, 'x')}};
  std::string many;
  for (int i = 0; i < 90; ++i) many += "#{myX}";
  // Each gets 900,000 bytes.
  for (int i = 0; i < 20; ++i) {
    Set(definition, "Default", {absl::StrCat("my_", i), many});
  }
  EXPECT_THAT(Errors(definition),
              ElementsAre("Default: EXCEEDED_LIMIT: the definition becomes too "
                          "long once its parameters are substituted."));
  Set(definition, "Default", {"my_0", many + many});
  EXPECT_THAT(Errors(definition).size(), 2u);
}

TEST(ParameterDeclaration, HasAnIdThatBeginsWithMy) {
  Definition definition = DefaultOnly();
  definition.parameters = {{"myX", {}}, {"*myY", {}}, {"z", {}}, {"myX", {}}};
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("z: INVALID_PARAMETER: the id of a parameter must begin with "
                  "'my', or with '*my' if it is encrypted.",
                  "myX: DUPLICATE_ID: another parameter has the same id."));
}

TEST(ParameterDeclaration, HasAKnownTypeAndTruthValues) {
  const Definition definition = WithParameter(
      {{"type", "Date"}, {"optional", "perhaps"}, {"myComment", "any"}}, "x");
  EXPECT_THAT(Errors(definition),
              ElementsAre("myX: INVALID_PARAMETER: 'type' value must be one of "
                          "'String', 'Integer', 'Double', "
                          "'AWS::S3::ObjectKey'.",
                          "myX: INVALID_PARAMETER: 'optional' value must be "
                          "'true' or 'false'."));
}

TEST(ParameterValues, AreOfTheirType) {
  const auto errors = [](const char* type, const char* value) {
    return Errors(WithParameter({{"type", type}}, value));
  };
  EXPECT_THAT(errors("Integer", "-3"), IsEmpty());
  EXPECT_THAT(errors("integer", "3.5"),
              ElementsAre("myX: INVALID_PARAMETER_VALUE: '3.5' must be an "
                          "integer."));
  EXPECT_THAT(errors("Double", "3.5"), IsEmpty());
  EXPECT_THAT(errors("Double", "x"),
              ElementsAre("myX: INVALID_PARAMETER_VALUE: 'x' must be a "
                          "number."));
  EXPECT_THAT(errors("AWS::S3::ObjectKey", "s3://bucket/key"), IsEmpty());
  EXPECT_THAT(errors("AWS::S3::ObjectKey", "s3://bucket/"), IsEmpty());
  EXPECT_THAT(errors("AWS::S3::ObjectKey", "/bucket/key"),
              ElementsAre("myX: INVALID_PARAMETER_VALUE: '/bucket/key' must be "
                          "like 's3://bucket/key'."));
  EXPECT_THAT(errors("Integer", "#{year(@scheduledStartTime)}"), IsEmpty());
}

TEST(ParameterValues, AreAmongThoseAllowed) {
  const std::vector<Field> attributes = {
      {"allowedValues", "a"}, {"allowedValues", "b"}, {"default", "d"}};
  EXPECT_THAT(Errors(WithParameter(attributes, "b")), IsEmpty());
  EXPECT_THAT(Errors(WithParameter(attributes, "c")),
              ElementsAre("myX: INVALID_PARAMETER_VALUE: 'c' must be one of "
                          "'a', 'b'."));
}

TEST(ParameterValues, AreListsOnlyIfDeclared) {
  Definition definition = WithParameter({}, "a");
  definition.values.push_back({"myX", "b"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition),
              ElementsAre("myX: INVALID_PARAMETER_VALUE: the parameter has "
                          "several values and is not declared with "
                          "'isArray'."));
  definition.parameters[0].attributes = {{"isArray", "true"}};
  EXPECT_THAT(Warnings(definition), IsEmpty());
}

TEST(ParameterLimits, HoldForNumberAndLength) {
  Definition definition = DefaultOnly();
  for (int i = 0; i < 51; ++i) {
    definition.parameters.push_back({absl::StrCat("my_", i), {}});
  }
  EXPECT_THAT(Errors(definition),
              ElementsAre("Default: EXCEEDED_LIMIT: the number of parameters "
                          "is limited to 50, and this is 51."));
  definition.parameters.pop_back();
  EXPECT_THAT(Errors(definition), IsEmpty());
  definition.values = {{"myX", std::string(15358, 'x')}};
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("Default: EXCEEDED_LIMIT: the length of all parameter "
                  "values in bytes is limited to 15360, and this is "
                  "15361."));
}

}  // namespace
}  // namespace holdline
