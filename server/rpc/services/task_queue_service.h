// The methods of TaskQueue.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_TASK_QUEUE_SERVICE_H_
#define HOLDLINE_SERVER_RPC_SERVICES_TASK_QUEUE_SERVICE_H_

#include <cstddef>

#include "holdline/v1/task_queue.pb.h"
#include "server/broker/command.h"
#include "server/broker/task.h"
#include "server/queries/history.h"
#include "server/queries/page_markers.h"
#include "server/rpc/call/holding.h"
#include "server/rpc/call/method_table.h"
#include "server/rpc/call/unary_call.h"
#include "server/rpc/services/task_token.h"

namespace holdline {

// Thread-safe. Must outlive its handlers.
class TaskQueueService {
 public:
  // Everything given outlives the service. `payload_max` is in bytes.
  TaskQueueService(History* history, const TaskTokens* tokens,
                   const PageMarkers* markers, const Holding* holding,
                   size_t payload_max)
      : history_(history),
        tokens_(tokens),
        markers_(markers),
        holding_(holding),
        payload_max_(payload_max) {}

  MethodTable::Handlers Handlers();

 private:
  void SubmitTasks(v1::SubmitTasksRequest& request, UnaryCall* call);
  void GetTask(const v1::GetTaskRequest& request, UnaryCall* call);
  void ListTasks(const v1::ListTasksRequest& request, UnaryCall* call);
  void WaitForTask(const v1::WaitForTaskRequest& request, UnaryCall* call);
  void CancelTask(const v1::CancelTaskRequest& request, UnaryCall* call);
  void RetryTask(const v1::RetryTaskRequest& request, UnaryCall* call);
  void RunTaskNow(const v1::RunTaskNowRequest& request, UnaryCall* call);
  void ReleaseTask(const v1::ReleaseTaskRequest& request, UnaryCall* call);

  // Sends a command that is answered with a task to the engine, and answers the
  // call with that task.
  void AskForTask(CommandBody command, UnaryCall* call);

  // Answers with a task that the engine has just returned, completed from the
  // history.
  void AnswerWithHistory(const Task& task, UnaryCall* call);

  History* const history_;
  const TaskTokens* const tokens_;
  const PageMarkers* const markers_;
  const Holding* const holding_;
  const size_t payload_max_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_TASK_QUEUE_SERVICE_H_
