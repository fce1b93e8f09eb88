// Verification of an access key, its secret and its session token (DATAPIPELINE
// section 12.5).

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_CHECK_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credentials.h"

namespace holdline {

// The errors of unauthenticated callers. Each is UNAUTHENTICATED, has the name
// that AWS gives it, and says the same whatever the cause is.

// `MissingAuthenticationTokenException`: the call presents no credentials.
absl::Status MissingCredentialError();

// `UnrecognizedClientException`: the access key is unknown or disabled, or its
// secret or session token is wrong.
absl::Status UnrecognizedClientError();

// `ExpiredTokenException`: the temporary credentials have expired.
absl::Status ExpiredCredentialError();

// `IncompleteSignatureException`: the credentials are malformed. `what` is a
// sentence about its form, which never quotes it.
absl::Status IncompleteCredentialError(absl::string_view what);

// Compares two secrets in constant time; only their lengths can be inferred
// from it.
bool SameSecret(absl::string_view a, absl::string_view b);

// Returns the credential of an access key that is valid at `now`; it lives as
// long as the set. UnrecognizedClientError: it is unknown or disabled.
// ExpiredCredentialError: it has expired.
absl::StatusOr<const Credential*> FindUsable(const Credentials& credentials,
                                             absl::string_view access_key,
                                             absl::Time now);

// Does the same for a caller who must know the secret and, of temporary
// credentials, the session token, which is empty for others.
// UnrecognizedClientError: either is wrong.
absl::StatusOr<const Credential*> CheckSecret(const Credentials& credentials,
                                              absl::string_view access_key,
                                              absl::string_view secret,
                                              absl::string_view session_token,
                                              absl::Time now);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_CHECK_H_
