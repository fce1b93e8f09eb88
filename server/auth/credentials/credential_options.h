// The files that hold the credentials and their key.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_OPTIONS_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_OPTIONS_H_

#include <string>

namespace holdline {

struct CredentialOptions {
  // The credentials file. Empty: no authentication; every caller is the
  // LocalPrincipal.
  std::string file;

  // The key that protected secrets in it are read with; empty if there are
  // none.
  std::string key_file;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_OPTIONS_H_
