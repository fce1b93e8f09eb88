// The size check and the parsing of requests.

#ifndef HOLDLINE_SERVER_RPC_CALL_REQUEST_READER_H_
#define HOLDLINE_SERVER_RPC_CALL_REQUEST_READER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/contract/method_contract.h"

namespace holdline {

// Checks the size of a request against its contract, before it is parsed.
// Returns the most bytes of memory that serving it takes: encoded, parsed, and
// converted.
//
// INVALID_ARGUMENT: it has more bytes or values than it may, or is no message
// of that type.
absl::StatusOr<int64_t> MeasureRequest(const MethodContract& contract,
                                       const google::protobuf::Descriptor* type,
                                       const grpc::ByteBuffer& request);

// Parses a request, and releases its bytes even on error: a parked call would
// otherwise retain a slice of its connection's read buffer. `request` is const
// only because gRPC passes it so; the caller owns it.
//
// INVALID_ARGUMENT: it is no such message; then `input` is of no use.
absl::Status ParseRequest(const grpc::ByteBuffer* request,
                          google::protobuf::Message* input);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_REQUEST_READER_H_
