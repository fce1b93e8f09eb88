// The verification of Signature Version 4, with which AWS SDKs sign requests
// (DATAPIPELINE sections 12.1, 12.5 and 12.7).
//
// The form is that of every service but S3, in the `Authorization` header. A
// request is checked twice: with its headers alone, so that a hopeless one is
// refused before its body is read, and with the hash of the body. Dates are
// compared with the arrival: a call does not expire while it is held.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_SIGNATURE_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_SIGNATURE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credentials.h"
#include "server/auth/sigv4/authorization_header.h"
#include "server/auth/sigv4/canonical_request.h"
#include "server/auth/sigv4/signing_key.h"
#include "server/auth/sigv4/signing_keys.h"

namespace holdline {

inline constexpr char kSigningService[] = "datapipeline";

struct SignatureOptions {
  // The region that requests must be signed for; empty takes any.
  std::string region = {};

  // How far the date of a request may be from now, into the past and into the
  // future; kClockSkewLimit at most.
  absl::Duration clock_skew_max = absl::Minutes(5);
};

inline constexpr absl::Duration kClockSkewLimit = absl::Minutes(15);

// A signature that is not refuted by the headers. Holds secrets and a set of
// credentials, so it should not be kept for long.
struct ArrivedSignature {
  std::shared_ptr<const Credentials> credentials;

  // The claimed signer, of `credentials`.
  const Credential* credential = nullptr;

  // How much longer the same bytes are taken.
  absl::Duration valid_for;

  // 64 hexadecimal digits in lower case, if it is good.
  std::string signature;

  // The string to sign, without the hash of the body.
  std::string canonical_request;
  std::string scope;  // `20121112/us-east-1/datapipeline/aws4_request`
  std::string date;   // `20121112T174952Z`
  Sha256Digest signing_key;

  // The hash of the body that the headers tell, in hexadecimal digits. The
  // signature has been verified with it.
  std::optional<std::string> told_body_hash;
};

// Lives on one thread.
class SignatureVerifier {
 public:
  explicit SignatureVerifier(SignatureOptions options);

  // Looks at the headers of a request that arrived at `now`. Refuses what no
  // body could make good.
  //
  // The errors are those of credential_check.h: nothing says who is calling,
  // the header cannot be read or the signature is in the query, the access key
  // or the session token is not known, temporary credentials have expired. And
  // InvalidSignatureError: the scope or the date is not right, what must be
  // signed is not, or the headers tell the hash of the body and the signature
  // is wrong. None says anything of what was sent but its date.
  absl::StatusOr<ArrivedSignature> Examine(
      const SignedRequest& request,
      std::shared_ptr<const Credentials> credentials, absl::Time now);

  // Verifies it for a body. InvalidSignatureError: it is wrong.
  absl::Status Verify(const ArrivedSignature& arrived,
                      const Sha256Digest& body_hash) const;

 private:
  absl::Status CheckScope(const AuthorizationHeader& authorization,
                          absl::string_view date) const;
  absl::Status CheckDate(absl::Time date, absl::Time now) const;

  SignatureOptions options_;
  SigningKeys keys_;
};

// `InvalidSignatureException`, UNAUTHENTICATED. `what` is a sentence.
absl::Status InvalidSignatureError(absl::string_view what);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_SIGNATURE_H_
