// A server for tests that returns scripted answers to the actions for
// pipelines.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_PIPELINE_SERVICE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_PIPELINE_SERVICE_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/empty.pb.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "holdline/v1/contract.pb.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/operator.grpc.pb.h"

namespace holdline::client {

// One scripted action. Called by one thread at a time, and read between calls.
template <class Input, class Output>
struct TestAction {
  // The requests, in order.
  std::vector<Input> inputs;

  // The answers in turn; the last is repeated. Empty answers if there is none.
  std::deque<Output> outputs;

  // The error to return instead, unless OK.
  grpc::Status status;

  grpc::Status Answer(const Input* input, Output* output) {
    inputs.push_back(*input);
    if (!outputs.empty()) *output = outputs.front();
    if (outputs.size() > 1) outputs.pop_front();
    return status;
  }
};

// An error as the server sends them.
inline grpc::Status Refusal(grpc::StatusCode code, const std::string& reason,
                            const std::string& message) {
  v1::ErrorReason detail;
  detail.set_reason(reason);
  detail.set_domain("holdline");
  v1::ErrorStatus details;
  details.set_code(code);
  details.add_details()->set_value(detail.SerializeAsString());
  return grpc::Status(code, message, details.SerializeAsString());
}

class TestPipelineService : public v1::DataPipeline::Service,
                            public v1::Operator::Service {
 public:
  TestPipelineService() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(static_cast<v1::DataPipeline::Service*>(this));
    builder.RegisterService(static_cast<v1::Operator::Service*>(this));
    server_ = builder.BuildAndStart();
  }
  ~TestPipelineService() override { server_->Shutdown(); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  TestAction<v1::ActivatePipelineInput, v1::ActivatePipelineOutput> activate;
  TestAction<v1::AddTagsInput, v1::AddTagsOutput> add_tags;
  TestAction<v1::CreatePipelineInput, v1::CreatePipelineOutput> create;
  TestAction<v1::DeactivatePipelineInput, v1::DeactivatePipelineOutput>
      deactivate;
  TestAction<v1::DeletePipelineInput, google::protobuf::Empty> remove;
  TestAction<v1::DescribeObjectsInput, v1::DescribeObjectsOutput>
      describe_objects;
  TestAction<v1::DescribePipelinesInput, v1::DescribePipelinesOutput> describe;
  TestAction<v1::EvaluateExpressionInput, v1::EvaluateExpressionOutput>
      evaluate;
  TestAction<v1::GetPipelineDefinitionInput, v1::GetPipelineDefinitionOutput>
      get;
  TestAction<v1::ListPipelinesInput, v1::ListPipelinesOutput> list;
  TestAction<v1::PutPipelineDefinitionInput, v1::PutPipelineDefinitionOutput>
      put;
  TestAction<v1::QueryObjectsInput, v1::QueryObjectsOutput> query;
  TestAction<v1::RemoveTagsInput, v1::RemoveTagsOutput> remove_tags;
  TestAction<v1::SetStatusInput, google::protobuf::Empty> set_status;
  TestAction<v1::ValidatePipelineDefinitionInput,
             v1::ValidatePipelineDefinitionOutput>
      validate;
  TestAction<v1::GetGroupRequest, v1::Group> group;

  grpc::Status ActivatePipeline(grpc::ServerContext*,
                                const v1::ActivatePipelineInput* input,
                                v1::ActivatePipelineOutput* output) override {
    return activate.Answer(input, output);
  }
  grpc::Status AddTags(grpc::ServerContext*, const v1::AddTagsInput* input,
                       v1::AddTagsOutput* output) override {
    return add_tags.Answer(input, output);
  }
  grpc::Status CreatePipeline(grpc::ServerContext*,
                              const v1::CreatePipelineInput* input,
                              v1::CreatePipelineOutput* output) override {
    return create.Answer(input, output);
  }
  grpc::Status DeactivatePipeline(
      grpc::ServerContext*, const v1::DeactivatePipelineInput* input,
      v1::DeactivatePipelineOutput* output) override {
    return deactivate.Answer(input, output);
  }
  grpc::Status DeletePipeline(grpc::ServerContext*,
                              const v1::DeletePipelineInput* input,
                              google::protobuf::Empty* output) override {
    return remove.Answer(input, output);
  }
  grpc::Status DescribeObjects(grpc::ServerContext*,
                               const v1::DescribeObjectsInput* input,
                               v1::DescribeObjectsOutput* output) override {
    return describe_objects.Answer(input, output);
  }
  grpc::Status DescribePipelines(grpc::ServerContext*,
                                 const v1::DescribePipelinesInput* input,
                                 v1::DescribePipelinesOutput* output) override {
    return describe.Answer(input, output);
  }
  grpc::Status EvaluateExpression(
      grpc::ServerContext*, const v1::EvaluateExpressionInput* input,
      v1::EvaluateExpressionOutput* output) override {
    return evaluate.Answer(input, output);
  }
  grpc::Status GetPipelineDefinition(
      grpc::ServerContext*, const v1::GetPipelineDefinitionInput* input,
      v1::GetPipelineDefinitionOutput* output) override {
    return get.Answer(input, output);
  }
  grpc::Status ListPipelines(grpc::ServerContext*,
                             const v1::ListPipelinesInput* input,
                             v1::ListPipelinesOutput* output) override {
    return list.Answer(input, output);
  }
  grpc::Status PutPipelineDefinition(
      grpc::ServerContext*, const v1::PutPipelineDefinitionInput* input,
      v1::PutPipelineDefinitionOutput* output) override {
    return put.Answer(input, output);
  }
  grpc::Status QueryObjects(grpc::ServerContext*,
                            const v1::QueryObjectsInput* input,
                            v1::QueryObjectsOutput* output) override {
    return query.Answer(input, output);
  }
  grpc::Status RemoveTags(grpc::ServerContext*,
                          const v1::RemoveTagsInput* input,
                          v1::RemoveTagsOutput* output) override {
    return remove_tags.Answer(input, output);
  }
  grpc::Status SetStatus(grpc::ServerContext*, const v1::SetStatusInput* input,
                         google::protobuf::Empty* output) override {
    return set_status.Answer(input, output);
  }
  grpc::Status ValidatePipelineDefinition(
      grpc::ServerContext*, const v1::ValidatePipelineDefinitionInput* input,
      v1::ValidatePipelineDefinitionOutput* output) override {
    return validate.Answer(input, output);
  }
  grpc::Status GetGroup(grpc::ServerContext*, const v1::GetGroupRequest* input,
                        v1::Group* output) override {
    return group.Answer(input, output);
  }

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_TEST_PIPELINE_SERVICE_H_
