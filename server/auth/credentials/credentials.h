// The credentials of all callers: access keys and client certificates.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/auth/credentials/principal.h"

namespace holdline {

// An access key and its principal. Holds secrets: never to be logged.
struct Credential {
  std::string access_key;
  std::string secret;

  // The session token and expiry of temporary credentials; empty and infinite
  // future for others.
  std::string session_token;
  absl::Time expires_at = absl::InfiniteFuture();

  // Whether calls with the access key are refused.
  bool disabled = false;

  Principal principal;
};

// A name in a client certificate and its principal.
struct CertificateMapping {
  // A subject alternative name, exact: a DNS name or a URI.
  std::string name;

  Principal principal;
};

// An immutable set of credentials, so thread-safe.
class Credentials {
 public:
  Credentials() = default;

  // Of two with the same access key, or of the same name, the last one counts.
  Credentials(std::vector<Credential> credentials,
              std::vector<CertificateMapping> certificates);

  // Returns the credential of an access key, or null. It lives as long as this
  // set does, and may be disabled or expired.
  const Credential* Find(absl::string_view access_key) const;

  // Returns the principal of a name in a client certificate, or null.
  const Principal* FindCertificate(absl::string_view name) const;

 private:
  absl::flat_hash_map<std::string, Credential> by_key_;
  absl::flat_hash_map<std::string, Principal> by_certificate_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_H_
