// What is made of a definition that is put and activated (DATAPIPELINE sections
// 3.2, 3.4, 3.5 and 11).

#include <string>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr char kNight[] = "2012-12-12T00:00:00";

std::string Message(const absl::Status& status) {
  return std::string(status.message());
}

const Definition& Stored(const PlannerHarness& p, const std::string& id,
                         int version) {
  return *p.disk.definitions.at({p.Record(id).number, version});
}

TEST(PlannerDefinitions, SavesWhatIsValidWithItsWarnings) {
  PlannerHarness p;
  const std::string id = p.Create();
  const ValidationReport report = p.Put(id, HelloPipeline()).report;
  EXPECT_THAT(report.errors, IsEmpty());
  ASSERT_THAT(report.warnings, Not(IsEmpty()));
  EXPECT_EQ(report.warnings.front().id, "Default");
  EXPECT_THAT(report.warnings.front().messages.front(),
              HasSubstr("'pipelineLogUri'is missing"));
  EXPECT_EQ(p.Record(id).saved_version, 1);
  EXPECT_EQ(p.Record(id).active_version, 0);
  EXPECT_EQ(p.StateOf(id), "PENDING");
}

// Row P4 of section 2.2.
TEST(PlannerDefinitions, SavesWhatHasErrorsAndDoesNotActivateIt) {
  PlannerHarness p;
  const std::string id = p.Create();
  Definition wrong = HelloPipeline();
  Remove(wrong, "SayHello", "command");
  EXPECT_THAT(p.Put(id, wrong).report.errors, Not(IsEmpty()));
  EXPECT_EQ(p.Record(id).saved_version, 1);
  EXPECT_TRUE(p.Record(id).errored);
  const absl::Status refused = p.Activate(id);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Message(refused), HasSubstr("Pipeline definition has errors: "));
  EXPECT_EQ(p.StateOf(id), "PENDING");
  EXPECT_THAT(p.disk.components, IsEmpty());
  p.Put(id, HelloPipeline());
  EXPECT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Record(id).active_version, 2);
}

TEST(PlannerDefinitions, DoesNotSaveWhatIsFatal) {
  PlannerHarness p;
  const std::string id = p.Create();
  Definition fatal = HelloPipeline();
  Set(fatal, "Default", {"workerGroup", ""});
  const absl::Status refused =
      p.StatusOf(p.Say(PutDefinition{p.account, id, fatal}));
  EXPECT_THAT(Message(refused),
              HasSubstr("Could not save the pipeline definition due to FATAL "
                        "errors:"));
  EXPECT_THAT(Message(refused),
              HasSubstr("Please call Validate to validate your pipeline"));
  EXPECT_EQ(p.Record(id).saved_version, 0);
  EXPECT_THAT(p.disk.definitions, IsEmpty());
}

TEST(PlannerDefinitions, AreKeptAsTheyAreWritten) {
  for (const Definition& definition : SampleDefinitions()) {
    PlannerHarness p;
    const std::string id = p.Create();
    p.Put(id, definition);
    EXPECT_EQ(Stored(p, id, 1), definition);
  }
}

TEST(PlannerDefinitions, OneThatRunsNothingIsActivatedAndStaysSo) {
  PlannerHarness p;
  const std::string id = p.Start(DefaultOnly());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  p.Pass(absl::Hours(48));
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
}

TEST(PlannerDefinitions, WithoutOneNothingIsActivated) {
  PlannerHarness p;
  const std::string id = p.Create();
  EXPECT_THAT(Message(p.Activate(id)), HasSubstr("no definition"));
  p.Put(id, Definition());
  EXPECT_FALSE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "PENDING");
}

// Section 15, row 14.
TEST(PlannerDefinitions, DoesNotSaveWhatAnActivePipelineForbids) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(2));
  Definition edited = WideCascade(1);
  const ValidationReport report = p.Put(id, edited).report;
  EXPECT_THAT(report.errors, Not(IsEmpty()));
  EXPECT_TRUE(report.breaks_active);
  EXPECT_EQ(p.Record(id).saved_version, 1);
  EXPECT_EQ(Stored(p, id, 1), WideCascade(2));
}

TEST(PlannerDefinitions, AnythingMayChangeWhilePending) {
  PlannerHarness p(kNight);
  const std::string id = p.Create();
  p.Put(id, WideCascade(2));
  EXPECT_THAT(p.Put(id, HelloPipeline()).report.errors, IsEmpty());
  EXPECT_EQ(p.Record(id).saved_version, 2);
}

TEST(PlannerDefinitions, AnEditIsForNewRunsAfterTheNextActivation) {
  PlannerHarness p(kNight);
  Definition definition = HelloPipeline();
  Set(definition, "Default", {"scheduleType", "cron"});
  const std::string id = p.Start(definition);
  const Task first = p.Take();
  Set(definition, "SayHello", {"command", "say #{@scheduledStartTime}"});
  p.Put(id, definition);
  EXPECT_EQ(p.Record(id).saved_version, 2);
  EXPECT_EQ(p.Record(id).active_version, 1);
  EXPECT_EQ(Stored(p, id, 1), Stored(p, id, p.Record(id).active_version));

  p.Report(first);
  p.Pass(absl::Minutes(10));
  p.Report(first);
  p.Pass(absl::Minutes(10));
  p.End(first, AttemptEnd::kFailed);
  p.Pass(absl::Minutes(40));
  const Task again = p.Take();
  EXPECT_THAT(p.ToldText(again, "command"), HasSubstr("echo hello"));
  p.End(again);
  const Task second = p.Take();
  EXPECT_THAT(p.ToldText(second, "command"),
              testing::StartsWith("echo hello 2012-12-12T01"));
  EXPECT_EQ(p.ToldText(second, "@version"), "1");

  ASSERT_TRUE(p.Activate(id).ok());
  p.End(second, AttemptEnd::kFailed);
  p.Pass(absl::Minutes(10));
  // Another try of an old run, and a new run.
  const Task retried = p.Take();
  EXPECT_THAT(p.ToldText(retried, "command"), HasSubstr("echo hello"));
  p.End(retried);
  p.Pass(absl::Minutes(50));
  const Task third = p.Take();
  EXPECT_EQ(p.ToldText(third, "command"), "say 2012-12-12T02:00:00");
  EXPECT_EQ(p.ToldText(third, "@version"), "2");
}

TEST(PlannerDefinitions, AReRunTakesTheActiveOne) {
  PlannerHarness p(kNight);
  Definition definition = HelloPipeline();
  Set(definition, "Default", {"scheduleType", "cron"});
  const std::string id = p.Start(definition);
  p.End(p.Take());
  Set(definition, "SayHello", {"command", "say"});
  p.Put(id, definition);
  ASSERT_TRUE(p.Activate(id).ok());
  ASSERT_TRUE(
      p.Change(id, ObjectChange::kRerun, {"@SayHello_2012-12-12T00:00:00"})
          .ok());
  EXPECT_EQ(p.ToldText(p.Take(), "command"), "say");
}

// Section 15, row 10.
TEST(PlannerDefinitions, AFinishedPipelineTakesOnlyWhatRunsFurther) {
  PlannerHarness p(kNight);
  Definition definition = WideCascade(0);
  const std::string id = p.Start(definition);
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  EXPECT_EQ(p.Record(id).finished_at, p.now);
  EXPECT_FALSE(p.Activate(id).ok());
  Set(definition, "Root", {"command", "other"});
  EXPECT_EQ(p.StatusOf(p.Say(PutDefinition{p.account, id, definition})).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(p.Record(id).saved_version, 1);

  Set(definition, "Once", {"occurrences", "2"});
  EXPECT_THAT(p.Put(id, definition).report.errors, IsEmpty());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.StateOf(id), "SCHEDULED");
  p.Pass(absl::Hours(24));
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
}

TEST(PlannerDefinitions, AFinishedPipelineTakesANewObject) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(WideCascade(0));
  p.End(p.Take());
  Definition more = WideCascade(0);
  more.objects.push_back(
      {"New", "New", {{"type", "ShellCommandActivity"}, {"command", "true"}}});
  EXPECT_THAT(p.Put(id, more).report.errors, IsEmpty());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.Told(p.Take()).front().id, "@New_2012-12-12T00:00:00_Attempt=1");
}

TEST(PlannerDefinitions, AFinishedPipelineOnDemandTakesAny) {
  PlannerHarness p(kNight);
  Definition definition = OnDemandPipeline();
  const std::string id = p.Start(definition);
  p.End(p.Take());
  p.End(p.Take());
  EXPECT_EQ(p.StateOf(id), "FINISHED");
  Set(definition, "First", {"command", "other"});
  EXPECT_THAT(p.Put(id, definition).report.errors, IsEmpty());
  ASSERT_TRUE(p.Activate(id).ok());
  EXPECT_EQ(p.ToldText(p.Take(), "command"), "other");
}

TEST(PlannerDefinitions, AnActivationMayBringTheValuesOfParameters) {
  PlannerHarness p(kNight);
  const std::string id = p.Create();
  EXPECT_THAT(p.Put(id, ParameterPipeline()).report.errors, IsEmpty());
  EXPECT_FALSE(p.Activate(id).ok()) << "myBucket has no value";
  ASSERT_TRUE(p.Activate(id, {{"myBucket", "bucket"}, {"myWord", "c"}}).ok());
  const Task task = p.Take();
  std::vector<std::string> arguments;
  for (const Field& field : p.Told(task).front().fields) {
    if (field.key == "scriptArgument") arguments.push_back(field.value);
  }
  // The list is replaced as a whole.
  EXPECT_THAT(arguments, ElementsAre("c", "s3://bucket/in"));
  EXPECT_EQ(p.ToldText(task, "command"), "run 2012-12-12T00:00:00");
  // The optional parameter without a value takes its field with it.
  EXPECT_EQ(p.ToldText(task, "stdout"), "");
  EXPECT_EQ(p.At(id, "@Work_2012-12-12T00:00:00").retries_left, 1);
  EXPECT_EQ(p.Record(id).saved_version, 1);
  EXPECT_EQ(Stored(p, id, 1).values.size(), 2);
}

TEST(PlannerDefinitions, OtherValuesAreForNewRuns) {
  PlannerHarness p(kNight);
  const std::string id = p.Start(ParameterPipeline(), {{"myBucket", "old"}});
  ASSERT_TRUE(p.Activate(id, {{"myBucket", "new"}}).ok());
  EXPECT_EQ(p.Record(id).active_version, 2);
  EXPECT_EQ(p.Record(id).saved_version, 2);
  p.FailAttempts(1);
  const auto has = [&](const Task& task, const std::string& value) {
    for (const Field& field : p.Told(task).front().fields) {
      if (field.value == value) return true;
    }
    return false;
  };
  EXPECT_TRUE(has(p.Take(), "s3://old/in"));
  p.Pass(absl::Hours(24));
  EXPECT_TRUE(has(p.Take(), "s3://old/in")) << "it was not acknowledged";
  EXPECT_TRUE(has(p.Take(), "s3://new/in"));
  // The same values are no other version.
  ASSERT_TRUE(p.Activate(id, {{"myBucket", "new"}}).ok());
  EXPECT_EQ(p.Record(id).active_version, 2);
}

}  // namespace
}  // namespace holdline
