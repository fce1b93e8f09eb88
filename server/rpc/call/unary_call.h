// A call that is answered with one message.
//
// A call is answered exactly once, with Answer or Refuse. Its handler does
// exactly one of: Answer, Refuse, Ask, a query to the history. The latter two
// call back exactly once, so Finish is called exactly once without a flag to
// guard it.
//
// Cancellation by the caller is not an answer. It is passed to the engine
// (CallGone), which answers a parked call with CANCELLED; any other call is
// about to be answered. gRPC discards the answer to a cancelled call.

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

  // Passes a command to the engine, which calls `reply` with its answer. At
  // most once, in the handler. If the caller cancels meanwhile, sends CallGone.
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
