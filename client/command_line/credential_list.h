// The credentials file as people and scripts are shown it: never a secret.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_CREDENTIAL_LIST_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_CREDENTIAL_LIST_H_

#include <string>

#include "absl/time/time.h"
#include "server/auth/credentials/credentials_file.h"

namespace holdline::client {

// Tables of the credentials and, if there are any, the certificates, as they
// are at `now`.
std::string CredentialTable(const CredentialsFile& file, absl::Time now);

// The same as JSON: an object a line, with `accessKey` or `certificate`.
std::string CredentialLines(const CredentialsFile& file, absl::Time now);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_CREDENTIAL_LIST_H_
