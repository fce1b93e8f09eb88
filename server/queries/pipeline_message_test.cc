#include "server/queries/pipeline_message.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

constexpr char kDefinition[] = R"pb(
  pipeline_objects {
    id: "Copy"
    name: "copy it"
    fields { key: "output" ref_value: "B" }
    fields { key: "input" ref_value: "A" }
    fields { key: "step" string_value: "2" }
    fields { key: "step" string_value: "1" }
    fields { key: "*password" string_value: "\303\244 #{x}\r\n" }
  }
  pipeline_objects { id: "A" name: "A" }
  parameter_objects {
    id: "myList"
    attributes { key: "default" string_value: "x" }
    attributes { key: "default" string_value: "" }
  }
  parameter_objects { id: "myOther" }
  parameter_values { id: "myList" string_value: "2" }
  parameter_values { id: "myList" string_value: "1" })pb";

TEST(PipelineMessage, ADefinitionComesBackAsItWas) {
  const auto definition =
      DefinitionOf(Parse<v1::PutPipelineDefinitionInput>(kDefinition));
  ASSERT_TRUE(definition.ok()) << definition.status();
  v1::GetPipelineDefinitionOutput output;
  ToProto(*definition, &output);
  EXPECT_TRUE(MessageDifferencer::Equals(
      output, Parse<v1::GetPipelineDefinitionOutput>(kDefinition)))
      << output.DebugString();
}

TEST(PipelineMessage, BothRequestsBringTheSameDefinition) {
  EXPECT_EQ(
      *DefinitionOf(Parse<v1::PutPipelineDefinitionInput>(kDefinition)),
      *DefinitionOf(Parse<v1::ValidatePipelineDefinitionInput>(kDefinition)));
}

TEST(PipelineMessage, AFieldWithBothValuesIsRefusedByItsPlace) {
  const auto definition =
      DefinitionOf(Parse<v1::PutPipelineDefinitionInput>(R"pb(
        pipeline_objects { id: "A" name: "A" }
        pipeline_objects {
          id: "B"
          name: "B"
          fields { key: "k" string_value: "v" }
          fields { key: "k" string_value: "" ref_value: "A" }
        })pb"));
  EXPECT_TRUE(absl::IsInvalidArgument(definition.status()));
  EXPECT_THAT(std::string(definition.status().message()),
              HasSubstr("'pipelineObjects[1].fields[1]'"));
}

TEST(PipelineMessage, AFieldWithoutAValueIsEmpty) {
  const auto definition =
      DefinitionOf(Parse<v1::PutPipelineDefinitionInput>(R"pb(
        pipeline_objects {
          id: "A"
          name: "A"
          fields { key: "k" }
        })pb"));
  EXPECT_THAT(definition->objects[0].fields, ElementsAre(Field{"k", ""}));
}

TEST(PipelineMessage, TheLastOfTwoTagsWithOneKeyCounts) {
  const auto input = Parse<v1::AddTagsInput>(R"pb(
    tags { key: "a" value: "1" }
    tags { key: "b" value: "" }
    tags { key: "a" value: "2" })pb");
  EXPECT_THAT(FromProto(input.tags()),
              ElementsAre(Tag{"a", "2"}, Tag{"b", ""}));
}

TEST(PipelineMessage, WithoutErrorsADefinitionIsNotErrored) {
  ValidationReport report;
  report.warnings = {{"Default", {"w1", "w2"}}};
  v1::PutPipelineDefinitionOutput output;
  ToProto(report, &output);
  EXPECT_TRUE(
      MessageDifferencer::Equals(output,
                                 Parse<v1::PutPipelineDefinitionOutput>(R"pb(
                                   errored: false
                                   validation_warnings {
                                     id: "Default"
                                     warnings: "w1"
                                     warnings: "w2"
                                   })pb")));
}

TEST(PipelineMessage, WhatIsFatalStandsBeforeTheErrorsOfItsObject) {
  ValidationReport report;
  report.fatal = {{"B", {"f"}}};
  report.errors = {{"A", {"e1"}}, {"B", {"e2"}}};
  v1::ValidatePipelineDefinitionOutput output;
  ToProto(report, &output);
  EXPECT_TRUE(MessageDifferencer::Equals(
      output, Parse<v1::ValidatePipelineDefinitionOutput>(R"pb(
        errored: true
        validation_errors { id: "B" errors: "f" errors: "e2" }
        validation_errors { id: "A" errors: "e1" })pb")));
}

}  // namespace
}  // namespace holdline
