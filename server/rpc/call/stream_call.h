// A call that is answered with messages, one after the other, until it ends.
//
// Messages are pulled, not pushed: the source of a stream is asked for the next
// one when the one before has left and, if it had no more, an interval is over.
// So a caller that does not read costs one message, and what happens meanwhile
// is for the source to sum up when it is asked again.
//
// At each moment exactly one of these has the call, and decides how it goes on:
//
//   the source, asked <--> the transport, writing --> the end
//          ^                      |                     ^
//          +------ the alarm, between messages ---------+
//
// Whoever else wants the stream to end (the caller, who cancels it; the server,
// which stops) leaves a wish, which the one that has the call fulfils. So
// Finish is called exactly once.

#ifndef HOLDLINE_SERVER_RPC_CALL_STREAM_CALL_H_
#define HOLDLINE_SERVER_RPC_CALL_STREAM_CALL_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/broker/command.h"
#include "server/engine/engine.h"
#include "server/rpc/call/call_base.h"

namespace holdline {

class OpenStreams;

// Where the messages of a stream come from.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  // Asks for the next message. Sees to it that exactly one of the call's Write,
  // Rest and Break is called, now or later, on any thread. Must not block. Is
  // not asked again before.
  virtual void Next() = 0;
};

// Deletes itself when the transport is done with it.
class StreamCall final : public CallBase,
                         public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `streams` is not owned and outlives the call.
  StreamCall(const ArrivedCall& arrived, OpenStreams* streams)
      : CallBase(arrived), streams_(streams) {}

  // Says how to find out whether the caller may still call: `check` is asked
  // before each further message, and at each interval if there is none. Its
  // error ends the stream. Before Begin.
  void CheckWith(std::function<absl::Status()> check) {
    check_ = std::move(check);
  }

  // Begins to tell what the source has, which is asked again `interval` after
  // it had no more. At most once, in the handler; instead of it, Refuse.
  //
  // The stream is refused with RESOURCE_EXHAUSTED if its account has as many as
  // it may, and with UNAVAILABLE if the server is stopping.
  void Begin(std::unique_ptr<StreamSource> source, absl::Duration interval);

  // Hands a command to the engine on the caller's behalf.
  void Ask(CommandBody command, ReplyCallback reply);

  // What a source does when it was asked. Write sends a message, and says
  // whether there is another at once. Rest says that there is nothing to tell.
  // Break ends the stream with an error, which must not be OK.
  void Write(const google::protobuf::Message& message, bool more);
  void Rest();
  void Break(const absl::Status& why);

  // Ends a stream that has begun, whoever has it, after `delay` and when the
  // message under way has left. Once it ends already, nothing happens.
  void Stop(const absl::Status& why, absl::Duration delay);

  // Ends it at once, whether or not its caller reads.
  void Cut() { context().TryCancel(); }

 private:
  // Who has the call: nobody before it has begun and once it has ended.
  enum class Holder { kNobody, kSource, kTransport, kAlarm };

  ~StreamCall() override = default;

  void Conclude(grpc::Status status) override { Finish(std::move(status)); }
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // For whoever has the call: hands it to the source, or to the alarm, unless
  // the stream is to end; or ends it.
  void AskSource();
  void OnAlarm();
  void Leave();

  // Whether the stream is to end. If not, it goes on with `next`.
  bool IsOver(Holder next);
  void Wake(absl::Duration wait) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wish(const absl::Status& why, absl::Duration delay)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  OpenStreams* const streams_;
  std::function<absl::Status()> check_;

  // Set by Begin; the others are used by whoever has the call.
  std::unique_ptr<StreamSource> source_;
  absl::Duration interval_;
  grpc::ByteBuffer message_;

  absl::Mutex mutex_;
  Holder holder_ ABSL_GUARDED_BY(mutex_) = Holder::kNobody;
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);

  // How many messages have left, and whether the source has another at once.
  int64_t messages_ ABSL_GUARDED_BY(mutex_) = 0;
  bool more_ ABSL_GUARDED_BY(mutex_) = false;

  // Why the stream is to end, and how long to wait before; OK if it is not.
  absl::Status wish_ ABSL_GUARDED_BY(mutex_);
  absl::Duration delay_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_STREAM_CALL_H_
