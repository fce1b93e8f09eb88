// The encrypted form of a secret, for the credentials file: a copy of the file
// is useless without the key.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_SEALED_SECRET_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_SEALED_SECRET_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// Returns the secret of an access key in its protected form: AES-256-GCM under
// a key that HKDF-SHA256 derives from `key`, as base64 of nonce (12 bytes),
// ciphertext and tag (16 bytes). The access key is authenticated with it, so
// that a secret cannot be moved to another one. Two calls return different
// forms. INTERNAL: OpenSSL cannot do it.
absl::StatusOr<std::string> SealSecret(absl::string_view secret,
                                       absl::string_view access_key,
                                       absl::string_view key);

// Returns the secret that was sealed with the same access key and key.
// INVALID_ARGUMENT: it was not, or has been changed; nothing more is known.
absl::StatusOr<std::string> OpenSecret(absl::string_view sealed,
                                       absl::string_view access_key,
                                       absl::string_view key);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_SEALED_SECRET_H_
