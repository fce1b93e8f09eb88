// Errors in the form of AWS JSON (DATAPIPELINE sections 12.4 and 12.5).

#ifndef HOLDLINE_SERVER_GATEWAY_WIRE_ERROR_H_
#define HOLDLINE_SERVER_GATEWAY_WIRE_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"

namespace holdline {

struct WireError {
  // The HTTP status.
  int http_status = 400;

  // The short name, such as `InvalidRequestException`.
  std::string name;

  // A sentence for people. Never quotes what the caller sent.
  std::string message;
};

// The body cannot be read as the JSON that the action wants.
WireError SerializationError(std::string message);

// The target names no known service.
WireError UnknownOperationError(std::string message);

// A member breaks a rule. `path` is its JSON path.
WireError ConstraintWireError(const std::string& path,
                              const std::string& constraint);

// Returns the error for a failed authentication (server/auth), with its name.
// REQUIRES: the status is not OK.
WireError FromAuthentication(const absl::Status& status);

// The broker's error: the reason in the status's details and its message.
// Without a reason, a message for the status code. REQUIRES: the status is not
// OK.
WireError FromGrpcStatus(const grpc::Status& status);

// Returns the body of the answer.
std::string ToJson(const WireError& error);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_WIRE_ERROR_H_
