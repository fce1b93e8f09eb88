// Pipelines from their creation to their deletion, over gRPC (DATAPIPELINE
// section 3 and appendix B).

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/pipeline_harness.h"

namespace holdline {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kInvalid[] = "InvalidRequestException";
constexpr char kUnknown[] = "PipelineNotFoundException";
constexpr char kDeleted[] = "PipelineDeletedException";

using PipelineCreation = PipelineTest;

TEST_F(PipelineCreation, GivesAnIdAsThoseOfAws) {
  const std::string id =
      Do(&Stub::CreatePipeline, "name: 'a' unique_id: '1'").pipeline_id();
  ASSERT_THAT(id, StartsWith("df-"));
  EXPECT_EQ(id.size(), 23u);
  for (const char letter : id.substr(3)) {
    EXPECT_TRUE(absl::ascii_isupper(static_cast<unsigned char>(letter)) ||
                absl::ascii_isdigit(static_cast<unsigned char>(letter)))
        << id;
  }
}

TEST_F(PipelineCreation, ARepeatFindsTheEarlierPipeline) {
  const auto create = [this](const std::string& input) {
    return Do(&Stub::CreatePipeline, input).pipeline_id();
  };
  const std::string first = create("name: 'a' unique_id: '1'");
  EXPECT_EQ(create("name: 'a' unique_id: '1' description: 'other' "
                   "tags { key: 'k' value: 'v' }"),
            first);
  EXPECT_NE(create("name: 'a' unique_id: '2'"), first);
  EXPECT_NE(create("name: 'b' unique_id: '1'"), first);
  EXPECT_EQ(Do(&Stub::ListPipelines, "").pipeline_id_list_size(), 3);
}

TEST_F(PipelineCreation, ANewPipelineFollowsADeletedOne) {
  const std::string first = Create();
  Do(&Stub::DeletePipeline, first);
  EXPECT_NE(Create(), first);
}

TEST_F(PipelineCreation, ANewPipelineIsPending) {
  const std::string id =
      Do(&Stub::CreatePipeline,
         "name: 'a' unique_id: '1' description: 'what for' "
         "tags { key: 'team' value: 'x' } tags { key: 'empty' value: '' }")
          .pipeline_id();
  const auto output =
      Do(&Stub::DescribePipelines, absl::StrCat("pipeline_ids: '", id, "'"));
  const v1::PipelineDescription& pipeline = output.pipeline_description_list(0);
  EXPECT_EQ(pipeline.pipeline_id(), id);
  EXPECT_EQ(pipeline.name(), "a");
  EXPECT_EQ(pipeline.description(), "what for");
  ASSERT_EQ(pipeline.tags_size(), 2);
  EXPECT_EQ(pipeline.tags(0).key(), "team");
  EXPECT_EQ(FieldOf(pipeline.fields(), "@pipelineState"), "PENDING");
  for (const char* who : {"@userId", "@accountId", "pipelineCreator"}) {
    EXPECT_EQ(FieldOf(pipeline.fields(), who), "000000000000");
  }
  EXPECT_EQ(FieldOf(pipeline.fields(), "@version"), "");
}

TEST_F(PipelineCreation, TagsAreFewAndDistinct) {
  std::string tags;
  for (int i = 0; i < 11; ++i) {
    absl::StrAppend(&tags, "tags { key: '", i, "' value: '' } ");
  }
  EXPECT_EQ(ReasonOf(&Stub::CreatePipeline, "name: 'a' unique_id: '1' " + tags),
            kInvalid);
  const auto outcome = Call(&Stub::CreatePipeline,
                            "name: 'a' unique_id: '1' tags { key: 'k' value: "
                            "'' } tags { key: 'k' value: 'x' }");
  EXPECT_THAT(outcome.status.error_message(), HasSubstr("'tags[1].key'"));
  EXPECT_EQ(Do(&Stub::ListPipelines, "").pipeline_id_list_size(), 0);
}

using PipelineDefinitions = PipelineTest;

TEST_F(PipelineDefinitions, ComeBackAsTheyWereUploaded) {
  const std::string pipeline = Create();
  const std::string definition = absl::StrCat(kTwoActivities, R"pb(
    pipeline_objects {
      id: "Files"
      name: "some files"
      fields { key: "type" string_value: "S3DataNode" }
      fields { key: "myList" string_value: "2" }
      fields { key: "myList" string_value: "1" }
      fields { key: "filePath" string_value: "#{myFile}" }
    }
    parameter_objects {
      id: "myFile"
      attributes { key: "type" string_value: "AWS::S3::ObjectKey" }
      attributes { key: "watermark" string_value: "s3://..." }
    }
    parameter_values { id: "myFile" string_value: "s3://bucket/file" }
  )pb");
  const auto put =
      Do(&Stub::PutPipelineDefinition, absl::StrCat(pipeline, definition));
  EXPECT_TRUE(put.has_errored());
  EXPECT_FALSE(put.errored()) << put.DebugString();
  EXPECT_TRUE(MessageDifferencer::Equals(
      Do(&Stub::GetPipelineDefinition, pipeline),
      Parse<v1::GetPipelineDefinitionOutput>(definition)));
  EXPECT_EQ(FieldOf(pipeline, "@version"), "1");
}

TEST_F(PipelineDefinitions, AreReplacedAsAWhole) {
  const std::string pipeline = Create();
  Do(&Stub::PutPipelineDefinition,
     absl::StrCat(pipeline, kTwoActivities,
                  "parameter_values { id: 'myX' string_value: '1' }"));
  const std::string other =
      "pipeline_objects { id: 'Default' name: 'Default' fields { key: "
      "'workerGroup' string_value: 'wg' } }";
  Do(&Stub::PutPipelineDefinition, pipeline + other);
  EXPECT_TRUE(MessageDifferencer::Equals(
      Do(&Stub::GetPipelineDefinition, pipeline),
      Parse<v1::GetPipelineDefinitionOutput>(other)));
  EXPECT_EQ(FieldOf(pipeline, "@version"), "2");
}

TEST_F(PipelineDefinitions, WarningsDoNotKeepThemFromBeingActivated) {
  const std::string pipeline = Create();
  const auto put = Do(&Stub::PutPipelineDefinition,
                      pipeline +
                          "pipeline_objects { id: 'Default' name: 'Default' "
                          "fields { key: 'workerGroup' string_value: 'wg' } }");
  EXPECT_FALSE(put.errored());
  EXPECT_EQ(put.validation_errors_size(), 0);
  ASSERT_EQ(put.validation_warnings_size(), 1);
  EXPECT_EQ(put.validation_warnings(0).id(), "Default");
  EXPECT_THAT(put.validation_warnings(0).warnings(),
              ElementsAre(HasSubstr("'pipelineLogUri'")));
  Do(&Stub::ActivatePipeline, pipeline);
}

TEST_F(PipelineDefinitions, WithErrorsAreSavedAndNotActivated) {
  const std::string pipeline = Create();
  const std::string definition =
      "pipeline_objects { id: 'A' name: 'A' fields { key: 'type' string_value: "
      "'ShellCommandActivity' } }";
  const auto put = Do(&Stub::PutPipelineDefinition, pipeline + definition);
  EXPECT_TRUE(put.errored());
  ASSERT_GE(put.validation_errors_size(), 1);
  EXPECT_EQ(put.validation_errors(0).id(), "A");
  EXPECT_EQ(Do(&Stub::GetPipelineDefinition, pipeline).pipeline_objects_size(),
            1);
  const auto activation = Call(&Stub::ActivatePipeline, pipeline);
  EXPECT_EQ(activation.reason().reason(), kInvalid);
  EXPECT_THAT(activation.status.error_message(),
              StartsWith("Pipeline definition has errors: "));
  EXPECT_EQ(FieldOf(pipeline, "@pipelineState"), "PENDING");
}

TEST_F(PipelineDefinitions, WithFatalErrorsAreNotSaved) {
  const std::string pipeline = Create();
  const std::string fatal =
      "pipeline_objects { id: 'Default' name: 'Default' fields { key: "
      "'workerGroup' string_value: '' } }";
  const auto put = Call(&Stub::PutPipelineDefinition, pipeline + fatal);
  EXPECT_EQ(put.reason().reason(), kInvalid);
  EXPECT_THAT(
      put.status.error_message(),
      AllOf(StartsWith("Pipeline definition has errors: Could not save the "
                       "pipeline definition due to FATAL errors: ["),
            HasSubstr("workerGroup"),
            HasSubstr("Please call Validate to validate your pipeline")));
  EXPECT_EQ(Do(&Stub::GetPipelineDefinition, pipeline).pipeline_objects_size(),
            0);
  const auto validated =
      Do(&Stub::ValidatePipelineDefinition, pipeline + fatal);
  EXPECT_TRUE(validated.errored());
  ASSERT_EQ(validated.validation_errors_size(), 1);
  EXPECT_EQ(validated.validation_errors(0).id(), "Default");
}

TEST_F(PipelineDefinitions, AFieldHasOneValueOnly) {
  const std::string pipeline = Create();
  const auto put = Call(&Stub::PutPipelineDefinition,
                        pipeline +
                            "pipeline_objects { id: 'A' name: 'A' fields { "
                            "key: 'k' string_value: 'v' ref_value: 'A' } }");
  EXPECT_EQ(put.reason().reason(), kInvalid);
  EXPECT_THAT(put.status.error_message(),
              HasSubstr("'pipelineObjects[0].fields[0]'"));
}

TEST_F(PipelineDefinitions, ErrorsThatAreManyArriveNevertheless) {
  const std::string pipeline = Create();
  std::string definition;
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&definition, "pipeline_objects { id: '\u00E4", i,
                    "' name: 'n' fields { key: '", std::string(100, 'k'),
                    "' } }");
  }
  const auto put = Call(&Stub::PutPipelineDefinition, pipeline + definition);
  EXPECT_EQ(put.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(put.reason().reason(), kInvalid);
}

TEST_F(PipelineDefinitions, ValidationSavesNothing) {
  const std::string pipeline = Create();
  const auto validated = Do(&Stub::ValidatePipelineDefinition,
                            absl::StrCat(pipeline, kTwoActivities));
  EXPECT_TRUE(validated.has_errored());
  EXPECT_FALSE(validated.errored()) << validated.DebugString();
  EXPECT_EQ(Do(&Stub::GetPipelineDefinition, pipeline).pipeline_objects_size(),
            0);
  EXPECT_EQ(FieldOf(pipeline, "@version"), "");
}

TEST_F(PipelineDefinitions, TheDocumentedErrorIsFound) {
  const std::string pipeline = Create();
  std::string definition = kTwoActivities;
  const std::string start = "2012-12-12T00:00:00";
  definition.replace(definition.find(start), start.size(),
                     "2012-12-12T00:00:00 or so");
  const auto validated =
      Do(&Stub::ValidatePipelineDefinition, pipeline + definition);
  EXPECT_TRUE(validated.errored());
  ASSERT_GE(validated.validation_errors_size(), 1);
  EXPECT_EQ(validated.validation_errors(0).id(), "Hourly");
  EXPECT_THAT(validated.validation_errors(0).errors(),
              ElementsAre("INVALID_FIELD_VALUE: 'startDateTime' value must be "
                          "a literal datetime value."));
}

TEST_F(PipelineDefinitions, OfAnActivePipelineAllowSomeChangesOnly) {
  const std::string pipeline = Activate();
  std::string changed = kTwoActivities;
  changed.replace(changed.find("1 hour"), 6, "2 hours");
  EXPECT_TRUE(
      Do(&Stub::ValidatePipelineDefinition, pipeline + changed).errored());
  EXPECT_TRUE(Do(&Stub::PutPipelineDefinition, pipeline + changed).errored());
  // Not even saved.
  EXPECT_EQ(FieldOf(pipeline, "@version"), "1");
  std::string allowed = kTwoActivities;
  allowed.replace(allowed.find("\"true\""), 6, "\"false\"");
  EXPECT_FALSE(Do(&Stub::PutPipelineDefinition, pipeline + allowed).errored());
  EXPECT_EQ(FieldOf(pipeline, "@version"), "2");
  const auto command = [&](const std::string& version) {
    return FieldOf(Do(&Stub::GetPipelineDefinition, pipeline + version)
                       .pipeline_objects(3)
                       .fields(),
                   "command");
  };
  EXPECT_EQ(command(""), "false");
  EXPECT_EQ(command("version: 'active'"), "true");
}

using PipelineTags = PipelineTest;

TEST_F(PipelineTags, AreAddedReplacedAndRemoved) {
  const std::string pipeline = Create();
  Do(&Stub::AddTags, pipeline +
                         "tags { key: 'a' value: '1' } tags { key: 'b' value: "
                         "'' } tags { key: 'a' value: '2' }");
  EXPECT_EQ(FieldOf(pipeline, "*tags"),
            "[{\"key\":\"a\",\"value\":\"2\"},{\"key\":\"b\",\"value\":\"\"}]");
  Do(&Stub::AddTags, pipeline + "tags { key: 'a' value: '3' }");
  Do(&Stub::RemoveTags, pipeline + "tag_keys: 'b' tag_keys: 'nobody'");
  EXPECT_EQ(FieldOf(pipeline, "*tags"), "[{\"key\":\"a\",\"value\":\"3\"}]");
  Do(&Stub::RemoveTags, pipeline + "tag_keys: 'a'");
  EXPECT_EQ(FieldOf(pipeline, "*tags"), "");
}

TEST_F(PipelineTags, AreAtMostTen) {
  const std::string pipeline = Create();
  std::string tags;
  for (int i = 0; i < 10; ++i) {
    absl::StrAppend(&tags, "tags { key: '", i, "' value: '' } ");
  }
  Do(&Stub::AddTags, pipeline + tags);
  Do(&Stub::AddTags, pipeline + "tags { key: '1' value: 'again' }");
  EXPECT_EQ(ReasonOf(&Stub::AddTags, pipeline + "tags { key: 'x' value: '' }"),
            kInvalid);
}

using PipelineDeletion = PipelineTest;

TEST_F(PipelineDeletion, LeavesAnErrorForEveryAction) {
  const std::string gone = Activate();
  EXPECT_EQ(Do(&Stub::ListPipelines, "").pipeline_id_list_size(), 1);
  Do(&Stub::DeletePipeline, gone);
  EXPECT_EQ(Do(&Stub::ListPipelines, "").pipeline_id_list_size(), 0);
  EXPECT_EQ(ReasonOf(&Stub::DeletePipeline, gone), kUnknown);
  for (const auto& [pipeline, reason] :
       {std::pair(gone, kDeleted), std::pair(Named("df-NOBODY"), kUnknown)}) {
    EXPECT_EQ(ReasonOf(&Stub::ActivatePipeline, pipeline), reason);
    EXPECT_EQ(
        ReasonOf(&Stub::AddTags, pipeline + "tags { key: 'a' value: 'b' }"),
        reason);
    EXPECT_EQ(ReasonOf(&Stub::DeactivatePipeline, pipeline), reason);
    EXPECT_EQ(ReasonOf(&Stub::DescribeObjects, pipeline + "object_ids: 'A'"),
              reason);
    EXPECT_EQ(ReasonOf(&Stub::DescribePipelines,
                       absl::StrCat("pipeline_ids", pipeline.substr(11))),
              reason);
    EXPECT_EQ(ReasonOf(&Stub::EvaluateExpression,
                       pipeline + "object_id: 'A' expression: 'x'"),
              reason);
    EXPECT_EQ(ReasonOf(&Stub::GetPipelineDefinition, pipeline), reason);
    EXPECT_EQ(ReasonOf(&Stub::PutPipelineDefinition, pipeline), reason);
    EXPECT_EQ(ReasonOf(&Stub::QueryObjects, pipeline + "sphere: 'INSTANCE'"),
              reason);
    EXPECT_EQ(ReasonOf(&Stub::RemoveTags, pipeline + "tag_keys: 'a'"), reason);
    EXPECT_EQ(ReasonOf(&Stub::SetStatus,
                       pipeline + "object_ids: 'A' status: 'PAUSE'"),
              reason);
    EXPECT_EQ(ReasonOf(&Stub::ValidatePipelineDefinition, pipeline), reason);
  }
}

TEST_F(PipelineDeletion, TellsTheRunnersOfItsTasks) {
  const std::string pipeline = Activate();
  const v1::TaskObject task = Poll();
  Do(&Stub::DeletePipeline, pipeline);
  EXPECT_TRUE(Do(&Stub::ReportTaskProgress,
                 absl::StrCat("task_id: '", task.task_id(), "'"))
                  .canceled());
}

}  // namespace
}  // namespace holdline
