#include "server/auth/testing/test_issuer.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "openssl/bio.h"
#include "openssl/pem.h"
#include "openssl/rsa.h"
#include "openssl/x509.h"

namespace holdline {
namespace {

constexpr int kKeyBits = 2048;
constexpr long kDaySeconds = 24 * 60 * 60;

}  // namespace

TestIssuer::TestIssuer() : key_(EVP_RSA_gen(kKeyBits)) {}

std::string TestIssuer::certificate() const {
  X509* const certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDaySeconds);
  X509_set_pubkey(certificate, key_.get());
  EXPECT_GT(X509_sign(certificate, key_.get(), EVP_sha256()), 0);
  BIO* const text = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(text, certificate);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(text, &bytes);
  std::string pem(bytes, static_cast<size_t>(size));
  BIO_free(text);
  X509_free(certificate);
  return pem;
}

std::string TestIssuer::Sign(absl::string_view document) const {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  EXPECT_EQ(
      EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get()),
      1);
  const auto* const bytes =
      reinterpret_cast<const unsigned char*>(document.data());
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key_.get()));
  std::string signature(size, '\0');
  EXPECT_EQ(EVP_DigestSign(context,
                           reinterpret_cast<unsigned char*>(signature.data()),
                           &size, bytes, document.size()),
            1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return absl::Base64Escape(signature);
}

}  // namespace holdline
