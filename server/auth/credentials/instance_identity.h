// Verification of instance identity documents: which host a task runner is on
// (DATAPIPELINE section 3.14).
//
// Clouds give each instance a document about itself, signed with the issuer's
// RSA key; EC2 has them at `dynamic/instance-identity/document` and `signature`
// of its metadata service. A document identifies a host and does not
// authenticate a caller: it never expires, and anyone who has seen it can send
// it.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_INSTANCE_IDENTITY_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_INSTANCE_IDENTITY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "openssl/evp.h"

namespace holdline {

enum class InstanceIdentityPolicy {
  kIgnore,           // nothing is verified, and nothing recorded
  kVerifyIfPresent,  // who sends a document must be able to
  kRequire,          // who polls must send one
};

struct InstanceIdentityOptions {
  InstanceIdentityPolicy policy = InstanceIdentityPolicy::kIgnore;

  // A file of PEM certificates, whose keys sign the documents. Needed unless
  // the policy is to ignore them. How long a certificate is valid does not
  // matter: it is the key that is believed.
  std::string authorities_file;
};

// Immutable, so thread-safe.
class InstanceIdentityVerifier {
 public:
  // Reads the certificates. INVALID_ARGUMENT, which names the file: it cannot
  // be read, holds no certificate, or one whose key is not RSA.
  static absl::StatusOr<std::unique_ptr<InstanceIdentityVerifier>> Open(
      const InstanceIdentityOptions& options);

  // Returns the name of the machine that a document is about, such as
  // `arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0`; an empty
  // one if the policy lets the caller do without. Both are empty if they were
  // not sent; the signature is in base64.
  //
  // INVALID_ARGUMENT: no issuer has signed the document, it does not name an
  // instance and an account, or it is missing and required. Says nothing of
  // what was sent.
  absl::StatusOr<std::string> Verify(absl::string_view document,
                                     absl::string_view signature) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

  explicit InstanceIdentityVerifier(InstanceIdentityPolicy policy)
      : policy_(policy) {}

  // Reads the keys of all certificates in a text.
  absl::Status AddKeys(const std::string& path, const std::string& pem);

  const InstanceIdentityPolicy policy_;
  std::vector<Key> keys_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_INSTANCE_IDENTITY_H_
