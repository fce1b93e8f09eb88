// A gRPC service whose methods are found by descriptor.
//
// Every method of the service is there, and each call goes the same way: it is
// found out who calls, and whether the caller may call the method; the size of
// the request is held against the method's limits before it is parsed, and its
// fields against theirs after; it is asked whether the caller may do this with
// them; and the handler gets the call (the order of DATAPIPELINE section 12.5).
// A call that ends before its request has arrived, as one that its caller
// cancels at once, is CANCELLED. There is no code per method but the handlers.

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

// What serves a method. Sees to it that a unary call is answered exactly once,
// and that a stream is begun or refused. The input is valid, may be taken
// apart, and lives until the handler returns. Must not block.
struct Handler {
  bool is_stream = false;

  // The call is a StreamCall or a UnaryCall, as `is_stream` says.
  std::function<void(google::protobuf::Message& input, CallBase*)> serve;
};

// Makes a Handler of a member function of a service, whose last argument says
// which kind of call it serves. Its input is const unless it takes it apart.
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

  // What all calls share. Everything outlives them.
  struct Environment {
    const Authenticator* authenticator;
    CallRates* rates;  // null: callers are not throttled
    RequestMemory* memory;
    Engine* engine;
    const RpcObserver* observer;
    ConnectionAcceptor* connections;  // is told which of them are known
    CallsInFlight* in_flight;         // counts them
    OpenStreams* streams;
  };

  // Serves `service` with `handlers`, one for each method by its name.
  // REQUIRES: each serves the kind of call that the protocol declares. Callers
  // do not stream yet.
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

  // Hands the call to its handler, or refuses it.
  void Serve(const Method& method, const grpc::CallbackServerContext& context,
             const grpc::ByteBuffer* request, CallBase* call) const;

  // Makes `input` of a request of the caller's, if there is memory for it.
  absl::Status Read(const Method& method, const grpc::ByteBuffer* request,
                    CallBase* call, google::protobuf::Message* input) const;

  // Finds out who calls. Returns whether the call may go on; otherwise it has
  // been refused.
  bool Identify(const grpc::CallbackServerContext& context,
                CallBase* call) const;

  // Counts the call against the rates, unless a gateway has done so. Returns
  // whether it may go on; otherwise it has been refused.
  bool Admit(const Method& method, const grpc::CallbackServerContext& context,
             CallBase* call) const;

  // Whether the caller of a call that goes on would still be who it was, and
  // might call the method; otherwise the error that it would get now.
  absl::Status CheckAgain(const Method& method,
                          const grpc::CallbackServerContext& context,
                          const CallBase& call) const;

  const Validation validation_;
  const Environment environment_;
  std::vector<std::unique_ptr<Method>> methods_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_METHOD_TABLE_H_
