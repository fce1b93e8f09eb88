#include "server/auth/sigv4/sha256.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/strings/escaping.h"

namespace holdline {
namespace {

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL only fails here if memory has run out or its installation is broken:
// there is nothing that a caller could do.
void CheckCrypto(bool ok) {
  if (ok) return;
  std::fputs("OpenSSL cannot compute SHA-256\n", stderr);
  std::abort();
}

struct MacDeleter {
  void operator()(EVP_MAC_CTX* mac) const { EVP_MAC_CTX_free(mac); }
};

using Mac = std::unique_ptr<EVP_MAC_CTX, MacDeleter>;

Mac MakeMac() {
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CheckCrypto(hmac != nullptr);
  Mac mac(EVP_MAC_CTX_new(hmac));
  EVP_MAC_free(hmac);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  CheckCrypto(mac != nullptr &&
              EVP_MAC_CTX_set_params(mac.get(), parameters) == 1);
  return mac;
}

}  // namespace

Sha256Digest Sha256(absl::string_view bytes) {
  // Found once: looking the algorithm up takes longer than a short text.
  static const EVP_MD* const algorithm =
      EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Sha256Digest digest;
  CheckCrypto(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr,
                         algorithm, nullptr) == 1);
  return digest;
}

Sha256Digest HmacSha256(absl::string_view key, absl::string_view bytes) {
  // Of a thread's own, and with the algorithm found already.
  thread_local const Mac mac = MakeMac();
  Sha256Digest digest;
  size_t size = 0;
  CheckCrypto(EVP_MAC_init(mac.get(), Bytes(key), key.size(), nullptr) == 1 &&
              EVP_MAC_update(mac.get(), Bytes(bytes), bytes.size()) == 1 &&
              EVP_MAC_final(mac.get(), digest.data(), &size, digest.size()) ==
                  1 &&
              size == digest.size());
  return digest;
}

std::string ToHex(const Sha256Digest& digest) {
  return absl::BytesToHexString(AsBytes(digest));
}

absl::string_view AsBytes(const Sha256Digest& digest) {
  return absl::string_view(reinterpret_cast<const char*>(digest.data()),
                           digest.size());
}

}  // namespace holdline
