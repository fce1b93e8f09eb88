// Whether somebody who names an access key may go on (DATAPIPELINE section
// 12.5).

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_CHECK_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credentials.h"

namespace holdline {

// The errors of callers who are not known. Each is UNAUTHENTICATED, has the
// name that AWS gives it, and says the same whatever the cause is.

// `MissingAuthenticationTokenException`: nothing says who is calling.
absl::Status MissingCredentialError();

// `UnrecognizedClientException`: the access key is unknown or disabled, or its
// secret or session token is another.
absl::Status UnrecognizedClientError();

// `ExpiredTokenException`: temporary credentials whose time is over.
absl::Status ExpiredCredentialError();

// `IncompleteSignatureException`: what says who is calling cannot be read.
// `what` is a sentence about its form, which never quotes it.
absl::Status IncompleteCredentialError(absl::string_view what);

// Whether two secrets are the same. Takes the same time wherever they differ;
// only their lengths can be told from it.
bool SameSecret(absl::string_view a, absl::string_view b);

// Returns the credential of an access key that counts at `now`, as long as the
// set lives. UnrecognizedClientError: it is unknown or disabled.
// ExpiredCredentialError: its time is over.
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
