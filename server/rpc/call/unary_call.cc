#include "server/rpc/call/unary_call.h"

#include <utility>

#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_writer.h"

namespace holdline {

void UnaryCall::Ask(CommandBody command, ReplyCallback reply) {
  // The answer may come before Call returns. That is safe: gRPC calls back
  // neither OnCancel nor OnDone before the handler, which is still running, has
  // returned; so this object lives, and `asked_` is set before it is read.
  has_asked_ = true;
  asked_ = engine().Call(std::move(command), std::move(reply), account());
}

void UnaryCall::Answer(const google::protobuf::Message& message,
                       absl::Duration delay) {
  bool own_buffer;
  const grpc::Status status = grpc::GenericSerialize<grpc::ProtoBufferWriter,
                                                     google::protobuf::Message>(
      message, response_, &own_buffer);
  if (!status.ok()) {
    return Refuse(absl::InternalError("the answer cannot be serialized"));
  }
  Measure();
  if (delay <= absl::ZeroDuration()) return End(grpc::Status::OK);
  alarm_ = std::make_unique<grpc::Alarm>();
  // The alarm also goes off, early, if it is cancelled: nobody does that.
  alarm_->Set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                           gpr_time_from_nanos(absl::ToInt64Nanoseconds(delay),
                                               GPR_TIMESPAN)),
              [this](bool) { End(grpc::Status::OK); });
}

void UnaryCall::OnCancel() {
  if (has_asked_) engine().Tell(CallGone{asked_}, account());
}

void UnaryCall::OnDone() {
  OnEnded(std::nullopt);
  delete this;
}

}  // namespace holdline
