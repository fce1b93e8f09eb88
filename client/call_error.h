// Errors of calls, with the name that AWS clients know them by.

#ifndef HOLDLINE_CLIENT_CALL_ERROR_H_
#define HOLDLINE_CLIENT_CALL_ERROR_H_

#include <optional>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "holdline/v1/contract.pb.h"

namespace holdline::client {

// The same code and message as a Status of Abseil. The server's ErrorReason is
// attached, for ReasonOf.
absl::Status FromGrpcStatus(const grpc::Status& status);

// The reason that the server gave with an error: `reason` is the AWS error
// name, such as `TaskNotFoundException`. Absent if the error did not come from
// a Holdline server: the connection failed, the deadline passed, or the client
// itself refused.
std::optional<v1::ErrorReason> ReasonOf(const absl::Status& status);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_CALL_ERROR_H_
