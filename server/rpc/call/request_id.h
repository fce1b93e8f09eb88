// Request ids, which identify calls in responses, logs and support requests.

#ifndef HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_
#define HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"

namespace holdline {

// The metadata key of a request id, in calls and in answers, but for those to a
// gateway (unary_call.h).
inline constexpr char kRequestIdKey[] = "x-holdline-request-id";

// Returns a new UUID, version 4. Thread-safe; asks the system for randomness
// only once a thread. Not for secrets.
std::string MakeRequestId();

// Returns the id that the caller gave the call, if it is 1 to 128 letters,
// digits, `-`, `_`, `.` or `:`; otherwise a new one.
std::string RequestIdOf(const grpc::CallbackServerContext& context);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_REQUEST_ID_H_
