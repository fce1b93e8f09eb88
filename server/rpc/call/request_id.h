// Request ids, which identify calls in responses, logs and support requests.

#ifndef HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_
#define HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_

#include <string>

#include "grpcpp/server_context.h"

namespace holdline {

// Returns the id that the caller gave the call, if it is 1 to 128 letters,
// digits, `-`, `_`, `.` or `:`; otherwise a new one.
std::string RequestIdOf(const grpc::CallbackServerContext& context);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_
