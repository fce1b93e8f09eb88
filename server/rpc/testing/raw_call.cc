#include "server/rpc/testing/raw_call.h"

#include <vector>

#include "google/protobuf/descriptor.h"
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

// Waits for the one thing that is under way. Returns whether it succeeded.
bool Next(grpc::CompletionQueue* queue) {
  void* tag;
  bool ok = false;
  queue->Next(&tag, &ok);
  return ok;
}

// Whether the method of `/package.Service/Method` is answered with a stream.
bool IsStream(const std::string& path) {
  std::string name = path.substr(1);
  name[name.find('/')] = '.';
  const auto* const method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          name);
  return method != nullptr && method->server_streaming();
}

// Sends one message, and takes one: then the call has succeeded.
RawOutcome StreamCall(const std::shared_ptr<grpc::Channel>& channel,
                      const std::string& method, const std::string& request,
                      const Metadata& metadata, bool cancels) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
  grpc::CompletionQueue queue;
  grpc::ByteBuffer response;
  RawOutcome outcome;
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  Next(&queue);
  call->WriteLast(ToBuffer(request), grpc::WriteOptions(), nullptr);
  Next(&queue);
  call->Read(&response, nullptr);
  const bool answered = Next(&queue);
  outcome.response = ToBytes(response);
  if (answered && cancels) context.TryCancel();
  call->Finish(&outcome.status, nullptr);
  Next(&queue);
  if (answered && cancels) outcome.status = grpc::Status::OK;
  return outcome;
}

}  // namespace

RawOutcome RawCall(const std::shared_ptr<grpc::Channel>& channel,
                   const std::string& method, const std::string& request,
                   const Metadata& metadata) {
  if (IsStream(method)) {
    return StreamCall(channel, method, request, metadata, /*cancels=*/true);
  }
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
  return StreamCall(channel, method, request, {}, /*cancels=*/false);
}

}  // namespace holdline
