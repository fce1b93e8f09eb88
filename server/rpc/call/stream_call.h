// A call that is answered with messages, one after the other, until it ends.
//
// Messages are pulled, not pushed: the source of a stream is asked for the next
// one when the one before has left and, if it had no more, an interval is over.
// So a caller that does not read costs one message in memory; the source
// combines what happens meanwhile into its next message.
//
// At each moment exactly one of these holds the call, and decides its next
// step:
//
//   the source, asked <--> the transport, writing --> the end
//          ^                      |                     ^
//          +------ the alarm, between messages ---------+
//
// To end the stream from elsewhere (its caller cancels it, the server stops),
// `wish_` is set, on which the present holder acts. So Finish is called exactly
// once.

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

// The source of a stream's messages.
class StreamSource {
 public:
  virtual ~StreamSource() = default;

  // Asks for the next message. Must call exactly one of the call's Write, Rest
  // and Break, now or later, on any thread, and is not called again before.
  // Must not block.
  virtual void Next() = 0;
};

// Deletes itself when the transport is done with it.
class StreamCall final : public CallBase,
                         public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // `streams` is not owned and outlives the call.
  StreamCall(const ArrivedCall& arrived, OpenStreams* streams)
      : CallBase(arrived), streams_(streams) {}

  // Sets the check whether the caller may still call: it is run before each
  // further message, and at each interval without one. Its error ends the
  // stream. Before Begin.
  void CheckWith(std::function<absl::Status()> check) {
    check_ = std::move(check);
  }

  // Begins to send the messages of `source`, which is asked again `interval`
  // after a Rest. The handler calls exactly one of Begin and Refuse.
  //
  // The stream is refused with RESOURCE_EXHAUSTED if its account has too many
  // streams, and with UNAVAILABLE if the server is stopping.
  void Begin(std::unique_ptr<StreamSource> source, absl::Duration interval);

  // Hands a command to the engine on the caller's behalf.
  void Ask(CommandBody command, ReplyCallback reply);

  // The responses of a source to Next. Write sends a message; `more` tells that
  // another is available at once. Rest tells that there is none. Break ends the
  // stream with an error, which must not be OK.
  void Write(const google::protobuf::Message& message, bool more);
  void Rest();
  void Break(const absl::Status& why);

  // Ends a stream that has begun, after `delay` and after the message that is
  // being written. No-op if it is ending already. Thread-safe.
  void Stop(const absl::Status& why, absl::Duration delay);

  // Cancels the stream at once, even if its caller does not read.
  void Cut() { context().TryCancel(); }

 private:
  // The holder of the call (see above); kNobody before it begins and once it
  // ends.
  enum class Holder { kNobody, kSource, kTransport, kAlarm };

  ~StreamCall() override = default;

  void Conclude(grpc::Status status) override { Finish(std::move(status)); }
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // For the holder only: pass the call to the source; act when the alarm goes
  // off; end the stream.
  void AskSource();
  void OnAlarm();
  void Leave();

  // Returns whether the stream is to end; if not, makes `next` the holder.
  bool IsOver(Holder next);
  void Wake(absl::Duration wait) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wish(const absl::Status& why, absl::Duration delay)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  OpenStreams* const streams_;
  std::function<absl::Status()> check_;

  // Set by Begin; used by the holder only.
  std::unique_ptr<StreamSource> source_;
  absl::Duration interval_;
  grpc::ByteBuffer message_;

  absl::Mutex mutex_;
  Holder holder_ ABSL_GUARDED_BY(mutex_) = Holder::kNobody;
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);

  // The number of messages written, and the `more` of the last one.
  int64_t messages_ ABSL_GUARDED_BY(mutex_) = 0;
  bool more_ ABSL_GUARDED_BY(mutex_) = false;

  // The error with which the stream is to end, and the delay; OK if it is not
  // to end.
  absl::Status wish_ ABSL_GUARDED_BY(mutex_);
  absl::Duration delay_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_STREAM_CALL_H_
