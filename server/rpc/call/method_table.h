// A gRPC service whose methods are found by descriptor.
//
// All methods have the same path (DATAPIPELINE section 12.5): authenticate the
// caller and check its role; check the size of the request, parse it, and check
// the limits of its fields; check the worker groups that it names; call the
// handler. A call that ends before its request has arrived, such as one that
// its caller cancels at once, is CANCELLED. The only code per method is its
// handler.

#ifndef HOLDLINE_SERVER_RPC_CALL_METHOD_TABLE_H_
#define HOLDLINE_SERVER_RPC_CALL_METHOD_TABLE_H_

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/auth/credentials/call_rates.h"
#include "server/base/request_memory.h"
#include "server/contract/validation.h"
#include "server/engine/engine.h"
#include "server/rpc/access/authenticator.h"
#include "server/rpc/call/call_base.h"
#include "server/rpc/call/calls_in_flight.h"
#include "server/rpc/call/observer.h"
#include "server/rpc/call/open_streams.h"
#include "server/rpc/call/stream_call.h"
#include "server/rpc/call/unary_call.h"
#include "server/rpc/connections/connection_acceptor.h"

namespace holdline {

// The handler of a method. It ensures that a unary call is answered exactly
// once, and that a stream is begun or refused. The input is valid, may be taken
// apart, and lives until the handler returns. Must not block.
struct Handler {
  bool is_stream = false;

  // The call is a StreamCall or a UnaryCall, as `is_stream` says.
  std::function<void(google::protobuf::Message& input, CallBase*)> serve;
};

// Makes a Handler of a member function of a service; its last parameter is a
// UnaryCall or a StreamCall. Its input is const unless it takes it apart.
template <typename Service, typename Input, typename Call>
Handler Bind(Service* service, void (Service::*method)(Input&, Call*)) {
  return {std::is_same_v<Call, StreamCall>,
          [service, method](google::protobuf::Message& input, CallBase* call) {
            (service->*method)(static_cast<Input&>(input),
                               static_cast<Call*>(call));
          }};
}

class MethodTable final : public grpc::Service {
 public:
  using Handlers = absl::flat_hash_map<absl::string_view, Handler>;

  // The objects shared by all calls. Everything outlives them.
  struct Environment {
    const Authenticator* authenticator;
    CallRates* rates;  // null: callers are not throttled
    RequestMemory* memory;
    Engine* engine;
    const RpcObserver* observer;
    ConnectionAcceptor* connections;  // told which have authenticated
    CallsInFlight* in_flight;         // counts them
    OpenStreams* streams;
  };

  // Serves `service` with `handlers`, one for each method by its name.
  // REQUIRES: each serves the kind of call that the protocol declares. Client
  // streaming is not supported.
  MethodTable(const google::protobuf::ServiceDescriptor* service,
              Handlers handlers, const Environment& environment);
  ~MethodTable() override;

 private:
  struct Method;

  void Add(const google::protobuf::MethodDescriptor* descriptor,
           Handler handler);
  void AddUnary(const Method* method);
  void AddStream(const Method* method);

  ArrivedCall Arrive(const Method& method,
                     grpc::CallbackServerContext* context) const;

  // Passes the call to its handler, or refuses it.
  void Serve(const Method& method, const grpc::CallbackServerContext& context,
             const grpc::ByteBuffer* request, CallBase* call) const;

  // Parses and validates the request into `input`, if the memory limits allow
  // it.
  absl::Status Read(const Method& method, const grpc::ByteBuffer* request,
                    CallBase* call, google::protobuf::Message* input) const;

  // Authenticates the caller. Returns whether the call may go on; otherwise it
  // has been refused.
  bool Identify(const grpc::CallbackServerContext& context,
                CallBase* call) const;

  // Counts the call against the rates, unless a gateway has done so. Returns
  // whether it may go on; otherwise it has been refused.
  bool Admit(const Method& method, const grpc::CallbackServerContext& context,
             CallBase* call) const;

  // Authenticates and authorizes the caller of a running stream again. Returns
  // the error that a new call would get, also if it is another caller now.
  absl::Status CheckAgain(const Method& method,
                          const grpc::CallbackServerContext& context,
                          const CallBase& call) const;

  const Validation validation_;
  const Environment environment_;
  std::vector<std::unique_ptr<Method>> methods_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_METHOD_TABLE_H_
