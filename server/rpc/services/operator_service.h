// The methods of Operator.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_OPERATOR_SERVICE_H_
#define HOLDLINE_SERVER_RPC_SERVICES_OPERATOR_SERVICE_H_

#include "holdline/v1/operator.pb.h"
#include "server/rpc/call/method_table.h"
#include "server/rpc/call/stream_call.h"
#include "server/rpc/call/unary_call.h"

namespace holdline {

// Thread-safe. Must outlive its handlers.
class OperatorService {
 public:
  MethodTable::Handlers Handlers();

 private:
  void ListGroups(const v1::ListGroupsRequest& request, UnaryCall* call);
  void GetGroup(const v1::GetGroupRequest& request, UnaryCall* call);
  void UpdateGroup(const v1::UpdateGroupRequest& request, UnaryCall* call);
  void WatchGroups(const v1::WatchGroupsRequest& request, StreamCall* call);
  void ListRunners(const v1::ListRunnersRequest& request, UnaryCall* call);
  void UpdateRunner(const v1::UpdateRunnerRequest& request, UnaryCall* call);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_OPERATOR_SERVICE_H_
