#include "server/rpc/call/stream_call.h"

#include <utility>

#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/proto_buffer_writer.h"
#include "server/rpc/call/open_streams.h"

namespace holdline {

void StreamCall::Begin(std::unique_ptr<StreamSource> source,
                       absl::Duration interval) {
  source_ = std::move(source);
  interval_ = interval;
  const absl::Status status = streams_->Add(this);
  if (!status.ok()) return Refuse(status);
  if (IsOver(Holder::kSource)) return Leave();
  source_->Next();
}

void StreamCall::Ask(CommandBody command, ReplyCallback reply) {
  engine().Call(std::move(command), std::move(reply), account());
}

void StreamCall::Write(const google::protobuf::Message& message, bool more) {
  bool own_buffer;
  message_.Clear();
  const grpc::Status status = grpc::GenericSerialize<grpc::ProtoBufferWriter,
                                                     google::protobuf::Message>(
      message, &message_, &own_buffer);
  if (!status.ok()) {
    return Break(absl::InternalError("the answer cannot be serialized"));
  }
  {
    absl::MutexLock lock(&mutex_);
    more_ = more;
  }
  if (IsOver(Holder::kTransport)) return Leave();
  StartWrite(&message_);
}

void StreamCall::Rest() {
  {
    absl::MutexLock lock(&mutex_);
    if (wish_.ok()) return Wake(interval_);
  }
  Leave();
}

void StreamCall::Break(const absl::Status& why) {
  {
    absl::MutexLock lock(&mutex_);
    Wish(why, absl::ZeroDuration());
  }
  Leave();
}

void StreamCall::Stop(const absl::Status& why, absl::Duration delay) {
  absl::MutexLock lock(&mutex_);
  if (!wish_.ok()) return;
  Wish(why, delay);
  if (holder_ == Holder::kAlarm) alarm_->Cancel();
}

void StreamCall::OnWriteDone(bool ok) {
  if (!ok) return Break(absl::CancelledError("the caller has gone"));
  bool more;
  {
    absl::MutexLock lock(&mutex_);
    ++messages_;
    more = more_;
  }
  return more ? AskSource() : Rest();
}

// The alarm may be that of a delay before the end, which is not worth waiting
// for any more.
void StreamCall::OnCancel() {
  absl::MutexLock lock(&mutex_);
  Wish(absl::CancelledError("the caller has gone"), absl::ZeroDuration());
  delay_ = absl::ZeroDuration();
  if (holder_ == Holder::kAlarm) alarm_->Cancel();
}

void StreamCall::OnDone() {
  streams_->Remove(this);
  int64_t messages;
  {
    absl::MutexLock lock(&mutex_);
    messages = messages_;
  }
  OnEnded(messages);
  delete this;
}

void StreamCall::AskSource() {
  if (check_) {
    const absl::Status status = check_();
    if (!status.ok()) return Break(status);
  }
  if (IsOver(Holder::kSource)) return Leave();
  source_->Next();
}

void StreamCall::OnAlarm() {
  bool over;
  {
    absl::MutexLock lock(&mutex_);
    over = !wish_.ok();
  }
  return over ? Leave() : AskSource();
}

void StreamCall::Leave() {
  absl::Status why;
  {
    absl::MutexLock lock(&mutex_);
    if (delay_ > absl::ZeroDuration()) {
      return Wake(std::exchange(delay_, absl::ZeroDuration()));
    }
    holder_ = Holder::kNobody;
    why = wish_;
  }
  Refuse(why);
}

bool StreamCall::IsOver(Holder next) {
  absl::MutexLock lock(&mutex_);
  if (!wish_.ok()) return true;
  holder_ = next;
  return false;
}

// Each wait has an alarm of its own: the one before may be calling this.
void StreamCall::Wake(absl::Duration wait) {
  holder_ = Holder::kAlarm;
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                           gpr_time_from_nanos(absl::ToInt64Nanoseconds(wait),
                                               GPR_TIMESPAN)),
              [this](bool) { OnAlarm(); });
}

void StreamCall::Wish(const absl::Status& why, absl::Duration delay) {
  if (!wish_.ok()) return;
  wish_ = why;
  delay_ = delay;
}

}  // namespace holdline
