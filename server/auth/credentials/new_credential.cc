#include "server/auth/credentials/new_credential.h"

#include <openssl/rand.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace holdline {
namespace {

constexpr absl::string_view kPrefix = "HOLDLINE";
constexpr size_t kAccessKeyCharacters = 12;
constexpr size_t kSecretCharacters = 40;
constexpr size_t kSessionTokenCharacters = 64;

// None that is easily taken for another, and for secrets none that means
// something at the beginning of an argument.
constexpr absl::string_view kReadable = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
constexpr absl::string_view kPlain =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

// Returns so many characters of the alphabet, each with the same chance.
absl::StatusOr<std::string> RandomText(absl::string_view alphabet,
                                       size_t size) {
  // A byte beyond the last whole alphabet would favour its beginning.
  const size_t fair = 256 / alphabet.size() * alphabet.size();
  std::string text;
  while (text.size() < size) {
    unsigned char byte = 0;
    if (RAND_bytes(&byte, 1) != 1) {
      return absl::InternalError("OpenSSL has no random bytes");
    }
    if (byte < fair) text += alphabet[byte % alphabet.size()];
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> RandomAccessKey() {
  const auto text = RandomText(kReadable, kAccessKeyCharacters);
  if (!text.ok()) return text.status();
  return absl::StrCat(kPrefix, *text);
}

absl::StatusOr<std::string> RandomSecret() {
  return RandomText(kPlain, kSecretCharacters);
}

absl::StatusOr<std::string> RandomSessionToken() {
  return RandomText(kPlain, kSessionTokenCharacters);
}

}  // namespace holdline
