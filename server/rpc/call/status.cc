#include "server/rpc/call/status.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "holdline/v1/contract.pb.h"
#include "server/base/utf8.h"

namespace holdline {
namespace {

constexpr char kDomain[] = "holdline";
constexpr char kDetailType[] = "type.googleapis.com/google.rpc.ErrorInfo";

// How much of a message is sent, in bytes. It travels twice in the trailers of
// a call, once in base64 and once with each byte beyond ASCII as three, and the
// clients of gRPC drop an answer with more than 8 KiB of these.
constexpr size_t kMessageMax = 1500;

std::string Cut(absl::string_view message) {
  if (message.size() <= kMessageMax) return std::string(message);
  return absl::StrCat(WholeCharacters(message, kMessageMax - 3), "...");
}

const char* DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
      return "InvalidRequestException";
    case absl::StatusCode::kNotFound:
      return "TaskNotFoundException";
    case absl::StatusCode::kResourceExhausted:
      return "ThrottlingException";
    case absl::StatusCode::kPermissionDenied:
      return "AccessDenied";
    case absl::StatusCode::kUnauthenticated:
      return "UnrecognizedClientException";
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
  details.set_message(Cut(status.message()));
  v1::ErrorStatus::Detail* detail = details.add_details();
  detail->set_type_url(kDetailType);
  reason.SerializeToString(detail->mutable_value());
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()),
                      details.message(), details.SerializeAsString());
}

}  // namespace holdline
