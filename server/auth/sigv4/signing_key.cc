#include "server/auth/sigv4/signing_key.h"

#include <openssl/crypto.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace holdline {

Sha256Digest SigningKeyOf(const SigningScope& scope) {
  std::string first = absl::StrCat("AWS4", scope.secret);
  Sha256Digest key = HmacSha256(first, scope.date);
  OPENSSL_cleanse(first.data(), first.size());
  key = HmacSha256(AsBytes(key), scope.region);
  key = HmacSha256(AsBytes(key), scope.service);
  return HmacSha256(AsBytes(key), "aws4_request");
}

}  // namespace holdline
