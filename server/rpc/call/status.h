// The conversion of the broker's errors to those of the protocol.
//
// An error of the protocol is a canonical code, a sentence, and a detail that
// holds the AWS error name (DATAPIPELINE section 12.5) and the request id.

#ifndef HOLDLINE_SERVER_RPC_CALL_STATUS_H_
#define HOLDLINE_SERVER_RPC_CALL_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"
#include "server/base/error_reason.h"

namespace holdline {

// Returns the AWS error name of an error.
std::string ReasonOf(const absl::Status& status);

// Returns `status` as it is sent; a message of more than 1,500 bytes is cut.
// The details are a serialized holdline.v1.ErrorStatus; OK has none.
grpc::Status WireStatus(const absl::Status& status,
                        absl::string_view request_id);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_STATUS_H_
