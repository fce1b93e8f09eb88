#include "server/gateway/wire_error.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "boost/json.hpp"
#include "holdline/v1/contract.pb.h"

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

struct Meaning {
  int http_status;
  const char* name;
};

// What a code means when nobody said more. A transport that fails on the way to
// the broker has no reason to give.
Meaning MeaningOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
      return {400, "InvalidRequestException"};
    case grpc::StatusCode::NOT_FOUND:
      return {400, "TaskNotFoundException"};
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return {400, "ThrottlingException"};
    case grpc::StatusCode::PERMISSION_DENIED:
      return {403, "AccessDenied"};
    case grpc::StatusCode::UNAVAILABLE:
      return {503, "ServiceUnavailable"};
    case grpc::StatusCode::UNIMPLEMENTED:
      return {400, "UnknownOperationException"};
    default:
      return {500, "InternalServiceError"};
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
  const Meaning meaning = MeaningOf(status.error_code());
  std::string reason = ReasonOf(status);
  return {meaning.http_status,
          reason.empty() ? std::string(meaning.name) : std::move(reason),
          status.error_message()};
}

std::string ToJson(const WireError& error) {
  return boost::json::serialize(
      boost::json::object{{"__type", error.name}, {"message", error.message}});
}

}  // namespace holdline
