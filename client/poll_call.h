// A call of PollForTask that never loses a task that has arrived.

#ifndef HOLDLINE_CLIENT_POLL_CALL_H_
#define HOLDLINE_CLIENT_POLL_CALL_H_

#include <memory>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// Polls once and blocks until the call has ended. The generated stub discards
// an answer that arrived before a cancellation, because it reads answer and
// status in one operation. Here they are read separately: `output` may hold a
// task whatever the status is. Thread-safe.
grpc::Status PollOnce(const std::shared_ptr<grpc::Channel>& channel,
                      grpc::ClientContext* context,
                      const v1::PollForTaskInput& input,
                      v1::PollForTaskOutput* output);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_POLL_CALL_H_
