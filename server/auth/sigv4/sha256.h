// SHA-256 and HMAC-SHA256.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_SHA256_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_SHA256_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace holdline {

inline constexpr size_t kSha256Bytes = 32;

using Sha256Digest = std::array<unsigned char, kSha256Bytes>;

Sha256Digest Sha256(absl::string_view bytes);

// Thread-safe, without waiting for other threads.
Sha256Digest HmacSha256(absl::string_view key, absl::string_view bytes);

// Returns the digest as 64 hexadecimal digits in lower case.
std::string ToHex(const Sha256Digest& digest);

// The digest's bytes, as a key or a text. As long-lived as the digest.
absl::string_view AsBytes(const Sha256Digest& digest);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_SHA256_H_
