// Calls of the broker by descriptor: any method, with bytes for messages.

#ifndef HOLDLINE_SERVER_GATEWAY_BROKER_CHANNEL_H_
#define HOLDLINE_SERVER_GATEWAY_BROKER_CHANNEL_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"

namespace holdline {

// The terms of a call.
struct CallTerms {
  std::string request_id;

  // The access key of the caller, empty without credentials, and the address of
  // the caller.
  std::string on_behalf_of;
  std::string caller_address;

  // The time within which the broker must answer. It answers held calls a
  // margin earlier.
  absl::Duration timeout;
};

// A call under way. Destroying the pointer does not end the call.
class BrokerCall {
 public:
  // Called once, on a thread of gRPC, with the output if the status is OK.
  using Callback = std::function<void(
      grpc::Status, std::unique_ptr<google::protobuf::Message> output)>;

  // Asks the broker to give up; the callback is called none the less.
  // Thread-safe.
  void Cancel() { context_.TryCancel(); }

 private:
  friend class BrokerChannel;

  // Reads the output and calls back.
  void End(grpc::Status status);

  grpc::ClientContext context_;
  grpc::ByteBuffer response_;
  const google::protobuf::Descriptor* output_type_ = nullptr;
  Callback done_;

  // Keeps this object until the call has ended.
  std::shared_ptr<BrokerCall> self_;
};

// Thread-safe. Outlives its calls, until their callbacks are called.
class BrokerChannel {
 public:
  // `authorization` is the gateway's credential at the broker: `Bearer
  // ACCESSKEY:SECRET`; empty for none.
  BrokerChannel(std::shared_ptr<grpc::Channel> channel,
                std::string authorization);

  // Calls `method` with `input`, which is read before this returns.
  std::shared_ptr<BrokerCall> Call(
      const google::protobuf::MethodDescriptor* method,
      const google::protobuf::Message& input, const CallTerms& terms,
      BrokerCall::Callback done);

  // Takes back an answer that did not reach its caller, as the `undelivered`
  // option of the method says (contract.proto); no-op without that option, or
  // if the answer holds nothing to be taken back. `terms` are those of the
  // call. `done` is called at the end, also after a failure: the
  // acknowledgement deadline then offers the task again.
  void Recall(const google::protobuf::MethodDescriptor* method,
              const google::protobuf::Message& output, CallTerms terms,
              std::function<void()> done);

 private:
  grpc::TemplatedGenericStub<google::protobuf::MessageLite, grpc::ByteBuffer>
      stub_;
  const std::string authorization_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_BROKER_CHANNEL_H_
