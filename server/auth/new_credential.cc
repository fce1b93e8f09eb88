#include "server/auth/new_credential.h"

#include <openssl/rand.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace holdline {
namespace {

constexpr absl::string_view kPrefix = "HOLDLINE";
constexpr size_t kRandomCharacters = 12;
constexpr size_t kSecretBytes = 30;
constexpr size_t kSessionTokenBytes = 48;

// 32 of them, so that each has the same chance, and none that is easily taken
// for another.
constexpr absl::string_view kAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

absl::StatusOr<std::string> RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                 static_cast<int>(count)) != 1) {
    return absl::InternalError("OpenSSL has no random bytes");
  }
  return bytes;
}

absl::StatusOr<std::string> RandomBase64(size_t bytes) {
  const absl::StatusOr<std::string> random = RandomBytes(bytes);
  if (!random.ok()) return random.status();
  return absl::WebSafeBase64Escape(*random);
}

}  // namespace

absl::StatusOr<std::string> RandomAccessKey() {
  const absl::StatusOr<std::string> random = RandomBytes(kRandomCharacters);
  if (!random.ok()) return random.status();
  std::string key(kPrefix);
  for (const char byte : *random) {
    key += kAlphabet[static_cast<unsigned char>(byte) % kAlphabet.size()];
  }
  return key;
}

absl::StatusOr<std::string> RandomSecret() {
  return RandomBase64(kSecretBytes);
}

absl::StatusOr<std::string> RandomSessionToken() {
  return RandomBase64(kSessionTokenBytes);
}

}  // namespace holdline
