#include "server/log/audit.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(
      static_cast<absl::StatusCode>(static_cast<int>(code)));
}

// Whether the caller itself was refused, whatever it asked for.
bool IsUnwelcome(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAUTHENTICATED ||
         code == grpc::StatusCode::PERMISSION_DENIED;
}

// Whether the caller was gone before there was an answer.
bool IsGone(grpc::StatusCode code) {
  return code == grpc::StatusCode::CANCELLED ||
         code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

bool IsWanted(const CallFacts& call) {
  if (IsUnwelcome(call.code)) return true;
  if (!call.changes) return false;
  const bool refused = call.code != grpc::StatusCode::OK && !IsGone(call.code);
  return refused || !call.resource.empty();
}

const char* OutcomeOf(grpc::StatusCode code) {
  if (code == grpc::StatusCode::OK) return "done";
  return IsGone(code) ? "undelivered" : "refused";
}

void AddText(const char* name, std::string text, LogEvent* event) {
  if (!text.empty()) event->fields.push_back({name, std::move(text)});
}

LogEvent Describe(const CallFacts& call) {
  LogEvent event{LogLevel::kInfo, "audit", {}};
  AddText("request_id", call.request_id, &event);
  AddText("action", call.method, &event);
  if (call.caller != nullptr) {
    AddText("account", call.caller->account.value, &event);
    AddText("user", call.caller->user, &event);
    AddText("access_key", call.caller->access_key, &event);
  }
  AddText("peer", call.peer, &event);
  AddText("resource", call.resource, &event);
  AddText("outcome", OutcomeOf(call.code), &event);
  if (call.code != grpc::StatusCode::OK) {
    AddText("code", CodeName(call.code), &event);
    AddText("reason", call.error, &event);
  }
  return event;
}

// A peer without its port, which is another for each connection. gRPC's own
// peers have one, as `ipv4:10.0.0.1:5`; the gateway names addresses alone.
std::string HostOf(const std::string& peer) {
  const bool has_port =
      absl::StartsWith(peer, "ipv4:") || absl::StartsWith(peer, "ipv6:");
  return has_port ? peer.substr(0, peer.rfind(':')) : peer;
}

void WriteCall(Log* log, const CallFacts& call) {
  if (!log->Wants(LogLevel::kInfo) || !IsWanted(call)) return;
  if (!IsUnwelcome(call.code)) return log->Write(Describe(call));
  const std::string who =
      call.caller == nullptr ? HostOf(call.peer) : call.caller->Arn();
  log->WriteThrottled(
      absl::StrCat("audit ", CodeName(call.code), " ", call.method, " ", who),
      Describe(call));
}

void WriteRefused(Log* log, const RefusedRequest& request) {
  LogEvent event{LogLevel::kInfo, "audit", {}};
  AddText("request_id", request.request_id, &event);
  AddText("action", request.action, &event);
  AddText("access_key", request.access_key, &event);
  AddText("peer", request.peer, &event);
  AddText("outcome", "refused", &event);
  AddText("code", request.name, &event);
  AddText("reason", request.message, &event);
  const std::string who =
      request.access_key.empty() ? HostOf(request.peer) : request.access_key;
  log->WriteThrottled(
      absl::StrCat("audit ", request.name, " ", request.action, " ", who),
      std::move(event));
}

}  // namespace

RpcObserver LogAudit(Log* log) {
  return {.on_call = [log](const CallFacts& call) { WriteCall(log, call); },
          .on_poll = nullptr};
}

GatewayObserver LogGatewayAudit(Log* log) {
  return {.on_refused = [log](const RefusedRequest& request) {
    WriteRefused(log, request);
  }};
}

}  // namespace holdline
