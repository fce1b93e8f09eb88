#include "client/poll_call.h"

#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/impl/codegen/proto_utils.h"

namespace holdline::client {
namespace {

constexpr char kMethod[] = "/holdline.v1.DataPipeline/PollForTask";

// Waits for the only operation under way. Whether it succeeded.
bool Await(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool succeeded = false;
  return queue.Next(&tag, &succeeded) && succeeded;
}

}  // namespace

grpc::Status PollOnce(const std::shared_ptr<grpc::Channel>& channel,
                      grpc::ClientContext* context,
                      const v1::PollForTaskInput& input,
                      v1::PollForTaskOutput* output) {
  grpc::CompletionQueue queue;
  grpc::TemplatedGenericStub<v1::PollForTaskInput, v1::PollForTaskOutput> stub(
      channel);
  // The start of the call goes out with the message, as one operation.
  context->set_initial_metadata_corked(true);
  const auto call = stub.PrepareCall(context, kMethod, &queue);
  call->StartCall(nullptr);
  call->WriteLast(input, grpc::WriteOptions(), nullptr);
  if (Await(queue)) {
    call->Read(output, nullptr);
    Await(queue);
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  Await(queue);
  queue.Shutdown();
  Await(queue);
  return status;
}

}  // namespace holdline::client
