// Closes what callers are to bring back, so that they can neither read nor
// change it.

#ifndef HOLDLINE_SERVER_QUERIES_SEAL_H_
#define HOLDLINE_SERVER_QUERIES_SEAL_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/auth/sigv4/sha256.h"

namespace holdline {

// How many bytes longer than its content is what is closed.
inline constexpr size_t kSealBytes = kSha256Bytes;

// The check is made of the content and its context, and the content is hidden
// under a stream that follows from the check: a synthetic initialization
// vector. So the same content looks the same each time, and needs no chance.
// Immutable, so thread-safe.
class Seal {
 public:
  // `secret` is the store's; `purpose` tells this use of it from others.
  Seal(absl::string_view secret, absl::string_view purpose);

  // Returns the content, closed. It opens in the same context only, such as for
  // the same account.
  std::string Close(absl::string_view context, absl::string_view content) const;

  // Returns the content of what was closed under this secret, for this purpose
  // and in this context; nothing of anything else.
  std::optional<std::string> Open(absl::string_view context,
                                  absl::string_view closed) const;

 private:
  Sha256Digest Check(absl::string_view context,
                     absl::string_view content) const;

  // The content with its cover taken off, or put on.
  std::string Cover(absl::string_view check, absl::string_view content) const;

  const Sha256Digest check_key_;
  const Sha256Digest cover_key_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_SEAL_H_
