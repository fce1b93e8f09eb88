#include "server/gateway/wire_error.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json.hpp"
#include "holdline/v1/contract.pb.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";

// The reason that the broker gave, or an empty one.
std::string ReasonOf(const grpc::Status& status) {
  v1::ErrorStatus details;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const v1::ErrorStatus::Detail& detail : details.details()) {
    v1::ErrorReason reason;
    if (detail.type_url() == kErrorInfo &&
        reason.ParseFromString(detail.value())) {
      return reason.reason();
    }
  }
  return "";
}

// What a code means when the broker gave no reason. Then the transport failed
// on the way to it; what it says is for operators, not for callers.
WireError FromTransport(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {400, "ThrottlingException",
              "The broker is out of capacity at the moment."};
    case grpc::StatusCode::UNAVAILABLE:
      return {503, "ServiceUnavailable",
              "The broker is unavailable at the moment."};
    case grpc::StatusCode::UNIMPLEMENTED:
      return UnknownOperationError("The broker does not know this operation.");
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return {500, "InternalServiceError",
              "The broker did not answer in time."};
    default:
      return {500, "InternalServiceError", "The broker failed to answer."};
  }
}

int HttpStatusOf(grpc::StatusCode code, const std::string& name) {
  // What cannot be read is the caller's mistake, not a refusal.
  if (name == "IncompleteSignatureException") return 400;
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::UNIMPLEMENTED:
      return 400;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return 403;
    case grpc::StatusCode::UNAVAILABLE:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

WireError SerializationError(std::string message) {
  return {400, "SerializationException", std::move(message)};
}

WireError UnknownOperationError(std::string message) {
  return {400, "UnknownOperationException", std::move(message)};
}

WireError ConstraintWireError(const std::string& path,
                              const std::string& constraint) {
  return {400, "InvalidRequestException",
          absl::StrCat("1 validation error detected: Value at '", path,
                       "' failed to satisfy constraint: ", constraint)};
}

WireError FromGrpcStatus(const grpc::Status& status) {
  std::string reason = ReasonOf(status);
  if (reason.empty()) return FromTransport(status.error_code());
  const int http_status = HttpStatusOf(status.error_code(), reason);
  return {http_status, std::move(reason), status.error_message()};
}

WireError FromAuthentication(const absl::Status& status) {
  std::string name = NamedReason(status);
  const int http_status =
      HttpStatusOf(static_cast<grpc::StatusCode>(status.code()), name);
  return {http_status, std::move(name), std::string(status.message())};
}

std::string ToJson(const WireError& error) {
  return boost::json::serialize(
      boost::json::object{{"__type", error.name}, {"message", error.message}});
}

}  // namespace holdline
