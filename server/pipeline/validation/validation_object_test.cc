// The objects of a definition as a whole, its limits, and the report.

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

constexpr char kLogWarning[] =
    "Default: 'pipelineLogUri'is missing. It is recommended to set this value "
    "on Default object for better troubleshooting.";

TEST(Validation, FindsNoErrorInTheSamples) {
  for (const Definition& definition : SampleDefinitions()) {
    EXPECT_THAT(FatalErrors(definition), IsEmpty());
    EXPECT_THAT(Errors(definition), IsEmpty());
  }
}

TEST(Validation, IsContentWithDefaultAlone) {
  const Definition definition = Make({{"Default", {{"workerGroup", "wg"}}}});
  EXPECT_THAT(Errors(definition), IsEmpty());
  EXPECT_THAT(Warnings(definition), ElementsAre(kLogWarning));
  EXPECT_THAT(CheckActivation(definition, {}).errors, IsEmpty());
}

TEST(Validation, LetsNothingBeStoredButNotActivated) {
  EXPECT_EQ(Check(Definition()), ValidationReport());
  EXPECT_THAT(Flat(CheckActivation(Definition(), {}).errors),
              ElementsAre("Default: MISSING_OBJECTS: the definition has no "
                          "objects."));
}

TEST(Validation, TellsAllErrorsInTheOrderOfTheObjects) {
  const Definition definition =
      Make({{"B", {{"type", "Foo"}}},
            {"A", {{"type", "Schedule"}, {"period", "1 second"}}},
            {"C", {}}});
  EXPECT_THAT(Errors(definition),
              ElementsAre("B: UNKNOWN_TYPE: there is no type 'Foo'.",
                          HasSubstr("B: MISSING_FIELD: one of 'runsOn'"),
                          HasSubstr("B: MISSING_FIELD: 'schedule'"),
                          HasSubstr("A: INVALID_FIELD_VALUE: 'period'"),
                          HasSubstr("A: MISSING_FIELD: one of 'startDateTime'"),
                          HasSubstr("C: MISSING_TYPE")));
}

TEST(Fatal, IsAnObjectWithoutIdOrName) {
  Definition definition = Make({{"", {}}});
  EXPECT_THAT(FatalErrors(definition),
              ElementsAre(": MISSING_ID: object number 1 has no id.",
                          ": MISSING_NAME: the object has no name."));
  definition = DefaultOnly();
  definition.objects[0].name = "";
  EXPECT_THAT(FatalErrors(definition),
              ElementsAre("Default: MISSING_NAME: the object has no name."));
}

TEST(Fatal, IsAnEmptyTextOrReference) {
  EXPECT_THAT(
      FatalErrors(Make({{"Default", {{"workerGroup", ""}}}})),
      ElementsAre(
          "Default: EMPTY_FIELD: 'workerGroup' value must not be empty."));
  EXPECT_THAT(
      FatalErrors(Make({{"Default", {{"schedule", Ref("")}}}})),
      ElementsAre("Default: EMPTY_FIELD: 'schedule' value must not be empty."));
}

TEST(Fatal, AreTooManyObjects) {
  Definition definition = WideCascade(97);
  EXPECT_EQ(definition.objects.size(), 100u);
  EXPECT_THAT(FatalErrors(definition), IsEmpty());
  definition = WideCascade(98);
  EXPECT_THAT(FatalErrors(definition),
              ElementsAre("Default: EXCEEDED_LIMIT: a definition can have 100 "
                          "objects, and this has 101."));
  ValidationLimits limits;
  limits.objects_max = 101;
  EXPECT_EQ(FatalErrors(definition, limits), std::vector<std::string>());
  EXPECT_EQ(Errors(definition, limits), std::vector<std::string>());
}

TEST(Limits, HoldForFieldsEachKeyCountedOnce) {
  Definition definition = ResourcePipeline();
  for (int i = 0; i < 253; ++i) Add(definition, "OnCluster", {"step", "x"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Add(definition, "OnCluster", {"step", "one too many"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("OnCluster: INVALID_FIELD_VALUE: 'step' can have at "
                          "most 255 values, and has 256."));
  for (int i = 0; i < 46; ++i) {
    Set(definition, "OnResource", {absl::StrCat("my_", i), "x"});
  }
  EXPECT_THAT(Errors(definition).size(), 1u);
  Set(definition, "OnResource", {"my_more", "x"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("OnResource: EXCEEDED_LIMIT: the number of an "
                          "object's fields is limited to 50, and this is 51."));
}

TEST(Limits, HoldForBytes) {
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"command", std::string(10240, 'x')});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Set(definition, "Compress", {"command", std::string(10241, 'x')});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Compress: EXCEEDED_LIMIT: the length of 'command' "
                          "in bytes is limited to 10240, and this is 10241."));
  Set(definition, "Compress", {"command", std::string(8000, 'x')});
  Set(definition, "Compress", {"myText", std::string(8000, 'x')});
  EXPECT_THAT(Errors(definition),
              ElementsAre(HasSubstr("Compress: EXCEEDED_LIMIT: the length of "
                                    "an object in bytes is limited to 15360")));
}

TEST(Limits, HoldForNames) {
  const std::string longest = "my" + std::string(254, 'X');
  Definition definition = DefaultOnly();
  Set(definition, "Default", {longest, "x"});
  EXPECT_THAT(Errors(definition), IsEmpty());
  Set(definition, "Default", {longest + "X", "x"});
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("Default: EXCEEDED_LIMIT: the length of a field's name in "
                  "bytes is limited to 256, and this is 257."));
}

TEST(Objects, HaveIdsThatDiffer) {
  EXPECT_THAT(
      Errors(Make({{"Default", {}}, {"Default", {}}})),
      ElementsAre("Default: DUPLICATE_ID: another object has the same id."));
}

TEST(Objects, AreNotCalledLikeInstances) {
  Definition definition = HelloPipeline();
  Object(definition, "SayHello").id = "@SayHello";
  EXPECT_THAT(Errors(definition),
              ElementsAre("@SayHello: INVALID_ID: an id must not begin with "
                          "'@'."));
}

TEST(Types, HaveToBeKnownUnlessOthersAreAllowed) {
  Definition definition = HelloPipeline();
  Set(definition, "SayHello", {"type", "OurActivity"});
  Set(definition, "SayHello", {"ourField", "x"});
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("SayHello: UNKNOWN_TYPE: there is no type 'OurActivity'."));
  ValidationLimits limits;
  limits.allow_unknown_types = true;
  EXPECT_THAT(Errors(definition, limits), IsEmpty());
  EXPECT_THAT(Warnings(definition, limits), ElementsAre(kLogWarning));
}

TEST(Types, AreNeededByAllButDefaultAndParents) {
  Definition definition =
      Make({{"Default", {{"pipelineLogUri", "s3://l"}, {"type", "Default"}}},
            {"Mixin", {{"period", "1 day"}}},
            {"Daily",
             {{"type", "Schedule"},
              {"parent", Ref("Mixin")},
              {"startDateTime", "2012-12-12T00:00:00"}}}});
  EXPECT_EQ(Check(definition), ValidationReport());
  Remove(definition, "Daily", "parent");
  Set(definition, "Daily", {"period", "1 day"});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Mixin: MISSING_TYPE: 'type' is required of an "
                          "object that is not the parent of others."));
}

TEST(Parents, DoNotLeadBack) {
  Definition definition = DefaultOnly();
  Set(definition, "Default", {"parent", Ref("Default")});
  EXPECT_THAT(Errors(definition),
              ElementsAre("Default: CYCLIC_PARENTS: the object is a parent of "
                          "itself."));
  definition = Make({{"A", {{"parent", Ref("B")}}},
                     {"B", {{"parent", Ref("A")}}},
                     {"C", {{"type", "CSV"}, {"parent", Ref("A")}}}});
  EXPECT_THAT(
      Errors(definition),
      ElementsAre("A: CYCLIC_PARENTS: the object is a parent of itself.",
                  "B: CYCLIC_PARENTS: the object is a parent of "
                  "itself."));
}

TEST(Parents, AreNotTooMany) {
  Definition definition = Make({{"Mixin0", {{"myX", "x"}}}});
  for (int i = 1; i <= 33; ++i) {
    definition.objects.push_back(
        {absl::StrCat("Mixin", i),
         "name",
         {{"type", "CSV"}, {"parent", absl::StrCat("Mixin", i - 1), true}}});
  }
  EXPECT_THAT(Errors(definition),
              ElementsAre("Mixin33: EXCEEDED_LIMIT: an object can inherit from "
                          "32 others."));
}

TEST(Advice, NamesWhatIsToBeRecommended) {
  Definition definition = ResourcePipeline();
  EXPECT_THAT(Warnings(definition), IsEmpty());
  Remove(definition, "Default", "pipelineLogUri");
  Remove(definition, "Resource", "terminateAfter");
  EXPECT_THAT(Warnings(definition),
              ElementsAre(kLogWarning,
                          "Resource: 'terminateAfter' is missing. It is "
                          "recommended to set this to avoid leaving resource "
                          "running for long duration."));
  Set(definition, "Default", {"terminateAfter", "1 day"});
  EXPECT_THAT(Warnings(definition), ElementsAre(kLogWarning));
}

TEST(Advice, TellsOfAnActionThatNeverFires) {
  Definition definition = ShellPipeline();
  Remove(definition, "Compress", "lateAfterTimeout");
  EXPECT_THAT(Warnings(definition),
              ElementsAre("Compress: 'onLateAction' has no effect without "
                          "'lateAfterTimeout'."));
}

TEST(Advice, WarnsOfABackfillThatCascades) {
  const Definition definition = WideCascade(1);
  EXPECT_THAT(Warnings(definition), IsEmpty());
  ValidationPurpose purpose;
  purpose.now = TestNow() + absl::Seconds(1);
  EXPECT_THAT(
      Flat(Validate(definition, purpose, {}).warnings),
      ElementsAre(
          "Root: Root has 'failureAndRerunMode' field set to 'cascade' and you "
          "are about to create a backfill with scheduleStartTime "
          "2012-12-12T00:00:00. This can result in rapid creation of pipeline "
          "objects in case of failures.",
          HasSubstr("Leaf0: Leaf0 has 'failureAndRerunMode'")));
  purpose.active = &definition;
  EXPECT_THAT(Validate(definition, purpose, {}).warnings, IsEmpty());
}

TEST(Messages, AreCutBetweenCharacters) {
  std::string long_value;  // of two-byte characters
  while (long_value.size() < 5000) long_value += "\u00e9";
  Definition definition = DefaultOnly();
  definition.parameters = {
      {"myX", {{"allowedValues", long_value}, {"allowedValues", long_value}}}};
  // One byte more or less before the text moves it against the cut.
  for (const char* value : {"b", "bb"}) {
    definition.values = {{"myX", value}};
    const ValidationReport report = Check(definition);
    ASSERT_EQ(report.errors.size(), 1u);
    const std::string& message = report.errors[0].messages[0];
    EXPECT_LE(message.size(), 10000u);
    EXPECT_GE(message.size(), 9999u);
    EXPECT_EQ(message.substr(message.size() - 2), "\u00e9");
  }
}

}  // namespace
}  // namespace holdline
