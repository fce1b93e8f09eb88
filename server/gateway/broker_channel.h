// Calls of the broker by descriptor: any method, as bytes.

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

// How a call is made.
struct CallTerms {
  std::string request_id;

  // The access key of whose call it is, empty if there are no credentials, and
  // the address that the caller has.
  std::string on_behalf_of;
  std::string caller_address;

  // Within what time the broker must have answered. It answers a call that it
  // holds a margin before.
  absl::Duration timeout;
};

// A call on its way. Letting go of it does not end it.
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

  // This object, until it has ended.
  std::shared_ptr<BrokerCall> self_;
};

// Thread-safe. Outlives its calls, until their callbacks are called.
class BrokerChannel {
 public:
  // `authorization` is what the gateway shows the broker, to call on behalf of
  // others: `Bearer ACCESSKEY:SECRET`. Empty shows nothing.
  BrokerChannel(std::shared_ptr<grpc::Channel> channel,
                std::string authorization);

  // Calls `method` with `input`, which is read before this returns.
  std::shared_ptr<BrokerCall> Call(
      const google::protobuf::MethodDescriptor* method,
      const google::protobuf::Message& input, const CallTerms& terms,
      BrokerCall::Callback done);

  // Takes back an answer of a call that was made on such terms and did not
  // reach its caller, as the method's `undelivered` option says
  // (contract.proto); does nothing if there is none, or if the answer holds
  // nothing to be taken back. `done` is called when that is over, whether it
  // worked or not: if it did not, the acknowledgement deadline offers the task
  // again.
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
