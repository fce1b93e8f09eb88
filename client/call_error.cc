#include "client/call_error.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace holdline::client {
namespace {

constexpr char kPayloadType[] = "type.googleapis.com/holdline.v1.ErrorReason";

}  // namespace

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  // The canonical codes of both are the same numbers.
  absl::Status error(static_cast<absl::StatusCode>(status.error_code()),
                     status.error_message());
  v1::ErrorStatus details;
  if (details.ParseFromString(status.error_details()) &&
      details.details_size() > 0) {
    error.SetPayload(kPayloadType, absl::Cord(details.details(0).value()));
  }
  return error;
}

std::optional<v1::ErrorReason> ReasonOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayloadType);
  v1::ErrorReason reason;
  if (!payload.has_value() || !reason.ParseFromString(std::string(*payload)) ||
      reason.reason().empty()) {
    return std::nullopt;
  }
  return reason;
}

}  // namespace holdline::client
