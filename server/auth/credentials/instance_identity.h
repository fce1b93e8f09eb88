// Verification of instance identity documents, which name the host of a runner
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

  // A file of PEM certificates, whose keys sign the documents. Required unless
  // the policy is to ignore documents. The expiry of the certificates is
  // ignored: only their keys are used.
  std::string authorities_file;
};

// Immutable, so thread-safe.
class InstanceIdentityVerifier {
 public:
  // Reads the certificates. INVALID_ARGUMENT, which names the file: it cannot
  // be read, holds no certificate, or one whose key is not RSA.
  static absl::StatusOr<std::unique_ptr<InstanceIdentityVerifier>> Open(
      const InstanceIdentityOptions& options);

  // Returns the name of the instance that a document is about, such as
  // `arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0`; empty if
  // the policy allows a missing document. `document` and `signature`, in
  // base64, are empty if they were not sent.
  //
  // INVALID_ARGUMENT, which quotes nothing of the document: no issuer has
  // signed it, it does not name an instance and an account, or it is missing
  // and required.
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
