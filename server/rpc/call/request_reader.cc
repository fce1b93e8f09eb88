#include "server/rpc/call/request_reader.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "server/rpc/call/value_count.h"

namespace holdline {
namespace {

// The largest message that lists have as elements, with its place in a list
// that has just grown.
constexpr int64_t kBytesPerValue = 300;

// The request, what is parsed of it, and what the broker is told.
constexpr int64_t kBytesPerByte = 3;

absl::Status NotAMessage(const google::protobuf::Descriptor& type) {
  return absl::InvalidArgumentError(
      absl::StrCat("the request is not a ", type.full_name(), " message"));
}

}  // namespace

absl::StatusOr<int64_t> MeasureRequest(const MethodContract& contract,
                                       const google::protobuf::Descriptor* type,
                                       const grpc::ByteBuffer& request) {
  const absl::Status status = contract.CheckBytes(request.Length());
  if (!status.ok()) return status;
  // It is const only in name: a reader does not change what it reads.
  grpc::ProtoBufferReader bytes(const_cast<grpc::ByteBuffer*>(&request));
  bool is_message = false;
  const std::optional<int64_t> values =
      CountValues(contract.request_values_max(), type, &bytes, &is_message);
  if (!values.has_value()) return contract.TooManyValues();
  if (!is_message) return NotAMessage(*type);
  return *values * kBytesPerValue +
         static_cast<int64_t>(request.Length()) * kBytesPerByte;
}

absl::Status ParseRequest(const grpc::ByteBuffer* request,
                          google::protobuf::Message* input) {
  grpc::ByteBuffer bytes;
  bytes.Swap(const_cast<grpc::ByteBuffer*>(request));
  grpc::ProtoBufferReader reader(&bytes);
  if (reader.status().ok() && input->ParseFromZeroCopyStream(&reader)) {
    return absl::OkStatus();
  }
  return NotAMessage(*input->GetDescriptor());
}

}  // namespace holdline
