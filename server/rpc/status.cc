#include "server/rpc/status.h"

#include "holdline/v1/contract.pb.h"

namespace holdline {
namespace {

constexpr char kDomain[] = "holdline";
constexpr char kDetailType[] = "type.googleapis.com/google.rpc.ErrorInfo";

const char* DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return "InvalidRequestException";
    case absl::StatusCode::kNotFound:
      return "TaskNotFoundException";
    case absl::StatusCode::kResourceExhausted:
      return "ThrottlingException";
    case absl::StatusCode::kUnavailable:
      return "ServiceUnavailable";
    case absl::StatusCode::kUnimplemented:
      return "UnknownOperationException";
    default:
      return "InternalServiceError";
  }
}

}  // namespace

std::string ReasonOf(const absl::Status& status) {
  std::string named = NamedReason(status);
  return named.empty() ? DefaultReason(status.code()) : named;
}

grpc::Status WireStatus(const absl::Status& status,
                        absl::string_view request_id) {
  if (status.ok()) return grpc::Status::OK;
  v1::ErrorReason reason;
  reason.set_reason(ReasonOf(status));
  reason.set_domain(kDomain);
  (*reason.mutable_metadata())["requestId"] = std::string(request_id);

  v1::ErrorStatus details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  v1::ErrorStatus::Detail* detail = details.add_details();
  detail->set_type_url(kDetailType);
  reason.SerializeToString(detail->mutable_value());
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      details.message(), details.SerializeAsString());
}

}  // namespace holdline
