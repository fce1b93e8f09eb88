// The seal: encryption of data that callers bring back, so that they can
// neither read nor change it.

#ifndef HOLDLINE_SERVER_QUERIES_SEAL_H_
#define HOLDLINE_SERVER_QUERIES_SEAL_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/auth/sigv4/sha256.h"

namespace holdline {

// The bytes that sealing adds.
inline constexpr size_t kSealBytes = kSha256Bytes;

// An HMAC of content and context is the synthetic initialization vector of a
// stream that encrypts the content. So the same content always gives the same
// bytes, and no randomness is needed. Immutable, so thread-safe.
class Seal {
 public:
  // `secret` is the store's; `purpose` separates the uses of the secret.
  Seal(absl::string_view secret, absl::string_view purpose);

  // Returns the sealed content. Only the same context, such as the account,
  // opens it.
  std::string Close(absl::string_view context, absl::string_view content) const;

  // Returns the content that was sealed with this secret, purpose and context;
  // nothing for any other bytes.
  std::optional<std::string> Open(absl::string_view context,
                                  absl::string_view closed) const;

 private:
  Sha256Digest Check(absl::string_view context,
                     absl::string_view content) const;

  // Encrypts or decrypts the content.
  std::string Cover(absl::string_view check, absl::string_view content) const;

  const Sha256Digest check_key_;
  const Sha256Digest cover_key_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_SEAL_H_
