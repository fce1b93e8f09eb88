#include "server/rpc/testing/raw_call.h"

#include <vector>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

namespace holdline {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToBytes(const grpc::ByteBuffer& buffer) {
  std::string bytes;
  std::vector<grpc::Slice> slices;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Waits for the one thing that is under way.
void Next(grpc::CompletionQueue* queue) {
  void* tag;
  bool ok;
  queue->Next(&tag, &ok);
}

}  // namespace

RawOutcome RawCall(const std::shared_ptr<grpc::Channel>& channel,
                   const std::string& method, const std::string& request,
                   const Metadata& metadata) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  RawOutcome outcome;
  const auto call =
      stub.PrepareUnaryCall(&context, method, ToBuffer(request), &queue);
  call->StartCall();
  call->Finish(&response, &outcome.status, nullptr);
  Next(&queue);
  outcome.response = ToBytes(response);
  return outcome;
}

RawOutcome RawStreamCall(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& method,
                         const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  RawOutcome outcome;
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  Next(&queue);
  call->WriteLast(ToBuffer(request), grpc::WriteOptions(), nullptr);
  Next(&queue);
  call->Read(&response, nullptr);
  Next(&queue);
  outcome.response = ToBytes(response);
  call->Finish(&outcome.status, nullptr);
  Next(&queue);
  return outcome;
}

}  // namespace holdline
