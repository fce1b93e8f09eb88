// One call of one method, from its arrival until the transport is done with it,
// the common base of UnaryCall and StreamCall.
//
// It holds the caller, the memory share of the request, and the facts for the
// observer. The derived classes ensure that the call is answered exactly once.

#ifndef HOLDLINE_SERVER_RPC_CALL_CALL_BASE_H_
#define HOLDLINE_SERVER_RPC_CALL_CALL_BASE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/support/server_callback.h"
#include "server/base/request_memory.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/engine/engine.h"
#include "server/rpc/access/authenticator.h"
#include "server/rpc/call/calls_in_flight.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// An object that a call owns, told of the call's end.
class CallCompanion {
 public:
  virtual ~CallCompanion() = default;

  // The transport is done with the call. `delivered` is false if it knows that
  // the answer did not reach the caller.
  virtual void OnEnd(const CallFacts& facts, bool delivered) = 0;
};

// A call as it arrives. Everything in it outlives the call.
struct ArrivedCall {
  absl::string_view method;  // `Service/Method`
  bool changes = false;      // whether the method can change anything
  grpc::CallbackServerContext* context = nullptr;
  Engine* engine = nullptr;
  const RpcObserver* observer = nullptr;
  CallsInFlight* in_flight = nullptr;
};

// The derived classes are reactors of gRPC, and delete themselves when the
// transport is done with the call.
class CallBase {
 public:
  CallBase(const CallBase&) = delete;
  CallBase& operator=(const CallBase&) = delete;

  // The time of arrival: by the calendar, and by both clocks.
  absl::Time arrived_at() const { return arrived_.calendar; }
  const Now& arrived() const { return arrived_; }

  // Whether the server may begin to serve the call: false once it has stopped.
  bool taken() const { return in_flight_ != nullptr; }

  // Sets the caller, which is Nobody before. At most once, before the handler.
  void Identify(Caller caller) { caller_ = std::move(caller); }

  // Sets the address of a gateway's client, as the gateway reports it; empty if
  // it does not. A gateway that does is not sent the request id, which it gave
  // itself. At most once, before the handler.
  void ComesFrom(absl::string_view address) { address_ = std::string(address); }

  const Principal& caller() const { return *caller_; }
  const AccountId& account() const { return caller_->account; }

  // Sets the object of the call, CallFacts::resource. Before it is answered.
  void About(std::string resource) { resource_ = std::move(resource); }

  // The deadline of the call, by the steady clock; infinite future if it has
  // none.
  absl::Time deadline() const;

  // Makes the call own `companion`. At most once, in the handler.
  void Keep(std::unique_ptr<CallCompanion> companion) {
    companion_ = std::move(companion);
  }

  // Makes the call own the memory share of its request. At most once, before
  // the handler.
  void Keep(RequestMemory::Share share) { share_ = std::move(share); }

  // Ends the call with an error, which must not be OK, instead of an answer or
  // of beginning a stream. A stream that has begun ends by StreamCall::Break or
  // Stop.
  void Refuse(const absl::Status& error);

 protected:
  explicit CallBase(const ArrivedCall& arrived);
  virtual ~CallBase() = default;

  grpc::CallbackServerContext& context() { return *context_; }
  Engine& engine() { return *engine_; }

  // Takes the duration of the call, once the answer is made.
  void Measure();

  // Sends the status. This object must not be used after it.
  void End(grpc::Status status);

  // Reports the call to the companion and the observer, once the transport is
  // done with it; `messages` is the number of a stream's messages. This object
  // must not be used after it.
  void OnEnded(std::optional<int64_t> messages);

 private:
  // Has gRPC send the status, after which the call can be gone at any time.
  virtual void Conclude(grpc::Status status) = 0;

  const absl::string_view method_;
  const bool changes_;
  grpc::CallbackServerContext* const context_;
  Engine* const engine_;
  const RpcObserver* const observer_;
  CallGeneration* const in_flight_;  // null if no more calls are taken
  const Now arrived_;
  std::string request_id_;
  Caller caller_ = Nobody();
  RequestMemory::Share share_;
  std::string address_;  // empty if it is the peer's

  // Set in the handler, before the transport can call back.
  std::unique_ptr<CallCompanion> companion_;

  // Set by the handler or the answer.
  std::string resource_;

  // Set by the answer.
  absl::Duration duration_;
  grpc::StatusCode code_ = grpc::StatusCode::OK;
  std::string error_;

  // Orders the writes of the above before OnEnded. gRPC orders the two as well,
  // but in a way that ThreadSanitizer cannot see.
  std::atomic<bool> answered_{false};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_CALL_BASE_H_
