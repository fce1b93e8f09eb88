#include "tests/load/pipeline_calls.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace holdline::load {

void AddField(v1::PipelineObject* object, const std::string& key,
              const std::string& value) {
  v1::Field* const field = object->add_fields();
  field->set_key(key);
  field->set_string_value(value);
}

void AddReference(v1::PipelineObject* object, const std::string& key,
                  const std::string& id) {
  v1::Field* const field = object->add_fields();
  field->set_key(key);
  field->set_ref_value(id);
}

v1::PipelineObject* AddObject(const std::string& id,
                              v1::PutPipelineDefinitionInput* put) {
  v1::PipelineObject* const object = put->add_pipeline_objects();
  object->set_id(id);
  object->set_name(id);
  return object;
}

PipelineCalls::PipelineCalls(const std::string& address)
    : stub_(grpc::CreateChannel(address, grpc::InsecureChannelCredentials())) {}

absl::Status PipelineCalls::Make(const std::string& name,
                                 v1::PutPipelineDefinitionInput definition) {
  v1::CreatePipelineInput create;
  create.set_name(name);
  create.set_unique_id(name);
  v1::CreatePipelineOutput created;
  absl::Status status =
      Call(&v1::DataPipeline::Stub::CreatePipeline, create, &created);
  if (!status.ok()) return status;
  id_ = created.pipeline_id();
  definition.set_pipeline_id(id_);
  v1::PutPipelineDefinitionOutput answer;
  status =
      Call(&v1::DataPipeline::Stub::PutPipelineDefinition, definition, &answer);
  if (status.ok() && answer.errored()) {
    return absl::InternalError(answer.ShortDebugString());
  }
  return status;
}

absl::Status PipelineCalls::Activate() {
  v1::ActivatePipelineInput activate;
  activate.set_pipeline_id(id_);
  v1::ActivatePipelineOutput answer;
  return Call(&v1::DataPipeline::Stub::ActivatePipeline, activate, &answer);
}

}  // namespace holdline::load
