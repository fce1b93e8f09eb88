#include "server/rpc/call/call_base.h"

#include "absl/time/clock.h"
#include "proto/metadata_keys.h"
#include "server/base/steady_time.h"
#include "server/rpc/call/request_id.h"
#include "server/rpc/call/status.h"

namespace holdline {

CallBase::CallBase(const ArrivedCall& arrived)
    : method_(arrived.method),
      changes_(arrived.changes),
      context_(arrived.context),
      engine_(arrived.engine),
      observer_(arrived.observer),
      in_flight_(arrived.in_flight->Begin()),
      arrived_(absl::Now(), SteadyNow()),
      request_id_(RequestIdOf(*arrived.context)) {}

absl::Time CallBase::deadline() const {
  const gpr_timespec deadline = context_->raw_deadline();
  if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0) {
    return absl::InfiniteFuture();
  }
  const gpr_timespec left =
      gpr_time_sub(deadline, gpr_now(deadline.clock_type));
  return SteadyNow() + absl::Seconds(left.tv_sec) +
         absl::Nanoseconds(left.tv_nsec);
}

void CallBase::Measure() { duration_ = SteadyNow() - arrived_.steady; }

void CallBase::Refuse(const absl::Status& error) {
  Measure();
  code_ = static_cast<grpc::StatusCode>(error.code());
  error_ = std::string(error.message());
  End(WireStatus(error, request_id_));
}

void CallBase::End(grpc::Status status) {
  // A gateway that tells the address has given the id itself.
  if (address_.empty()) {
    context_->AddTrailingMetadata(kRequestIdKey, request_id_);
  }
  answered_.store(true, std::memory_order_release);
  Conclude(std::move(status));
}

// Whether an answer was delivered is known here and no earlier. OnDone comes
// after the transport has reported the end of the call; IsCancelled then says
// whether that end came before the status, which closes the answer, was handed
// to the connection. A unary caller sees an answer only after its status. So:
//  * true proves that the caller has not seen the answer, whether it hung up,
//    its deadline passed or its connection broke;
//  * false proves nothing: what was handed to the connection may still be lost
//    with it. The acknowledgement deadline is there for that.
void CallBase::OnEnded(std::optional<int64_t> messages) {
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
  facts.messages = messages;
  if (companion_ != nullptr) companion_->OnEnd(facts, delivered);
  if (observer_->on_call) observer_->on_call(facts);
  if (in_flight_ != nullptr) in_flight_->End();
}

}  // namespace holdline
