// What a call says of its caller.

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

  // The access key of whom the caller speaks for. Set also if it is empty: who
  // speaks for nobody must be a gateway as well, whose calls are believed to be
  // counted.
  std::optional<absl::string_view> on_behalf_of;

  // From where the one calls whom the caller speaks for; empty if not told.
  absl::string_view caller_address;

  // Whether one of the keys was there more than once, so that it is open which
  // value counts.
  bool ambiguous = false;

  // Whether nobody else can have read this: the connection is encrypted, or
  // does not leave the machine.
  bool confidential = false;

  // The DNS names and URIs of the client certificate, which was verified.
  std::vector<std::string> certificate_names;
};

CallerClaims ClaimsOf(const grpc::CallbackServerContext& context);

// Whether a peer, as gRPC names it, is on this machine.
bool IsLocalPeer(absl::string_view peer);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_ACCESS_CALLER_CLAIMS_H_
