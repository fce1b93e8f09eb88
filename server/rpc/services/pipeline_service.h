// The actions of DataPipeline that are about pipelines: all but those of task
// runners (DATAPIPELINE section 3).

#ifndef HOLDLINE_SERVER_RPC_SERVICES_PIPELINE_SERVICE_H_
#define HOLDLINE_SERVER_RPC_SERVICES_PIPELINE_SERVICE_H_

#include "holdline/v1/data_pipeline.pb.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/validation/validation_limits.h"
#include "server/queries/history.h"
#include "server/queries/page_markers.h"
#include "server/rpc/call/method_table.h"
#include "server/rpc/call/unary_call.h"

namespace holdline {

// Thread-safe. Must outlive its handlers.
class PipelineService {
 public:
  // History and markers outlive the service. `limits` are the planner's limits
  // of definitions.
  PipelineService(History* history, const PageMarkers* markers,
                  const ValidationLimits& limits)
      : history_(history), markers_(markers), limits_(limits) {}

  MethodTable::Handlers Handlers();

 private:
  void ActivatePipeline(const v1::ActivatePipelineInput& input,
                        UnaryCall* call);
  void AddTags(const v1::AddTagsInput& input, UnaryCall* call);
  void CreatePipeline(const v1::CreatePipelineInput& input, UnaryCall* call);
  void DeactivatePipeline(const v1::DeactivatePipelineInput& input,
                          UnaryCall* call);
  void DeletePipeline(const v1::DeletePipelineInput& input, UnaryCall* call);
  void PutPipelineDefinition(const v1::PutPipelineDefinitionInput& input,
                             UnaryCall* call);
  void RemoveTags(const v1::RemoveTagsInput& input, UnaryCall* call);
  void SetStatus(const v1::SetStatusInput& input, UnaryCall* call);
  void ValidatePipelineDefinition(
      const v1::ValidatePipelineDefinitionInput& input, UnaryCall* call);

  // Answers a read-only method from the history.
  template <typename Input>
  void Ask(const Input& input, UnaryCall* call);

  History* const history_;
  const PageMarkers* const markers_;
  const ValidationLimits limits_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_PIPELINE_SERVICE_H_
