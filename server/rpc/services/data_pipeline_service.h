// The actions of DataPipeline for task runners (DATAPIPELINE sections 3.14 to
// 3.17).

#ifndef HOLDLINE_SERVER_RPC_SERVICES_DATA_PIPELINE_SERVICE_H_
#define HOLDLINE_SERVER_RPC_SERVICES_DATA_PIPELINE_SERVICE_H_

#include "holdline/v1/data_pipeline.pb.h"
#include "server/auth/credentials/instance_identity.h"
#include "server/rpc/call/method_table.h"
#include "server/rpc/call/unary_call.h"
#include "server/rpc/services/held_poll.h"

namespace holdline {

// Thread-safe. Must outlive its handlers.
class DataPipelineService {
 public:
  // `verifier` checks the instance identity documents of polls. It and all that
  // the environment points to outlive the service.
  DataPipelineService(HeldPoll::Environment environment,
                      const InstanceIdentityVerifier* verifier)
      : environment_(environment), verifier_(verifier) {}

  MethodTable::Handlers Handlers();

 private:
  void PollForTask(const v1::PollForTaskInput& input, UnaryCall* call);
  void ReportTaskProgress(const v1::ReportTaskProgressInput& input,
                          UnaryCall* call);
  void SetTaskStatus(const v1::SetTaskStatusInput& input, UnaryCall* call);
  void ReportTaskRunnerHeartbeat(
      const v1::ReportTaskRunnerHeartbeatInput& input, UnaryCall* call);

  const HeldPoll::Environment environment_;
  const InstanceIdentityVerifier* const verifier_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_DATA_PIPELINE_SERVICE_H_
