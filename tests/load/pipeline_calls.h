// A pipeline of a server under load, and what is asked of it.

#ifndef HOLDLINE_TESTS_LOAD_PIPELINE_CALLS_H_
#define HOLDLINE_TESTS_LOAD_PIPELINE_CALLS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"

namespace holdline::load {

// Makes a string field, and one that refers to another object.
void AddField(v1::PipelineObject* object, const std::string& key,
              const std::string& value);
void AddReference(v1::PipelineObject* object, const std::string& key,
                  const std::string& id);

// Adds an object whose name is its id.
v1::PipelineObject* AddObject(const std::string& id,
                              v1::PutPipelineDefinitionInput* put);

// Used by one thread. Each call waits for its answer, and for ten seconds at
// most; an error has the code and the message of gRPC's.
class PipelineCalls {
 public:
  explicit PipelineCalls(const std::string& address);

  // Creates a pipeline with a definition, whose `pipeline_id` is of no account.
  absl::Status Make(const std::string& name,
                    v1::PutPipelineDefinitionInput definition);

  absl::Status Activate();

  // Of the pipeline that Make has made.
  const std::string& id() const { return id_; }

  template <typename Input, typename Output>
  absl::Status Call(grpc::Status (v1::DataPipeline::Stub::*method)(
                        grpc::ClientContext*, const Input&, Output*),
                    const Input& input, Output* output) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    const grpc::Status status = (stub_.*method)(&context, input, output);
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                        status.error_message());
  }

 private:
  v1::DataPipeline::Stub stub_;
  std::string id_;
};

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_PIPELINE_CALLS_H_
