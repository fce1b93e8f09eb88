// One call of one method, from its arrival until the transport is done with it.
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

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/base/request_memory.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/engine/engine.h"
#include "server/rpc/access/authenticator.h"
#include "server/rpc/call/calls_in_flight.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// What belongs to a call and ends with it.
class CallCompanion {
 public:
  virtual ~CallCompanion() = default;

  // The transport is done with the call. `delivered` is false if it knows that
  // the answer did not reach the caller.
  virtual void OnEnd(const CallFacts& facts, bool delivered) = 0;
};

// Deletes itself when the transport is done with it. That is after the handler
// has returned and the call was answered, whichever comes last.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  // `method` is `Service/Method`, and `changes` says whether it can change
  // anything. Everything given outlives the call. Until it is known who calls,
  // it is Nobody.
  UnaryCall(absl::string_view method, bool changes,
            grpc::CallbackServerContext* context, grpc::ByteBuffer* response,
            Engine* engine, const RpcObserver* observer,
            CallsInFlight* in_flight);

  // When it arrived: by the calendar, and by both clocks.
  absl::Time arrived_at() const { return arrived_.calendar; }
  const Now& arrived() const { return arrived_; }

  // Whether the server may still begin with it: not once it has stopped.
  bool taken() const { return in_flight_ != nullptr; }

  // Says who calls. At most once, before the handler.
  void Identify(Caller caller) { caller_ = std::move(caller); }

  // Says from where the caller calls, if a gateway tells that: empty if it does
  // not. One that does is not told the request id, which it has given. At most
  // once, before the handler.
  void ComesFrom(absl::string_view address) { address_ = std::string(address); }

  const Principal& caller() const { return *caller_; }
  const AccountId& account() const { return caller_->account; }

  // Says what the call is about, as CallFacts::resource has it. Before it is
  // answered.
  void About(std::string resource) { resource_ = std::move(resource); }

  // When the caller gives up, by the steady clock; infinite future if it does
  // not.
  absl::Time deadline() const;

  // Gives the call something to keep. At most once, in the handler.
  void Keep(std::unique_ptr<CallCompanion> companion);

  // Gives the call what its request takes up. At most once, before the handler.
  void Keep(RequestMemory::Share share) { share_ = std::move(share); }

  // Hands a command to the engine, whose answer goes to `reply`. At most once,
  // in the handler. If the caller goes away meanwhile the engine is told.
  void Ask(CommandBody command, ReplyCallback reply);

  // Answers with OK. The message is serialized at once, but sent only after
  // `delay`, without holding a thread.
  void Answer(const google::protobuf::Message& message,
              absl::Duration delay = absl::ZeroDuration());

  // Answers with an error, which must not be OK.
  void Refuse(const absl::Status& error);

 private:
  // Ends the answer: nothing of this object is touched after it.
  void End(grpc::Status status);

  ~UnaryCall() override = default;

  void OnCancel() override;
  void OnDone() override;

  const absl::string_view method_;
  const bool changes_;
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  Engine* const engine_;
  const RpcObserver* const observer_;
  CallGeneration* const in_flight_;  // null if no more calls are taken
  const Now arrived_;
  std::string request_id_;
  Caller caller_ = Nobody();
  RequestMemory::Share share_;
  std::string address_;  // empty if it is the peer's

  // Set in the handler, before the transport can call back.
  CallId asked_{};
  bool has_asked_ = false;
  std::unique_ptr<CallCompanion> companion_;

  // Set by the handler or the answer.
  std::string resource_;

  // Set by the answer.
  absl::Duration duration_;
  grpc::StatusCode code_ = grpc::StatusCode::OK;
  std::string error_;
  std::unique_ptr<grpc::Alarm> alarm_;

  // Hands the above from the answer to OnDone. gRPC orders the two as well, but
  // out of sight of ThreadSanitizer, which is to go on watching this class.
  std::atomic<bool> answered_{false};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_UNARY_CALL_H_
