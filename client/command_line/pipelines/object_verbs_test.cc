// The verbs that show and steer the objects of a pipeline.

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
using ::testing::SizeIs;

TEST_F(PipelinesTest, ObjectsAreDescribedWithAllTheirFields) {
  service_.describe_objects.outputs = {Parse<v1::DescribeObjectsOutput>(R"(
      pipeline_objects {
        id: "A" name: "The first"
        fields { key: "schedule" ref_value: "S" }
        fields { key: "@status" string_value: "SCHEDULED" } })")};
  ASSERT_EQ(Run({"describe-objects", "df-1", "A", "@B", "--evaluate"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(out_,
            "A: The first\n"
            "  schedule  -> S\n"
            "  @status   SCHEDULED\n");
  const v1::DescribeObjectsInput& input = service_.describe_objects.inputs[0];
  EXPECT_THAT(input.object_ids(), ElementsAre("A", "@B"));
  EXPECT_TRUE(input.evaluate_expressions());
  ASSERT_EQ(Run({"describe-objects", "df-1", "A", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("{\"id\":\"A\""));
}

TEST_F(PipelinesTest, ObjectsAreDescribedAHundredAtATime) {
  std::vector<std::string> arguments = {"describe-objects", "df-1"};
  for (int i = 0; i < 101; ++i) arguments.push_back(absl::StrCat("c", i));
  ASSERT_EQ(Run(arguments), ExitCode::kDone) << err_;
  ASSERT_THAT(service_.describe_objects.inputs, SizeIs(2));
  EXPECT_EQ(service_.describe_objects.inputs[0].object_ids_size(), 100);
  EXPECT_THAT(service_.describe_objects.inputs[1].object_ids(),
              ElementsAre("c100"));
}

TEST_F(PipelinesTest, AQueryIsMadeOfConditions) {
  service_.query.outputs = {
      Parse<v1::QueryObjectsOutput>(
          R"(ids: "@A" marker: "m" has_more_results: true)"),
      Parse<v1::QueryObjectsOutput>(R"(ids: "@B" ids: "@C")")};
  ASSERT_EQ(Run({"query-objects", "df-1",
                 "--sphere",      "attempt",
                 "--status",      "failed,cancelled",
                 "--field",       "@componentParent",
                 "--op",          "ref_eq",
                 "--values",      "A,B",
                 "--field",       "@scheduledStartTime",
                 "--op",          "GE",
                 "--values",      "2013-09-02",
                 "--limit",       "2"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(out_, "@A\n@B\n");
  const v1::QueryObjectsInput& input = service_.query.inputs[0];
  EXPECT_EQ(input.sphere(), "ATTEMPT");
  ASSERT_EQ(input.query().selectors_size(), 3);
  EXPECT_EQ(input.query().selectors(0).ShortDebugString(),
            R"(field_name: "@componentParent" operator { type: REF_EQ )"
            R"(values: "A" values: "B" })");
  EXPECT_EQ(input.query().selectors(1).operator_().type(),
            v1::Selector::Operator::GE);
  EXPECT_THAT(input.query().selectors(2).operator_().values(),
              ElementsAre("FAILED", "CANCELLED"));
}

TEST_F(PipelinesTest, AQueryMayBeTheApisJson) {
  ASSERT_EQ(Run({"query-objects", "df-1", "--query",
                 R"({"selectors": [{"fieldName": "name", "operator":
                     {"type": "EQ", "values": ["a,b"]}}]})",
                 "--field", "@status", "--values", "FAILED"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(err_, "No object matches.\n");
  const v1::QueryObjectsInput& input = service_.query.inputs[0];
  EXPECT_EQ(input.sphere(), "INSTANCE");
  EXPECT_EQ(input.query().selectors(0).operator_().values(0), "a,b");
  EXPECT_EQ(input.query().selectors(1).field_name(), "@status");
  ASSERT_EQ(Run({"--json", "query-objects", "df-1"}), ExitCode::kDone);
  EXPECT_FALSE(service_.query.inputs[1].has_query());
}

TEST_F(PipelinesTest, AQueryThatIsNoneIsNotAsked) {
  EXPECT_EQ(Run({"query-objects", "df-1", "--sphere", "PIPELINE"}),
            ExitCode::kUsage);
  EXPECT_EQ(Run({"query-objects", "df-1", "--field", "name"}),
            ExitCode::kUsage);
  EXPECT_EQ(Run({"query-objects", "df-1", "--field", "name", "--op", "LIKE",
                 "--values", "a"}),
            ExitCode::kUsage);
  EXPECT_THAT(err_, HasSubstr("--op LIKE is not one of EQ"));
  EXPECT_EQ(Run({"query-objects", "df-1", "--query", "name=a"}),
            ExitCode::kUsage);
  EXPECT_THAT(service_.query.inputs, IsEmpty());
}

TEST_F(PipelinesTest, ObjectsAreSteeredByNamesOfTheirOwn) {
  for (const auto& [verb, status] :
       {std::pair("pause", "PAUSE"), std::pair("resume", "RESUME"),
        std::pair("cancel", "TRY_CANCEL"), std::pair("rerun", "RERUN"),
        std::pair("mark-finished", "MARK_FINISHED")}) {
    ASSERT_EQ(Run({verb, "df-1", "X", "Y"}), ExitCode::kDone) << err_;
    EXPECT_EQ(out_,
              absl::StrCat("df-1: ", status, " is requested for 2 objects.\n"));
    const v1::SetStatusInput& input = service_.set_status.inputs.back();
    EXPECT_EQ(input.status(), status);
    EXPECT_THAT(input.object_ids(), ElementsAre("X", "Y"));
  }
  ASSERT_EQ(Run({"set-status", "df-1", "X", "--status", "rerun", "--json"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(service_.set_status.inputs.back().status(), "RERUN");
  EXPECT_EQ(out_, "{}\n");
  EXPECT_EQ(Run({"set-status", "df-1", "X", "--status", "STOP"}),
            ExitCode::kUsage);
}

TEST_F(PipelinesTest, AnExpressionIsEvaluated) {
  service_.evaluate.outputs = {Parse<v1::EvaluateExpressionOutput>(
      R"(evaluated_expression: "at 2030")")};
  ASSERT_EQ(Run({"evaluate", "df-1", "@A", "at #{year(@scheduledStartTime)}"}),
            ExitCode::kDone)
      << err_;
  EXPECT_EQ(out_, "at 2030\n");
  EXPECT_EQ(service_.evaluate.inputs[0].expression(),
            "at #{year(@scheduledStartTime)}");
}

TEST_F(PipelinesTest, TheGraphIsDrawnFromTheComponents) {
  service_.query.outputs = {Parse<v1::QueryObjectsOutput>(R"(ids: "A")")};
  service_.describe_objects.outputs = {Parse<v1::DescribeObjectsOutput>(R"(
      pipeline_objects {
        id: "A" name: "A"
        fields { key: "type" string_value: "ShellCommandActivity" } })")};
  ASSERT_EQ(Run({"graph", "df-1"}), ExitCode::kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("n1[\"A<br/>ShellCommandActivity\"]"));
  EXPECT_EQ(service_.query.inputs[0].sphere(), "COMPONENT");
  ASSERT_EQ(Run({"graph", "df-1", "--format", "dot"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("digraph"));
  ASSERT_EQ(Run({"graph", "df-1", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("\"edges\":[]"));
}

TEST_F(PipelinesTest, ARunIsExplained) {
  service_.describe_objects.outputs = {Parse<v1::DescribeObjectsOutput>(R"(
      pipeline_objects {
        id: "@A" name: "@A"
        fields { key: "@sphere" string_value: "INSTANCE" }
        fields { key: "@status" string_value: "WAITING_FOR_RUNNER" }
        fields { key: "workerGroup" string_value: "wg" } })")};
  service_.describe.outputs = {Parse<v1::DescribePipelinesOutput>(R"(
      pipeline_description_list {
        fields { key: "@pipelineState" string_value: "SCHEDULED" } })")};
  ASSERT_EQ(Run({"explain", "df-1", "@A"}), ExitCode::kDone) << err_;
  EXPECT_EQ(out_,
            "@A waits for a runner of the worker group wg, and none polls for "
            "it.\n`holdline-runner --worker-group wg` starts one.\n");
  EXPECT_EQ(service_.group.inputs[0].worker_group(), "wg");
  ASSERT_EQ(Run({"explain", "df-1", "@A", "--json"}), ExitCode::kDone);
  EXPECT_THAT(out_, HasSubstr("{\"steps\":[{\"id\":\"@A\""));
}

}  // namespace
}  // namespace holdline::client
