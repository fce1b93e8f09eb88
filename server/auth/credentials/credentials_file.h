// The credentials file: its form, reading and writing.
//
//     {"credentials": [
//        {"accessKey": "HOLDLINE4GYQ7ZPA", "secret": "...",
//         "account": "123456789012", "user": "reports",
//         "roles": ["runner"], "workerGroups": ["reports", "etl-*"]}],
//      "certificates": [
//        {"name": "runner-7.example.org",
//         "account": "123456789012", "user": "runner-7",
//         "roles": ["runner"], "workerGroups": ["*"]}]}
//
// Both lists may be left out. SECURITY.md has every member.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_FILE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/auth/credentials/credential_options.h"
#include "server/auth/credentials/credentials.h"

namespace holdline {

// A credential in the form of the file.
struct CredentialEntry {
  // Without its secret if that is protected.
  Credential credential;

  // The secret as SealSecret protects it; empty if it is not.
  std::string sealed_secret;
};

// The content of the file, in its order. Access keys and names of certificates
// are unique.
struct CredentialsFile {
  std::vector<CredentialEntry> credentials;
  std::vector<CertificateMapping> certificates;
};

// Reads the content of a file. INVALID_ARGUMENT, which names the entry and the
// member or the line, and never quotes a value, which might be a secret: it
// does not have the form above.
absl::StatusOr<CredentialsFile> ParseCredentialsFile(absl::string_view text);

// Reads the file at `path`. Errors as those of ReadSecretFile and
// ParseCredentialsFile; they name the file.
absl::StatusOr<CredentialsFile> ReadCredentialsFile(const std::string& path);

// Returns the text that ParseCredentialsFile reads, with a line for each entry.
std::string ToJson(const CredentialsFile& file);

// Reads the files that the options name, with every secret in the clear. Errors
// as above, as those of ReadKeyFile, and INVALID_ARGUMENT, which names the
// entry: it is protected and there is no key file, or its key is not the one.
absl::StatusOr<Credentials> LoadCredentials(const CredentialOptions& options);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_FILE_H_
