// The hashes and keys of Signature Version 4.

#ifndef HOLDLINE_SERVER_AUTH_SIGNING_KEY_H_
#define HOLDLINE_SERVER_AUTH_SIGNING_KEY_H_

#include <array>
#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace holdline {

inline constexpr size_t kSha256Bytes = 32;

using Sha256Digest = std::array<unsigned char, kSha256Bytes>;

Sha256Digest Sha256(absl::string_view bytes);

Sha256Digest HmacSha256(absl::string_view key, absl::string_view bytes);

// Returns the digest as 64 hexadecimal digits in lower case.
std::string ToHex(const Sha256Digest& digest);

// The digest's bytes, as a key.
absl::string_view AsKey(const Sha256Digest& digest);

// What a signing key is good for: a secret, for a day, a region and a service.
struct SigningScope {
  absl::string_view secret;
  absl::string_view date;  // `20121112`
  absl::string_view region;
  absl::string_view service;
};

Sha256Digest SigningKeyOf(const SigningScope& scope);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGNING_KEY_H_
