// The credentials a call presents, not yet verified.

#ifndef HOLDLINE_SERVER_RPC_ACCESS_CALLER_CLAIMS_H_
#define HOLDLINE_SERVER_RPC_ACCESS_CALLER_CLAIMS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"

namespace holdline {

// Valid as long as the call is.
struct CallerClaims {
  // The values of their keys (metadata_keys.h); empty where there is none.
  absl::string_view authorization;
  absl::string_view session_token;

  // The access key of the client on whose behalf the caller, a gateway, calls.
  // Present even if empty: only a gateway, which applies rate limits itself,
  // may send that.
  std::optional<absl::string_view> on_behalf_of;

  // The address of that client; empty if unknown.
  absl::string_view caller_address;

  // Whether one of the keys was sent more than once.
  bool ambiguous = false;

  // Whether the credentials were confidential in transit: the connection is
  // encrypted, or local.
  bool confidential = false;

  // The DNS names and URIs of the client certificate, which was verified.
  std::vector<std::string> certificate_names;
};

CallerClaims ClaimsOf(const grpc::CallbackServerContext& context);

// Whether a peer, as gRPC names it, is on this host.
bool IsLocalPeer(absl::string_view peer);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_ACCESS_CALLER_CLAIMS_H_
