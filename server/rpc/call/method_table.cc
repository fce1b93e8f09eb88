#include "server/rpc/call/method_table.h"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.pb.h"
#include "grpcpp/impl/codegen/server_callback_handlers.h"
#include "grpcpp/impl/rpc_service_method.h"
#include "proto/metadata_keys.h"
#include "server/contract/method_contract.h"
#include "server/contract/request_arena.h"
#include "server/rpc/access/authorization.h"
#include "server/rpc/access/caller_claims.h"
#include "server/rpc/call/request_reader.h"

namespace holdline {
namespace {

using ::google::protobuf::Arena;
using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;
using ::grpc::ByteBuffer;

// Enough for the input of most calls, so that parsing asks for no memory.
constexpr size_t kInputBytes = 4096;

}  // namespace

struct MethodTable::Method {
  std::string path;          // `/package.Service/Method`
  std::string display_name;  // `Service/Method`
  std::string name;          // `Method`
  bool changes;
  const Message* input;
  Authorization authorization;
  Handler handler;
};

// This is what generated services consist of: a table of methods, each with a
// handler that makes a reactor. Theirs would parse the input and on failure
// answer UNIMPLEMENTED; the raw kind leaves the parsing, and the memory for it,
// to us.
MethodTable::MethodTable(const google::protobuf::ServiceDescriptor* service,
                         Handlers handlers, const Environment& environment)
    : validation_({service}), environment_(environment) {
  for (int i = 0; i < service->method_count(); ++i) {
    Add(service->method(i), std::move(handlers[service->method(i)->name()]));
  }
}

MethodTable::~MethodTable() = default;

void MethodTable::Add(const MethodDescriptor* descriptor, Handler handler) {
  if (handler.serve == nullptr || descriptor->client_streaming() ||
      handler.is_stream != descriptor->server_streaming()) {
    std::fprintf(stderr, "%s has no handler of its kind\n",
                 descriptor->full_name().c_str());
    std::abort();
  }
  const google::protobuf::ServiceDescriptor& service = *descriptor->service();
  methods_.push_back(std::make_unique<Method>(Method{
      absl::StrCat("/", service.full_name(), "/", descriptor->name()),
      absl::StrCat(service.name(), "/", descriptor->name()), descriptor->name(),
      descriptor->options().idempotency_level() !=
          google::protobuf::MethodOptions::NO_SIDE_EFFECTS,
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(
          descriptor->input_type()),
      Authorization(descriptor), std::move(handler)}));
  const Method* const method = methods_.back().get();
  return method->handler.is_stream ? AddStream(method) : AddUnary(method);
}

void MethodTable::AddUnary(const Method* method) {
  AddMethod(new grpc::internal::RpcServiceMethod(
      method->path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      methods_.size() - 1,
      new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
          [this, method](grpc::CallbackServerContext* context,
                         const ByteBuffer* request, ByteBuffer* response) {
            auto* const call =
                new UnaryCall(Arrive(*method, context), response);
            Serve(*method, *context, request, call);
            return call;
          }));
}

void MethodTable::AddStream(const Method* method) {
  AddMethod(new grpc::internal::RpcServiceMethod(
      method->path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING,
      nullptr));
  MarkMethodRawCallback(
      methods_.size() - 1,
      new grpc::internal::CallbackServerStreamingHandler<ByteBuffer,
                                                         ByteBuffer>(
          [this, method](grpc::CallbackServerContext* context,
                         const ByteBuffer* request) {
            auto* const call =
                new StreamCall(Arrive(*method, context), environment_.streams);
            call->CheckWith([this, method, context, call] {
              return CheckAgain(*method, *context, *call);
            });
            Serve(*method, *context, request, call);
            return call;
          }));
}

ArrivedCall MethodTable::Arrive(const Method& method,
                                grpc::CallbackServerContext* context) const {
  return {method.display_name, method.changes,        context,
          environment_.engine, environment_.observer, environment_.in_flight};
}

void MethodTable::Serve(const Method& method,
                        const grpc::CallbackServerContext& context,
                        const ByteBuffer* request, CallBase* call) const {
  if (!request->Valid()) {
    environment_.connections->CountFailedCall(context.peer(),
                                              call->arrived().steady);
    return call->Refuse(
        absl::CancelledError("the call ended before its request"));
  }
  if (!call->taken()) {
    return call->Refuse(absl::UnavailableError("the server is stopping"));
  }
  if (!Identify(context, call) || !Admit(method, context, call)) return;
  alignas(std::max_align_t) char block[kInputBytes];
  Arena arena(RequestArenaOptions(block, sizeof(block)));
  Message* const input = method.input->New(&arena);
  absl::Status status =
      method.authorization.contract().CheckRole(call->caller());
  if (status.ok()) status = Read(method, request, call, input);
  if (status.ok()) status = validation_.Check(*input);
  if (status.ok()) status = method.authorization.Check(call->caller(), *input);
  if (status.ok()) {
    method.handler.serve(*input, call);
  } else {
    call->Refuse(status);
  }
}

absl::Status MethodTable::Read(const Method& method,
                               const grpc::ByteBuffer* request, CallBase* call,
                               Message* input) const {
  const absl::StatusOr<int64_t> bytes = MeasureRequest(
      method.authorization.contract(), input->GetDescriptor(), *request);
  if (!bytes.ok()) return bytes.status();
  auto share = environment_.memory->Take(call->account().value, *bytes);
  if (!share.ok()) return share.status();
  call->Keep(*std::move(share));
  return ParseRequest(request, input);
}

bool MethodTable::Identify(const grpc::CallbackServerContext& context,
                           CallBase* call) const {
  const Authenticator& authenticator = *environment_.authenticator;
  const CallerClaims claims =
      authenticator.required() ? ClaimsOf(context) : CallerClaims();
  absl::StatusOr<Caller> caller =
      authenticator.Identify(claims, call->arrived_at());
  if (!caller.ok()) {
    environment_.connections->CountFailedCall(context.peer(),
                                              call->arrived().steady);
    call->Refuse(caller.status());
    return false;
  }
  call->Identify(*std::move(caller));
  // Who speaks for another is a gateway, and may be believed.
  if (claims.on_behalf_of.has_value()) call->ComesFrom(claims.caller_address);
  // It takes a while to name the peer.
  if (environment_.connections->has_unauthenticated()) {
    environment_.connections->MarkAuthenticated(context.peer());
  }
  return true;
}

bool MethodTable::Admit(const Method& method,
                        const grpc::CallbackServerContext& context,
                        CallBase* call) const {
  if (environment_.rates == nullptr ||
      context.client_metadata().count(kOnBehalfOfKey) > 0) {
    return true;
  }
  const absl::Status status = environment_.rates->Admit(
      call->caller().account.value, method.name, call->arrived().steady);
  if (!status.ok()) call->Refuse(status);
  return status.ok();
}

absl::Status MethodTable::CheckAgain(const Method& method,
                                     const grpc::CallbackServerContext& context,
                                     const CallBase& call) const {
  const Authenticator& authenticator = *environment_.authenticator;
  if (!authenticator.required()) return absl::OkStatus();
  const absl::StatusOr<Caller> caller =
      authenticator.Identify(ClaimsOf(context), absl::Now());
  if (!caller.ok()) return caller.status();
  const MethodContract& contract = method.authorization.contract();
  // What it sees is the account's that it had when it called.
  if ((*caller)->account != call.account()) {
    return AccessDenied(**caller, contract.action());
  }
  return contract.CheckRole(**caller);
}

}  // namespace holdline
