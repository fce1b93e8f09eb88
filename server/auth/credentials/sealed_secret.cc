#include "server/auth/credentials/sealed_secret.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kNonceBytes = 12;
constexpr size_t kTagBytes = 16;

// Tells this use of the key from others.
constexpr absl::string_view kKeyLabel = "holdline credentials 1";

struct Free {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const {
    EVP_CIPHER_CTX_free(context);
  }
};

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Free>;

const unsigned char* In(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* Out(std::string* bytes) {
  return reinterpret_cast<unsigned char*>(bytes->data());
}

int Size(absl::string_view bytes) { return static_cast<int>(bytes.size()); }

OSSL_PARAM Octets(const char* name, absl::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(
      name, const_cast<char*>(bytes.data()), bytes.size());
}

// Returns the cipher's key, or nothing if OpenSSL cannot make it.
std::string DeriveKey(absl::string_view key) {
  const std::unique_ptr<EVP_KDF, Free> hkdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  if (hkdf == nullptr) return "";
  const std::unique_ptr<EVP_KDF_CTX, Free> context(EVP_KDF_CTX_new(hkdf.get()));
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      Octets(OSSL_KDF_PARAM_KEY, key), Octets(OSSL_KDF_PARAM_INFO, kKeyLabel),
      OSSL_PARAM_construct_end()};
  std::string derived(kKeyBytes, '\0');
  const bool done =
      context != nullptr &&
      EVP_KDF_derive(context.get(), Out(&derived), kKeyBytes, parameters) == 1;
  return done ? derived : "";
}

absl::Status NoCrypto() {
  return absl::InternalError("OpenSSL cannot encrypt the secret");
}

absl::Status NotSealed() {
  return absl::InvalidArgumentError("the secret was not encrypted with it");
}

// Does the same when sealing and when opening.
bool Begin(EVP_CIPHER_CTX* cipher, const std::string& key,
           absl::string_view nonce, absl::string_view access_key, int seals) {
  int ignored = 0;
  return EVP_CipherInit_ex(cipher, EVP_aes_256_gcm(), nullptr, In(key),
                           In(nonce), seals) == 1 &&
         EVP_CipherUpdate(cipher, nullptr, &ignored, In(access_key),
                          Size(access_key)) == 1;
}

}  // namespace

absl::StatusOr<std::string> SealSecret(absl::string_view secret,
                                       absl::string_view access_key,
                                       absl::string_view key) {
  const std::string cipher_key = DeriveKey(key);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string nonce(kNonceBytes, '\0');
  if (cipher_key.empty() || cipher == nullptr ||
      RAND_bytes(Out(&nonce), kNonceBytes) != 1) {
    return NoCrypto();
  }
  std::string sealed(secret.size(), '\0');
  std::string tag(kTagBytes, '\0');
  int size = 0;
  int rest = 0;
  if (!Begin(cipher.get(), cipher_key, nonce, access_key, 1) ||
      EVP_CipherUpdate(cipher.get(), Out(&sealed), &size, In(secret),
                       Size(secret)) != 1 ||
      EVP_CipherFinal_ex(cipher.get(), Out(&sealed) + size, &rest) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                          tag.data()) != 1) {
    return NoCrypto();
  }
  return absl::Base64Escape(absl::StrCat(nonce, sealed, tag));
}

absl::StatusOr<std::string> OpenSecret(absl::string_view sealed,
                                       absl::string_view access_key,
                                       absl::string_view key) {
  std::string bytes;
  if (!absl::Base64Unescape(sealed, &bytes) ||
      bytes.size() < kNonceBytes + kTagBytes) {
    return NotSealed();
  }
  const std::string cipher_key = DeriveKey(key);
  const Cipher cipher(EVP_CIPHER_CTX_new());
  if (cipher_key.empty() || cipher == nullptr) return NoCrypto();
  const absl::string_view whole = bytes;
  const absl::string_view text =
      whole.substr(kNonceBytes, whole.size() - kNonceBytes - kTagBytes);
  std::string tag = bytes.substr(bytes.size() - kTagBytes);
  std::string secret(text.size(), '\0');
  int size = 0;
  int rest = 0;
  if (!Begin(cipher.get(), cipher_key, whole.substr(0, kNonceBytes), access_key,
             0) ||
      EVP_CipherUpdate(cipher.get(), Out(&secret), &size, In(text),
                       Size(text)) != 1 ||
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                          tag.data()) != 1 ||
      EVP_CipherFinal_ex(cipher.get(), Out(&secret) + size, &rest) != 1) {
    return NotSealed();
  }
  return secret;
}

}  // namespace holdline
