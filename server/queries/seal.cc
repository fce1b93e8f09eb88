#include "server/queries/seal.h"

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/credential_check.h"

namespace holdline {

Seal::Seal(absl::string_view secret, absl::string_view purpose)
    : check_key_(HmacSha256(secret, absl::StrCat(purpose, " check"))),
      cover_key_(HmacSha256(secret, absl::StrCat(purpose, " cover"))) {}

Sha256Digest Seal::Check(absl::string_view context,
                         absl::string_view content) const {
  // The length tells where the context ends.
  return HmacSha256(AsBytes(check_key_),
                    absl::StrCat(context.size(), " ", context, content));
}

std::string Seal::Cover(absl::string_view check,
                        absl::string_view content) const {
  std::string covered(content);
  for (size_t block = 0; block * kSha256Bytes < covered.size(); ++block) {
    const Sha256Digest stream =
        HmacSha256(AsBytes(cover_key_), absl::StrCat(check, block));
    for (size_t i = 0; i < kSha256Bytes; ++i) {
      const size_t at = block * kSha256Bytes + i;
      if (at == covered.size()) break;
      covered[at] = static_cast<char>(covered[at] ^ stream[i]);
    }
  }
  return covered;
}

std::string Seal::Close(absl::string_view context,
                        absl::string_view content) const {
  const Sha256Digest check = Check(context, content);
  return absl::StrCat(AsBytes(check), Cover(AsBytes(check), content));
}

std::optional<std::string> Seal::Open(absl::string_view context,
                                      absl::string_view closed) const {
  if (closed.size() < kSealBytes) return std::nullopt;
  const absl::string_view check = closed.substr(0, kSealBytes);
  std::string content = Cover(check, closed.substr(kSealBytes));
  const Sha256Digest expected = Check(context, content);
  if (!SameSecret(AsBytes(expected), check)) return std::nullopt;
  return content;
}

}  // namespace holdline
