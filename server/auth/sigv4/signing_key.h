// The keys of Signature Version 4.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEY_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEY_H_

#include "absl/strings/string_view.h"
#include "server/auth/sigv4/sha256.h"

namespace holdline {

// The scope of a signing key: a secret, a day, a region and a service.
struct SigningScope {
  absl::string_view secret;
  absl::string_view date;  // `20121112`
  absl::string_view region;
  absl::string_view service;
};

Sha256Digest SigningKeyOf(const SigningScope& scope);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEY_H_
