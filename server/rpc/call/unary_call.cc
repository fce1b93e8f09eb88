#include "server/rpc/call/unary_call.h"

#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "proto/metadata_keys.h"
#include "server/base/steady_time.h"
#include "server/rpc/call/request_id.h"
#include "server/rpc/call/status.h"

namespace holdline {

UnaryCall::UnaryCall(absl::string_view method, bool changes,
                     grpc::CallbackServerContext* context,
                     grpc::ByteBuffer* response, Engine* engine,
                     const RpcObserver* observer, CallsInFlight* in_flight)
    : method_(method),
      changes_(changes),
      context_(context),
      response_(response),
      engine_(engine),
      observer_(observer),
      in_flight_(in_flight->Begin()),
      arrived_(absl::Now(), SteadyNow()),
      request_id_(RequestIdOf(*context)) {}

absl::Time UnaryCall::deadline() const {
  const gpr_timespec deadline = context_->raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return absl::InfiniteFuture();
  }
  const gpr_timespec left =
      gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return SteadyNow() + absl::Seconds(left.tv_sec) +
         absl::Nanoseconds(left.tv_nsec);
}

void UnaryCall::Keep(std::unique_ptr<CallCompanion> companion) {
  companion_ = std::move(companion);
}

void UnaryCall::Ask(CommandBody command, ReplyCallback reply) {
  // The answer may come before Call returns. That is safe: gRPC calls back
  // neither OnCancel nor OnDone before the handler, which is still running, has
  // returned; so this object lives, and `asked_` is set before it is read.
  has_asked_ = true;
  asked_ = engine_->Call(std::move(command), std::move(reply), account());
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
  duration_ = SteadyNow() - arrived_.steady;
  if (delay <= absl::ZeroDuration()) return End(grpc::Status::OK);
  alarm_ = std::make_unique<grpc::Alarm>();
  // The alarm also goes off, early, if it is cancelled: nobody does that.
  alarm_->Set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                           gpr_time_from_nanos(absl::ToInt64Nanoseconds(delay),
                                               GPR_TIMESPAN)),
              [this](bool) { End(grpc::Status::OK); });
}

void UnaryCall::Refuse(const absl::Status& error) {
  duration_ = SteadyNow() - arrived_.steady;
  code_ = static_cast<grpc::StatusCode>(error.code());
  error_ = std::string(error.message());
  End(WireStatus(error, request_id_));
}

void UnaryCall::End(grpc::Status status) {
  // A gateway that tells the address has given the id itself.
  if (address_.empty()) {
    context_->AddTrailingMetadata(kRequestIdKey, request_id_);
  }
  answered_.store(true, std::memory_order_release);
  Finish(std::move(status));
}

void UnaryCall::OnCancel() {
  if (has_asked_) engine_->Tell(CallGone{asked_}, account());
}

// Whether an answer was delivered is known here and no earlier. OnDone comes
// after the transport has reported the end of the call; IsCancelled then says
// whether that end came before the status, which closes the answer, was handed
// to the connection. A unary caller sees an answer only after its status. So:
//  * true proves that the caller has not seen the answer, whether it hung up,
//    its deadline passed or its connection broke;
//  * false proves nothing: what was handed to the connection may still be lost
//    with it. The acknowledgement deadline is there for that.
void UnaryCall::OnDone() {
  answered_.load(std::memory_order_acquire);
  const bool delivered = !context_->IsCancelled();
  CallFacts facts;
  facts.method = std::string(method_);
  facts.changes = changes_;
  facts.caller = std::move(caller_);
  facts.peer = address_.empty() ? context_->peer() : std::move(address_);
  facts.resource = std::move(resource_);
  facts.request_id = std::move(request_id_);
  facts.code = delivered || code_ != grpc::StatusCode::OK
                   ? code_
                   : grpc::StatusCode::CANCELLED;
  facts.error = std::move(error_);
  facts.duration = duration_;
  if (companion_ != nullptr) companion_->OnEnd(facts, delivered);
  if (observer_->on_call) observer_->on_call(facts);
  if (in_flight_ != nullptr) in_flight_->End();
  delete this;
}

}  // namespace holdline
