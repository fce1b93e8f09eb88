// The verbs of `holdline pipelines` against a server that answers as told.

#include "client/command_line/pipelines/pipelines.h"

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/command_line/pipelines/test_command_line.h"
#include "client/command_line/pipelines/test_pipeline_service.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::SizeIs;

class DefinitionVerbsTest : public PipelinesTest {
 protected:
  std::string Definition() {
    return File("hello.json", R"({
  "objects": [
    {"id": "Hello",
     "type": "ShellCommandActivity",
     "command": "echo #{myWord}"}
  ],
  "values": {"myWord": "a", "myOther": "b"}
})");
  }
};

TEST_F(PipelinesTest, CreatePrintsTheIdAndNamesTheRequestByItself) {
  service_.create.outputs = {
      Parse<v1::CreatePipelineOutput>(R"(pipeline_id: "df-1")")};
  ASSERT_EQ(Run({"create", "--name", "n", "--tag", "a=b=c", "--tag", "d="}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(out_, "df-1\n");
  v1::CreatePipelineInput& input = service_.create.inputs[0];
  EXPECT_THAT(input.unique_id(), MatchesRegex("[0-9a-f-]{36}"));
  EXPECT_FALSE(input.has_description());
  input.clear_unique_id();
  EXPECT_EQ(input.ShortDebugString(),
            R"(name: "n" tags { key: "a" value: "b=c" } )"
            R"(tags { key: "d" value: "" })");
  ASSERT_EQ(Run({"create", "--name", "n", "--unique-id", "u", "--description",
                 "d", "--json"}),
            ExitCode::kDone);
  EXPECT_EQ(out_, "{\"pipelineId\":\"df-1\"}\n");
  EXPECT_EQ(service_.create.inputs[1].unique_id(), "u");
  EXPECT_EQ(service_.create.inputs[1].description(), "d");
  EXPECT_EQ(Run({"create", "--name", "n", "--tag", "x"}), ExitCode::kUsage);
}

TEST_F(DefinitionVerbsTest, PutSendsTheTranslatedFileWithTheValuesReplaced) {
  ASSERT_EQ(Run({"put-definition", "df-1", "--definition", Definition(),
                 "--value", "myWord=x", "--value", "myWord=y"}),
            ExitCode::kDone)
      << err_;
  const v1::PutPipelineDefinitionInput& input = service_.put.inputs[0];
  EXPECT_EQ(input.pipeline_id(), "df-1");
  ASSERT_EQ(input.pipeline_objects_size(), 1);
  EXPECT_EQ(input.pipeline_objects(0).name(), "Hello");
  EXPECT_EQ(input.pipeline_objects(0).fields(0).key(), "command");
  ASSERT_EQ(input.parameter_values_size(), 3);
  EXPECT_EQ(input.parameter_values(0).id(), "myOther");
  EXPECT_EQ(input.parameter_values(1).string_value(), "x");
  EXPECT_EQ(input.parameter_values(2).string_value(), "y");
  EXPECT_EQ(out_, "df-1 has the definition (0 errors, 0 warnings).\n");
}

TEST_F(DefinitionVerbsTest, ParametersAndValuesMayStandInFilesOfTheirOwn) {
  ASSERT_EQ(Run({"put-definition", "df-1", "--definition", Definition(),
                 "--parameters",
                 File("p.json", R"({"parameters": [{"id": "myWord"}]})"),
                 "--values", File("v.json", R"({"values": {"myX": "1"}})")}),
            ExitCode::kDone)
      << err_;
  const v1::PutPipelineDefinitionInput& input = service_.put.inputs[0];
  EXPECT_EQ(input.parameter_objects(0).id(), "myWord");
  ASSERT_EQ(input.parameter_values_size(), 1);
  EXPECT_EQ(input.parameter_values(0).id(), "myX");
}

TEST_F(DefinitionVerbsTest, ErrorsOfADefinitionHaveTheirPlaceInTheFile) {
  service_.put.outputs = {Parse<v1::PutPipelineDefinitionOutput>(R"(
      validation_errors { id: "Hello" errors: "'runsOn' is missing"
                          errors: "INVALID_FIELD_VALUE: 'command' is odd" }
      validation_errors { id: "Ghost" errors: "unknown" }
      validation_warnings { id: "myOther" warnings: "unused" }
      errored: true)")};
  const std::string file = Definition();
  EXPECT_EQ(Run({"put-definition", "df-1", "--definition", file}),
            ExitCode::kNegative);
  EXPECT_EQ(out_,
            absl::StrCat(
                file, ":3:6: error: Hello: 'runsOn' is missing\n", file,
                ":5:6: error: Hello: INVALID_FIELD_VALUE: 'command' is odd\n",
                file, ":7:29: warning: myOther: unused\n", file,
                ": error: Ghost: unknown\n"
                "df-1 cannot be activated with this definition (3 errors, 1 "
                "warning).\n"));
  EXPECT_EQ(Run({"--json", "put-definition", "df-1", "--definition", file}),
            ExitCode::kNegative);
  EXPECT_THAT(out_, HasSubstr("{\"errored\":true,\"findings\":[{"));
  EXPECT_THAT(out_, HasSubstr("\"line\":5,\"column\":6"));
}

TEST_F(DefinitionVerbsTest, ARefusedDefinitionIsShownWhereItIsWrong) {
  service_.put.status =
      Refusal(grpc::StatusCode::INVALID_ARGUMENT, "InvalidRequestException",
              "Pipeline definition has errors");
  service_.validate.outputs = {Parse<v1::ValidatePipelineDefinitionOutput>(
      R"(validation_errors { id: "Hello" errors: "'command' is empty" }
         errored: true)")};
  EXPECT_EQ(Run({"put-definition", "df-1", "--definition", Definition()}),
            ExitCode::kRefused);
  EXPECT_THAT(out_, HasSubstr(":5:6: error: Hello: 'command' is empty\n"));
  EXPECT_THAT(err_, HasSubstr("InvalidRequestException: Pipeline definition"));
}

TEST_F(DefinitionVerbsTest, AFileThatIsNoDefinitionIsNotSent) {
  EXPECT_EQ(Run({"put-definition", "df-1", "--definition",
                 File("bad.json", "{\"objects\": [\n{\"id\": 7}]}")}),
            ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("bad.json:2:8: "));
  EXPECT_EQ(Run({"put-definition", "df-1", "--definition", "/nowhere"}),
            ExitCode::kUsage);
  EXPECT_THAT(service_.put.inputs, IsEmpty());
}

TEST_F(DefinitionVerbsTest, ValidateNeedsNoPipeline) {
  service_.create.outputs = {
      Parse<v1::CreatePipelineOutput>(R"(pipeline_id: "df-9")")};
  EXPECT_EQ(Run({"validate", "--definition", Definition()}), ExitCode::kDone)
      << err_;
  EXPECT_EQ(service_.validate.inputs[0].pipeline_id(), "df-9");
  EXPECT_EQ(service_.remove.inputs[0].pipeline_id(), "df-9");
  EXPECT_EQ(out_, "The definition is valid (0 errors, 0 warnings).\n");

  service_.validate.status = Refusal(grpc::StatusCode::INVALID_ARGUMENT,
                                     "InvalidRequestException", "too long");
  EXPECT_EQ(Run({"validate", "--definition", Definition()}),
            ExitCode::kRefused);
  EXPECT_THAT(service_.remove.inputs, SizeIs(2));
}

TEST_F(DefinitionVerbsTest, ValidateForAPipelineLeavesItAlone) {
  service_.validate.outputs = {
      Parse<v1::ValidatePipelineDefinitionOutput>("errored: true")};
  EXPECT_EQ(Run({"validate", "df-1", "--definition", Definition()}),
            ExitCode::kNegative);
  EXPECT_EQ(service_.validate.inputs[0].pipeline_id(), "df-1");
  EXPECT_THAT(service_.create.inputs, IsEmpty());
  EXPECT_THAT(service_.remove.inputs, IsEmpty());
}

TEST_F(DefinitionVerbsTest, GetWritesTheFileThatPutReads) {
  service_.get.outputs = {Parse<v1::GetPipelineDefinitionOutput>(R"(
      pipeline_objects {
        id: "A" name: "A" fields { key: "x" ref_value: "B" } })")};
  ASSERT_EQ(Run({"get-definition", "df-1", "--version", "active"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(service_.get.inputs[0].version(), "active");
  EXPECT_THAT(out_, HasSubstr("\"x\": {\"ref\": \"B\"}"));
  const std::string printed = out_;
  const std::string path = File("out.json", "");
  ASSERT_EQ(Run({"get-definition", "df-1", "--output", path}), ExitCode::kDone);
  EXPECT_THAT(out_, IsEmpty());
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), printed);
  ASSERT_EQ(Run({"get-definition", "df-1", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("\"pipelineObjects\":[{\"id\":\"A\""));
  EXPECT_EQ(Run({"get-definition", "df-1", "--version", "newest"}),
            ExitCode::kUsage);
}

TEST_F(PipelinesTest, ActivateTellsWhereToBeginAndWithWhichValues) {
  ASSERT_EQ(
      Run({"activate", "df-1", "--start", "2030-01-31T08:00:00", "--values",
           File("v.json", R"({"values": {"myA": "1"}})"), "--value", "myB=2"}),
      ExitCode::kDone)
      << err_;
  EXPECT_EQ(service_.activate.inputs[0].ShortDebugString(),
            R"(pipeline_id: "df-1" )"
            R"(parameter_values { id: "myA" string_value: "1" } )"
            R"(parameter_values { id: "myB" string_value: "2" } )"
            R"(start_timestamp { seconds: 1896076800 })");
  EXPECT_THAT(out_, HasSubstr("pipelines runs --follow df-1"));
  ASSERT_EQ(Run({"activate", "df-1", "--json"}), ExitCode::kDone);
  EXPECT_FALSE(service_.activate.inputs[1].has_start_timestamp());
  EXPECT_EQ(out_, "{}\n");
}

TEST_F(PipelinesTest, APipelineIsDeactivatedLabelledAndDeleted) {
  EXPECT_EQ(Run({"deactivate", "df-1"}), ExitCode::kDone) << err_;
  EXPECT_TRUE(service_.deactivate.inputs[0].cancel_active());
  EXPECT_EQ(Run({"deactivate", "df-1", "--no-cancel-active"}), ExitCode::kDone);
  EXPECT_TRUE(service_.deactivate.inputs[1].has_cancel_active());
  EXPECT_FALSE(service_.deactivate.inputs[1].cancel_active());
  EXPECT_EQ(Run({"add-tags", "df-1", "a=1", "b=2"}), ExitCode::kDone) << err_;
  EXPECT_EQ(service_.add_tags.inputs[0].tags(1).value(), "2");
  EXPECT_EQ(Run({"remove-tags", "df-1", "a", "b"}), ExitCode::kDone) << err_;
  EXPECT_EQ(service_.remove_tags.inputs[0].tag_keys(1), "b");
  EXPECT_EQ(Run({"delete", "df-1"}), ExitCode::kDone) << err_;
  EXPECT_EQ(service_.remove.inputs[0].pipeline_id(), "df-1");
}

TEST_F(PipelinesTest, ListShowsStatesOfAllPages) {
  service_.list.outputs = {Parse<v1::ListPipelinesOutput>(
                               R"(pipeline_id_list { id: "df-1" name: "one" }
             marker: "m" has_more_results: true)"),
                           Parse<v1::ListPipelinesOutput>(
                               R"(pipeline_id_list { id: "df-2" name: "two" }
             has_more_results: false)")};
  service_.describe.outputs = {Parse<v1::DescribePipelinesOutput>(R"(
      pipeline_description_list {
        pipeline_id: "df-1" name: "one"
        fields { key: "@pipelineState" string_value: "SCHEDULED" }
        fields { key: "@healthStatus" string_value: "ERROR" } }
      pipeline_description_list { pipeline_id: "df-2" name: "two" })")};
  ASSERT_EQ(Run({"list"}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_,
            "ID    STATE      HEALTH  LATEST RUN  NEXT RUN  NAME\n"
            "df-1  SCHEDULED  ERROR   -           -         one\n"
            "df-2  -          -       -           -         two\n");
  EXPECT_EQ(service_.list.inputs[1].marker(), "m");
  EXPECT_THAT(service_.describe.inputs[0].pipeline_ids(),
              ElementsAre("df-1", "df-2"));
}

TEST_F(PipelinesTest, AServerThatRepeatsAPageIsNotFollowedForEver) {
  service_.list.outputs = {
      Parse<v1::ListPipelinesOutput>(R"(marker: "m" has_more_results: true)")};
  EXPECT_EQ(Run({"list", "--json"}), ExitCode::kRefused);
  EXPECT_THAT(service_.list.inputs, SizeIs(2));
}

TEST_F(PipelinesTest, DescribeShowsEveryField) {
  service_.describe.outputs = {Parse<v1::DescribePipelinesOutput>(R"(
      pipeline_description_list {
        pipeline_id: "df-1" name: "one" description: "first"
        tags { key: "a" value: "b" }
        fields { key: "@pipelineState" string_value: "SCHEDULED" }
        fields { key: "@version" string_value: "3" } })")};
  ASSERT_EQ(Run({"describe", "df-1"}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_,
            "df-1 SCHEDULED: one\n"
            "  description  first\n"
            "  tags         a=b\n"
            "  @version     3\n");
  ASSERT_EQ(Run({"describe", "df-1", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("\"pipelineId\":\"df-1\""));
}

TEST_F(PipelinesTest, WhatIsNotThereIsNamedWithWhatToDo) {
  service_.describe.status =
      Refusal(grpc::StatusCode::NOT_FOUND, "PipelineNotFoundException",
              "no pipeline df-7");
  EXPECT_EQ(Run({"describe", "df-7"}), ExitCode::kRefused);
  EXPECT_THAT(err_, HasSubstr("PipelineNotFoundException: no pipeline df-7"));
  EXPECT_THAT(err_, HasSubstr("`holdline pipelines list`"));
}

constexpr char kWaiting[] = R"(
    pipeline_objects {
      id: "@B_2030-01-31T09:00:00" name: "@B_2030-01-31T09:00:00"
      fields { key: "@componentParent" ref_value: "B" }
      fields { key: "@scheduledStartTime" string_value: "2030-01-31T09:00:00" }
      fields { key: "@status" string_value: "WAITING_FOR_RUNNER" } }
    pipeline_objects {
      id: "@A_2030-01-31T08:00:00" name: "@A_2030-01-31T08:00:00"
      fields { key: "@componentParent" ref_value: "A" }
      fields { key: "@scheduledStartTime" string_value: "2030-01-31T08:00:00" }
      fields { key: "@actualStartTime" string_value: "2030-01-31T08:00:01" }
      fields { key: "@actualEndTime" string_value: "2030-01-31T08:00:02" }
      fields { key: "@status" string_value: "FINISHED" } })";

constexpr char kFailed[] = R"(
    pipeline_objects {
      id: "@B_2030-01-31T09:00:00" name: "@B_2030-01-31T09:00:00"
      fields { key: "@status" string_value: "FAILED" }
      fields { key: "errorId" string_value: "E1" }
      fields { key: "errorMessage" string_value: "boom\nat line 1" } })";

constexpr char kIds[] = R"(ids: "@B_2030-01-31T09:00:00"
                           ids: "@A_2030-01-31T08:00:00")";

TEST_F(PipelinesTest, RunsAreShownAsTheAwsCliDoes) {
  service_.query.outputs = {Parse<v1::QueryObjectsOutput>(kIds)};
  service_.describe_objects.outputs = {
      Parse<v1::DescribeObjectsOutput>(kWaiting)};
  ASSERT_EQ(Run({"runs", "df-1", "--status", "failed,waiting"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(
      out_,
      "NAME  SCHEDULED START      STATUS              ID                      "
      "STARTED              ENDED\n"
      "A     2030-01-31T08:00:00  FINISHED            @A_2030-01-31T08:00:00  "
      "2030-01-31T08:00:01  2030-01-31T08:00:02\n"
      "B     2030-01-31T09:00:00  WAITING_FOR_RUNNER  @B_2030-01-31T09:00:00  "
      "-                    -\n");
  const v1::QueryObjectsInput& input = service_.query.inputs[0];
  EXPECT_EQ(input.sphere(), "INSTANCE");
  ASSERT_EQ(input.query().selectors_size(), 2);
  EXPECT_EQ(input.query().selectors(0).field_name(), "@actualStartTime");
  EXPECT_EQ(input.query().selectors(0).operator_().type(),
            v1::Selector::Operator::GE);
  EXPECT_THAT(input.query().selectors(1).operator_().values(),
              ElementsAre("FAILED", "WAITING"));
}

TEST_F(PipelinesTest, RunsOfAnIntervalAreAskedForAsItIsTyped) {
  ASSERT_EQ(Run({"runs", "df-1", "--start-interval", "2013-09-02,2013-09-11",
                 "--schedule-interval", "2013-09-01,2013-09-03T00:00:00"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(err_, "No run matches.\n");
  const v1::Query& query = service_.query.inputs[0].query();
  ASSERT_EQ(query.selectors_size(), 2);
  EXPECT_EQ(query.selectors(0).ShortDebugString(),
            R"(field_name: "@actualStartTime" operator { type: BETWEEN )"
            R"(values: "2013-09-02" values: "2013-09-11" })");
  EXPECT_EQ(query.selectors(1).field_name(), "@scheduledStartTime");
  EXPECT_EQ(Run({"runs", "df-1", "--start-interval", "2013-09-02"}),
            ExitCode::kUsage);
  EXPECT_EQ(Run({"runs", "df-1", "--status", "faild"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("Did you mean FAILED?"));
}

TEST_F(PipelinesTest, FollowShowsWhatChangesUntilAllHasEnded) {
  service_.query.outputs = {Parse<v1::QueryObjectsOutput>(kIds)};
  service_.describe_objects.outputs = {
      Parse<v1::DescribeObjectsOutput>(kWaiting),
      Parse<v1::DescribeObjectsOutput>(kWaiting),
      Parse<v1::DescribeObjectsOutput>(kFailed)};
  service_.describe.outputs = {Parse<v1::DescribePipelinesOutput>(R"(
      pipeline_description_list {
        fields { key: "@pipelineState" string_value: "FINISHED" } })")};
  EXPECT_EQ(Run({"runs", "df-1", "--follow", "--interval", "1ms"}),
            ExitCode::kNegative)
      << err_;
  EXPECT_THAT(out_, HasSubstr("NAME"));
  EXPECT_THAT(out_, HasSubstr("@B_2030-01-31T09:00:00 WAITING_FOR_RUNNER -> "
                              "FAILED: E1, boom\n"));
  // Once more after the pipeline has ended, to miss nothing.
  EXPECT_THAT(service_.query.inputs, SizeIs(4));
}

TEST_F(PipelinesTest, FollowGoesOnWhileARunIsDue) {
  service_.query.outputs = {Parse<v1::QueryObjectsOutput>(kIds)};
  service_.describe_objects.outputs = {
      Parse<v1::DescribeObjectsOutput>(kFailed)};
  const std::string active =
      R"(fields { key: "@pipelineState" string_value: "SCHEDULED" })";
  const auto pipeline = [&](const std::string& next) {
    return Parse<v1::DescribePipelinesOutput>(absl::StrCat(
        "pipeline_description_list { ", active,
        " fields { key: \"@nextRunTime\" string_value: \"", next, "\" } }"));
  };
  service_.describe.outputs = {
      pipeline("9999-01-31T08:00:00"), pipeline("2000-01-31T08:00:00"),
      pipeline("9999-01-31T08:00:00"), pipeline("9999-01-31T08:00:00")};
  EXPECT_EQ(Run({"runs", "df-1", "--follow", "--interval", "1ms", "--json"}),
            ExitCode::kNegative)
      << err_;
  EXPECT_THAT(service_.describe.inputs, SizeIs(4));
  EXPECT_THAT(out_, Not(HasSubstr("\n{")));
}

TEST_F(PipelinesTest, AWrongCommandLineSaysWhatIsMeant) {
  EXPECT_EQ(Run({}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("Which command of pipelines?"));
  EXPECT_EQ(Run({"lst"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("no command pipelines lst. Did you mean list?"));
  EXPECT_EQ(Run({"runs", "df-1", "--folow"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("of runs. Did you mean --follow?"));
  EXPECT_EQ(Run({"put-definition", "df-1"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--definition"));
  EXPECT_EQ(Run({"delete", "df-1", "df-2"}), ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("delete takes no argument df-2"));
}

}  // namespace
}  // namespace holdline::client
