#include "server/queries/pipeline_description.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::StartsWith;

PipelineRecord Hello() {
  PipelineRecord pipeline;
  pipeline.id = "df-1";
  pipeline.account = {"account"};
  pipeline.creator = "user";
  pipeline.name = "hello";
  pipeline.unique_id = "unique";
  pipeline.created_at = *ParseFieldTime("2012-12-13T01:24:06");
  return pipeline;
}

// The fields as `key=value`.
std::vector<std::string> Flatten(const v1::PipelineDescription& description) {
  std::vector<std::string> fields;
  for (const v1::Field& field : description.fields()) {
    EXPECT_TRUE(field.has_string_value()) << field.key();
    fields.push_back(absl::StrCat(field.key(), "=", field.string_value()));
  }
  return fields;
}

v1::PipelineDescription DescriptionOf(
    const PipelineRecord& pipeline, const Workflow* workflow = nullptr,
    absl::Span<const ComponentRecord> components = {}) {
  v1::PipelineDescription description;
  Describe(pipeline, workflow, components, &description);
  return description;
}

TEST(PipelineDescription, OfANewPipelineHasWhatIsAlwaysThere) {
  const v1::PipelineDescription description = DescriptionOf(Hello());
  EXPECT_EQ(description.pipeline_id(), "df-1");
  EXPECT_EQ(description.name(), "hello");
  EXPECT_FALSE(description.has_description());
  EXPECT_EQ(description.tags_size(), 0);
  EXPECT_THAT(
      Flatten(description),
      ElementsAre("@id=df-1", "@sphere=PIPELINE", "@pipelineState=PENDING",
                  "@creationTime=2012-12-13T01:24:06", "@userId=account",
                  "@accountId=account", "pipelineCreator=user", "name=hello",
                  "uniqueId=unique"));
}

TEST(PipelineDescription, TellsItsDescriptionTagsAndVersion) {
  PipelineRecord pipeline = Hello();
  pipeline.description = "says \"hello\"";
  pipeline.tags = {{"team", "a \"b\""}, {"empty", ""}};
  pipeline.saved_version = 3;
  const v1::PipelineDescription description = DescriptionOf(pipeline);
  EXPECT_EQ(description.description(), "says \"hello\"");
  ASSERT_EQ(description.tags_size(), 2);
  EXPECT_EQ(description.tags(0).value(), "a \"b\"");
  EXPECT_TRUE(description.tags(1).has_value());
  EXPECT_THAT(
      Flatten(description),
      AllOf(Contains("description=says \"hello\""), Contains("@version=3"),
            Contains("*tags=[{\"key\":\"team\",\"value\":\"a \\\"b\\\"\"},"
                     "{\"key\":\"empty\",\"value\":\"\"}]")));
}

TEST(PipelineDescription, TellsWhatHasHappened) {
  PipelineRecord pipeline = Hello();
  pipeline.state = PipelineState::kFinished;
  pipeline.first_activated_at = *ParseFieldTime("2012-12-14T00:00:00");
  pipeline.last_activated_at = *ParseFieldTime("2012-12-15T00:00:00");
  pipeline.finished_at = *ParseFieldTime("2012-12-16T00:00:00");
  pipeline.health = Health::kError;
  pipeline.health_at = *ParseFieldTime("2012-12-17T00:00:00");
  EXPECT_THAT(Flatten(DescriptionOf(pipeline)),
              AllOf(Contains("@pipelineState=FINISHED"),
                    Contains("@firstActivationTime=2012-12-14T00:00:00"),
                    Contains("@lastActivationTime=2012-12-15T00:00:00"),
                    Contains("@finishedTime=2012-12-16T00:00:00"),
                    Contains("@healthStatus=ERROR"),
                    Contains("@healthStatusUpdatedTime=2012-12-17T00:00:00")));
}

TEST(PipelineDescription, TellsTheScheduleAndTheRunsAroundNow) {
  PipelineRecord pipeline = Hello();
  pipeline.state = PipelineState::kScheduled;
  ComponentRecord component;
  component.number = ComponentNumber{1};
  component.id = "SayHello";
  component.next_interval = 25;
  component.latest_run = *ParseFieldTime("2012-12-13T00:00:00");
  const auto workflow = Workflow::Make(
      ResolvedDefinition::Resolve(HelloPipeline()),
      {{"SayHello", ComponentNumber{1}}}, absl::InfiniteFuture());
  EXPECT_THAT(Flatten(DescriptionOf(pipeline, workflow.get(), {component})),
              AllOf(Contains("@scheduledStartTime=2012-12-12T00:00:00"),
                    Contains("@scheduledEndTime=2012-12-21T18:00:00"),
                    Contains("@scheduledPeriod=1 hour"),
                    Contains("@latestRunTime=2012-12-13T00:00:00"),
                    Contains("@nextRunTime=2012-12-13T01:00:00")));
  pipeline.state = PipelineState::kInactive;
  EXPECT_THAT(Flatten(DescriptionOf(pipeline, workflow.get(), {component})),
              Not(Contains(StartsWith("@nextRunTime"))));
}

TEST(PipelineDescription, AScheduleOfOccurrencesEndsWithTheLast) {
  const auto workflow = Workflow::Make(
      ResolvedDefinition::Resolve(NestedSchedules()),
      {{"Summarize", ComponentNumber{1}}}, absl::InfiniteFuture());
  EXPECT_THAT(Flatten(DescriptionOf(Hello(), workflow.get())),
              AllOf(Contains("@scheduledPeriod=1 day"),
                    Contains("@scheduledEndTime=2012-12-14T00:00:00")));
}

}  // namespace
}  // namespace holdline
