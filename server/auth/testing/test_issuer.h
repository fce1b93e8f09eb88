// For tests: one who signs identity documents of machines.

#ifndef HOLDLINE_SERVER_AUTH_TESTING_TEST_ISSUER_H_
#define HOLDLINE_SERVER_AUTH_TESTING_TEST_ISSUER_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "openssl/evp.h"

namespace holdline {

// With a new RSA key.
class TestIssuer {
 public:
  TestIssuer();

  // PEM, signed with its own key.
  std::string certificate() const;

  // The signature of a document, in base64.
  std::string Sign(absl::string_view document) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  const std::unique_ptr<EVP_PKEY, FreeKey> key_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TESTING_TEST_ISSUER_H_
