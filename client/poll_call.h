// A call of PollForTask that loses no task that has arrived.

#ifndef HOLDLINE_CLIENT_POLL_CALL_H_
#define HOLDLINE_CLIENT_POLL_CALL_H_

#include <memory>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// Polls once and blocks until the call has ended. The generated stub reads the
// answer and its status in one operation, and throws an answer away that had
// arrived when the call was cancelled. Here the answer is read on its own:
// `output` may hold a task whatever the status is. Thread-safe.
grpc::Status PollOnce(const std::shared_ptr<grpc::Channel>& channel,
                      grpc::ClientContext* context,
                      const v1::PollForTaskInput& input,
                      v1::PollForTaskOutput* output);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_POLL_CALL_H_
