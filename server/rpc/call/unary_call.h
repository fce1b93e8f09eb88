// A call that is answered with one message.
//
// A call is answered exactly once, with Answer or Refuse. Its handler sees to
// that by handing it to exactly one of: an answer, a refusal, a command of the
// engine, a question to the history. Each of these comes back exactly once, so
// Finish is called exactly once too, and no flag guards it.
//
// Cancellation is not an answer. It is told to the engine, which then answers a
// parked call with CANCELLED; a call that is not parked is about to be answered
// anyway. The transport takes an answer to a cancelled call and drops it.

#ifndef HOLDLINE_SERVER_RPC_CALL_UNARY_CALL_H_
#define HOLDLINE_SERVER_RPC_CALL_UNARY_CALL_H_

#include <memory>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/broker/ids.h"
#include "server/engine/engine.h"
#include "server/rpc/call/call_base.h"

namespace holdline {

// Deletes itself when the transport is done with it. That is after the handler
// has returned and the call was answered, whichever comes last.
class UnaryCall final : public CallBase, public grpc::ServerUnaryReactor {
 public:
  // The response is not owned and outlives the call.
  UnaryCall(const ArrivedCall& arrived, grpc::ByteBuffer* response)
      : CallBase(arrived), response_(response) {}

  // Hands a command to the engine, whose answer goes to `reply`. At most once,
  // in the handler. If the caller goes away meanwhile the engine is told.
  void Ask(CommandBody command, ReplyCallback reply);

  // Answers with OK. The message is serialized at once, but sent only after
  // `delay`, without holding a thread.
  void Answer(const google::protobuf::Message& message,
              absl::Duration delay = absl::ZeroDuration());

 private:
  ~UnaryCall() override = default;

  void Conclude(grpc::Status status) override { Finish(std::move(status)); }
  void OnCancel() override;
  void OnDone() override;

  grpc::ByteBuffer* const response_;

  // Set in the handler, before the transport can call back.
  CallId asked_{};
  bool has_asked_ = false;

  std::unique_ptr<grpc::Alarm> alarm_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_UNARY_CALL_H_
