#include "server/rpc/access/caller_claims.h"

#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"
#include "proto/metadata_keys.h"

namespace holdline {
namespace {

absl::string_view ToView(grpc::string_ref text) {
  return absl::string_view(text.data(), text.size());
}

// Returns the value of a metadata key, or nothing.
std::optional<absl::string_view> ValueOf(
    const grpc::CallbackServerContext& context, const char* key,
    bool* ambiguous) {
  const auto [first, last] = context.client_metadata().equal_range(key);
  if (first == last) return std::nullopt;
  if (std::next(first) != last) *ambiguous = true;
  return ToView(first->second);
}

bool IsEncrypted(const grpc::AuthContext& connection) {
  for (const grpc::string_ref& type : connection.FindPropertyValues(
           GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME)) {
    if (type == GRPC_TLS_TRANSPORT_SECURITY_TYPE ||
        type == GRPC_SSL_TRANSPORT_SECURITY_TYPE) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> CertificateNames(const grpc::AuthContext& connection) {
  std::vector<std::string> names;
  for (const char* kind :
       {GRPC_PEER_DNS_PROPERTY_NAME, GRPC_PEER_URI_PROPERTY_NAME}) {
    for (const grpc::string_ref& name : connection.FindPropertyValues(kind)) {
      names.emplace_back(name.data(), name.size());
    }
  }
  return names;
}

}  // namespace

CallerClaims ClaimsOf(const grpc::CallbackServerContext& context) {
  CallerClaims claims;
  claims.authorization =
      ValueOf(context, kAuthorizationKey, &claims.ambiguous).value_or("");
  claims.session_token =
      ValueOf(context, kSessionTokenKey, &claims.ambiguous).value_or("");
  if (const auto other = ValueOf(context, kOnBehalfOfKey, &claims.ambiguous)) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(*other, absl::MaxSplits(' ', 1));
    claims.on_behalf_of = parts.first;
    claims.caller_address = parts.second;
  }
  const std::shared_ptr<const grpc::AuthContext> connection =
      context.auth_context();
  const bool encrypted = connection != nullptr && IsEncrypted(*connection);
  claims.confidential = encrypted || IsLocalPeer(context.peer());
  if (encrypted) claims.certificate_names = CertificateNames(*connection);
  return claims;
}

bool IsLocalPeer(absl::string_view peer) {
  return absl::StartsWith(peer, "unix:") ||
         absl::StartsWith(peer, "ipv4:127.") ||
         absl::StartsWith(peer, "ipv6:%5B::1%5D:") ||
         absl::StartsWith(peer, "ipv6:[::1]:") ||
         absl::StartsWith(peer, "ipv6:%5B::ffff:127.") ||
         absl::StartsWith(peer, "ipv6:[::ffff:127.");
}

}  // namespace holdline
