// A test fixture with a server and short forms of calls about pipelines.

#ifndef HOLDLINE_SERVER_RPC_TESTING_PIPELINE_HARNESS_H_
#define HOLDLINE_SERVER_RPC_TESTING_PIPELINE_HARNESS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {

// A definition in text format: the hourly activity `A`, and `B` which depends
// on it, by cron. Two runs of each, that were due long ago.
inline constexpr char kTwoActivities[] = R"pb(
  pipeline_objects {
    id: "Default"
    name: "Default"
    fields { key: "workerGroup" string_value: "wg" }
    fields { key: "pipelineLogUri" string_value: "s3://logs/" }
    fields { key: "scheduleType" string_value: "cron" }
    fields { key: "schedule" ref_value: "Hourly" }
  }
  pipeline_objects {
    id: "Hourly"
    name: "each hour"
    fields { key: "type" string_value: "Schedule" }
    fields { key: "period" string_value: "1 hour" }
    fields { key: "startDateTime" string_value: "2012-12-12T00:00:00" }
    fields { key: "occurrences" string_value: "2" }
  }
  pipeline_objects {
    id: "A"
    name: "A"
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "echo #{@scheduledStartTime}" }
    fields { key: "maximumRetries" string_value: "0" }
  }
  pipeline_objects {
    id: "B"
    name: "B"
    fields { key: "type" string_value: "ShellCommandActivity" }
    fields { key: "command" string_value: "true" }
    fields { key: "dependsOn" ref_value: "A" }
  }
)pb";

class PipelineTest : public testing::Test {
 protected:
  using Stub = v1::DataPipeline::StubInterface;

  // Calls a method with an input in text format.
  template <typename Input, typename Output>
  Outcome<Output> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Input&, Output*),
                       const std::string& input) {
    return server_.Call(server_.pipeline(), method, Parse<Input>(input));
  }

  // The same, for what must succeed.
  template <typename Input, typename Output>
  Output Do(grpc::Status (Stub::*method)(grpc::ClientContext*, const Input&,
                                         Output*),
            const std::string& input) {
    auto outcome = Call(method, input);
    EXPECT_TRUE(outcome.status.ok())
        << outcome.status.error_message() << " of " << input;
    return std::move(outcome.output);
  }

  // The error name of what must fail.
  template <typename Input, typename Output>
  std::string ReasonOf(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Input&, Output*),
                       const std::string& input) {
    const auto outcome = Call(method, input);
    EXPECT_FALSE(outcome.status.ok()) << input;
    return outcome.status.ok() ? "" : outcome.reason().reason();
  }

  // Creates a pipeline, and returns what names it in an input.
  std::string Create(const std::string& name = "hello") {
    const auto output =
        Do(&Stub::CreatePipeline,
           absl::StrCat("name: '", name, "' unique_id: 'unique'"));
    return Named(output.pipeline_id());
  }

  static std::string Named(const std::string& id) {
    return absl::StrCat("pipeline_id: '", id, "' ");
  }

  // Creates a pipeline with a definition and activates it.
  std::string Activate(const std::string& definition = kTwoActivities) {
    const std::string pipeline = Create();
    EXPECT_FALSE(
        Do(&Stub::PutPipelineDefinition, pipeline + definition).errored());
    Do(&Stub::ActivatePipeline, pipeline);
    return pipeline;
  }

  // Polls the group `wg` until there is a task.
  v1::TaskObject Poll() {
    const auto outcome = server_.Poll("wg");
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    EXPECT_TRUE(outcome.output.has_task_object());
    return outcome.output.task_object();
  }

  void End(const v1::TaskObject& task, const std::string& status) {
    v1::SetTaskStatusInput input =
        Parse<v1::SetTaskStatusInput>("task_status: " + status);
    input.set_task_id(task.task_id());
    if (status == "FAILED") {
      input.set_error_id("E1");
      input.set_error_message("boom");
    }
    const auto outcome =
        server_.Call(server_.pipeline(), &Stub::SetTaskStatus, input);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  }

  // The value of a field of an object; empty if it has none.
  std::string FieldOf(const std::string& pipeline, const std::string& object,
                      const std::string& key) {
    const auto output =
        Do(&Stub::DescribeObjects,
           absl::StrCat(pipeline, "object_ids: '", object, "'"));
    if (output.pipeline_objects_size() != 1) return "no object";
    return FieldOf(output.pipeline_objects(0).fields(), key);
  }

  // The same of the pipeline itself.
  std::string FieldOf(const std::string& pipeline, const std::string& key) {
    const auto output =
        Do(&Stub::DescribePipelines,
           "pipeline_ids" + pipeline.substr(std::string("pipeline_id").size()));
    if (output.pipeline_description_list_size() != 1) return "no pipeline";
    return FieldOf(output.pipeline_description_list(0).fields(), key);
  }

  template <typename Fields>
  static std::string FieldOf(const Fields& fields, const std::string& key) {
    for (const v1::Field& field : fields) {
      if (field.key() != key) continue;
      return field.has_ref_value() ? field.ref_value() : field.string_value();
    }
    return "";
  }

  // The ids of a sphere, of one status if it is given.
  std::vector<std::string> Query(const std::string& pipeline,
                                 const std::string& sphere,
                                 const std::string& status = "") {
    const std::string query =
        status.empty() ? ""
                       : absl::StrCat(
                             "query { selectors { field_name: '@status' "
                             "operator { type: EQ values: '",
                             status, "' } } }");
    const auto output =
        Do(&Stub::QueryObjects,
           absl::StrCat(pipeline, "sphere: '", sphere, "' ", query));
    return {output.ids().begin(), output.ids().end()};
  }

  TestServer server_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_PIPELINE_HARNESS_H_
