#include "server/auth/credentials/credential_check.h"

#include "openssl/crypto.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

absl::Status Unauthenticated(absl::string_view reason,
                             absl::string_view message) {
  return WithReason(absl::UnauthenticatedError(message), reason);
}

}  // namespace

absl::Status MissingCredentialError() {
  return Unauthenticated("MissingAuthenticationTokenException",
                         "Missing Authentication Token");
}

absl::Status UnrecognizedClientError() {
  return Unauthenticated(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.");
}

absl::Status ExpiredCredentialError() {
  return Unauthenticated(
      "ExpiredTokenException",
      "The security token included in the request is expired");
}

absl::Status IncompleteCredentialError(absl::string_view what) {
  return Unauthenticated("IncompleteSignatureException", what);
}

bool SameSecret(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() &&
         CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

absl::StatusOr<const Credential*> FindUsable(const Credentials& credentials,
                                             absl::string_view access_key,
                                             absl::Time now) {
  const Credential* const found = credentials.Find(access_key);
  if (found == nullptr || found->disabled) return UnrecognizedClientError();
  if (found->expires_at <= now) return ExpiredCredentialError();
  return found;
}

// That a credential has expired is told only to those who know its secret.
absl::StatusOr<const Credential*> CheckSecret(const Credentials& credentials,
                                              absl::string_view access_key,
                                              absl::string_view secret,
                                              absl::string_view session_token,
                                              absl::Time now) {
  const Credential* const found = credentials.Find(access_key);
  if (found == nullptr) return UnrecognizedClientError();
  const bool known = SameSecret(found->secret, secret);
  const bool in_session = SameSecret(found->session_token, session_token);
  if (!known || !in_session) return UnrecognizedClientError();
  return FindUsable(credentials, access_key, now);
}

}  // namespace holdline
