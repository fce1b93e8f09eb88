// Measuring and parsing of requests.

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

// Holds a request against the size that the contract allows, before anything is
// made of it. Returns how many bytes it takes at most while it is served, its
// own and those of copies in other forms included.
//
// INVALID_ARGUMENT: it has more bytes or values than it may, or is no message
// of that type.
absl::StatusOr<int64_t> MeasureRequest(const MethodContract& contract,
                                       const google::protobuf::Descriptor* type,
                                       const grpc::ByteBuffer& request);

// Parses a request, and lets go of its bytes either way: a parked call would
// otherwise keep a piece of its connection's read buffer. They are const only
// because gRPC passes requests so; the caller owns them.
//
// INVALID_ARGUMENT: it is no such message; then `input` is of no use.
absl::Status ParseRequest(const grpc::ByteBuffer* request,
                          google::protobuf::Message* input);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_REQUEST_READER_H_
