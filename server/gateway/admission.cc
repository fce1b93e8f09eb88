#include "server/gateway/admission.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "server/contract/method_contract.h"
#include "server/gateway/target.h"

namespace holdline {
namespace {

namespace http = boost::beast::http;

using ::google::protobuf::MethodDescriptor;
using ::google::protobuf::MethodOptions;

absl::string_view View(boost::beast::string_view text) {
  return absl::string_view(text.data(), text.size());
}

SignedRequest Signed(const HttpHeader& header) {
  SignedRequest request{
      View(header.method_string()), View(header.target()), {}};
  for (const auto& field : header) {
    request.headers.push_back({View(field.name_string()), View(field.value())});
  }
  return request;
}

// REQUIRES: the signature was verified.
Sha256Digest DigestOf(const ArrivedSignature& arrived) {
  const std::string bytes = absl::HexStringToBytes(arrived.signature);
  Sha256Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

absl::Status ReplayError() {
  return InvalidSignatureError(
      "This signature was used before: sign each request anew.");
}

// Tells a client from others.
std::string ClientOf(const HttpHeader& header, const std::string& access_key,
                     absl::string_view peer) {
  return absl::StrCat(access_key, "\n", peer, "\n",
                      View(header[http::field::user_agent]));
}

}  // namespace

Admission::Admission(const GatewayOptions& options,
                     const CredentialStore* credentials, CallRates* rates,
                     GatewayObserver observer)
    : options_(options),
      credentials_(credentials),
      rates_(rates),
      observer_(std::move(observer)),
      verifier_(options.signatures),
      replays_(options.signatures_max),
      patience_(options.clients) {}

std::optional<WireError> Admission::Examine(
    const HttpHeader& header, absl::Time now,
    std::optional<ArrivedSignature>* arrived) {
  arrived->reset();
  if (open() || AsksForNoAction(header)) {
    return std::nullopt;
  }
  auto examined =
      verifier_.Examine(Signed(header), credentials_->current(), now);
  if (!examined.ok()) return FromAuthentication(examined.status());
  *arrived = *std::move(examined);
  return std::nullopt;
}

std::optional<WireError> Admission::Admit(
    const HttpRequest& request, const std::optional<ArrivedSignature>& arrived,
    absl::string_view peer, absl::Time now, AdmittedCall* call) {
  *call = {};
  call->method = MethodOf(request);
  call->admitted_at = now;
  std::string account = kLocalAccount;
  absl::Duration patience = absl::InfiniteDuration();
  if (arrived.has_value()) {
    auto error = CheckSignature(request, *arrived, now, call);
    if (error.has_value()) return error;
    account = arrived->credential->principal.account.value;
    patience = arrived->credential->principal.hold_max;
  }
  if (rates_ != nullptr && call->method != nullptr) {
    const absl::Status status =
        rates_->Admit(account, call->method->name(), now);
    if (!status.ok()) {
      End(*call, false);
      return FromAuthentication(status);
    }
  }
  if (arrived.has_value() && call->method != nullptr) {
    const absl::Status status =
        ContractOf(call->method).CheckRole(arrived->credential->principal);
    if (!status.ok()) {
      End(*call, false);
      return FromAuthentication(status);
    }
  }
  // How long the caller's polls are held was then said, and is the broker's
  // business.
  const bool said = patience != absl::InfiniteDuration();
  if (!said) {
    patience = patience_.Of(ClientOf(request, call->access_key, peer),
                            View(request[http::field::user_agent]), now);
  }
  call->timeout =
      said ? options_.call_timeout : std::min(options_.call_timeout, patience);
  return std::nullopt;
}

std::optional<WireError> Admission::CheckSignature(
    const HttpRequest& request, const ArrivedSignature& arrived, absl::Time now,
    AdmittedCall* call) {
  const absl::Status status = verifier_.Verify(arrived, Sha256(request.body()));
  if (!status.ok()) return FromAuthentication(status);
  call->access_key = arrived.credential->access_key;
  if (!Guards(call->method)) return std::nullopt;
  const Sha256Digest signature = DigestOf(arrived);
  // The same headers may have passed in time and wait for their body.
  const absl::Time until = now + arrived.valid_for + options_.body_timeout;
  if (!replays_.Admit(call->access_key, signature, until, now)) {
    return FromAuthentication(ReplayError());
  }
  call->guarded = signature;
  return std::nullopt;
}

bool Admission::Guards(const MethodDescriptor* method) const {
  switch (options_.replays) {
    case ReplayCheck::kNone:
      return false;
    case ReplayCheck::kAll:
      return true;
    case ReplayCheck::kChanges:
      break;
  }
  return method != nullptr && method->options().idempotency_level() !=
                                  MethodOptions::NO_SIDE_EFFECTS;
}

void Admission::TellRefused(const HttpHeader& header,
                            const std::string& request_id,
                            absl::string_view peer,
                            const WireError& error) const {
  if (observer_.on_refused == nullptr) return;
  RefusedRequest refused{.request_id = request_id,
                         .action = "",
                         .access_key = "",
                         .peer = std::string(peer),
                         .name = error.name,
                         .message = error.message};
  if (const MethodDescriptor* const method = MethodOf(header)) {
    refused.action =
        absl::StrCat(method->service()->name(), "/", method->name());
  }
  const auto authorization =
      ParseAuthorizationHeader(View(header[http::field::authorization]));
  if (authorization.ok() && !open() &&
      credentials_->current()->Find(authorization->access_key) != nullptr) {
    refused.access_key = std::string(authorization->access_key);
  }
  observer_.on_refused(refused);
}

void Admission::End(const AdmittedCall& call, bool answered) {
  if (!call.guarded.has_value()) return;
  if (answered) {
    replays_.Answered(call.access_key, *call.guarded);
  } else {
    replays_.Dropped(call.access_key, *call.guarded);
  }
}

void Admission::HungUp(const HttpRequest& request, const AdmittedCall& call,
                       absl::string_view peer, absl::Time now) {
  patience_.HungUp(ClientOf(request, call.access_key, peer),
                   now - call.admitted_at, now);
}

}  // namespace holdline
