// Generates random access keys, secrets and session tokens.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_NEW_CREDENTIAL_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_NEW_CREDENTIAL_H_

#include <string>

#include "absl/status/statusor.h"

namespace holdline {

// Each is made of random bytes of OpenSSL's. INTERNAL: it has none.

// 20 letters and digits, such as `HOLDLINE4GYQ7ZPAX3CM`. No secret; two are
// never the same in practice.
absl::StatusOr<std::string> RandomAccessKey();

// 40 and 64 letters and digits, of 238 and 381 random bits.
absl::StatusOr<std::string> RandomSecret();
absl::StatusOr<std::string> RandomSessionToken();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_NEW_CREDENTIAL_H_
