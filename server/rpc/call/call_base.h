// One call of one method, from its arrival until the transport is done with it,
// whichever way it is answered: what UnaryCall and StreamCall have in common.
//
// Who calls, what the call takes up and what is told of it afterwards are kept
// here; when it is answered, and that this happens exactly once, is for the
// kinds.

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

// What belongs to a call and ends with it.
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

// The kinds are reactors of gRPC's, and delete themselves when the transport is
// done with them.
class CallBase {
 public:
  CallBase(const CallBase&) = delete;
  CallBase& operator=(const CallBase&) = delete;

  // When it arrived: by the calendar, and by both clocks.
  absl::Time arrived_at() const { return arrived_.calendar; }
  const Now& arrived() const { return arrived_; }

  // Whether the server may still begin with it: not once it has stopped.
  bool taken() const { return in_flight_ != nullptr; }

  // Says who calls: until then it is Nobody. At most once, before the handler.
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
  void Keep(std::unique_ptr<CallCompanion> companion) {
    companion_ = std::move(companion);
  }

  // Gives the call what its request takes up. At most once, before the handler.
  void Keep(RequestMemory::Share share) { share_ = std::move(share); }

  // Ends the call with an error, which must not be OK. Instead of an answer, or
  // of the first message: a stream that has begun ends by its own means.
  void Refuse(const absl::Status& error);

 protected:
  explicit CallBase(const ArrivedCall& arrived);
  virtual ~CallBase() = default;

  grpc::CallbackServerContext& context() { return *context_; }
  Engine& engine() { return *engine_; }

  // Says that the answer is made, and so how long that took.
  void Measure();

  // Ends the answer: nothing of this object is touched after it.
  void End(grpc::Status status);

  // The transport is done with the call: tells of it what is to be told, of a
  // stream with how many messages it had. Nothing of it is used after that.
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

  // Hands the above from the answer to OnEnded. gRPC orders the two as well,
  // but out of sight of ThreadSanitizer, which is to go on watching this class.
  std::atomic<bool> answered_{false};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_CALL_BASE_H_
