// The settings of credentials and TLS.

#ifndef HOLDLINE_SERVER_SETTINGS_CALLER_SETTINGS_H_
#define HOLDLINE_SERVER_SETTINGS_CALLER_SETTINGS_H_

#include <string>

#include "absl/status/status.h"
#include "server/auth/credentials/credential_options.h"
#include "server/auth/tls/tls_options.h"
#include "server/base/setting.h"

namespace holdline {

// Returns the settings, which point into what is given.
SettingGroup CallerSettings(CredentialOptions* credentials, TlsOptions* tls);

// Checks the combination. INVALID_ARGUMENT names the settings that do not fit
// together.
absl::Status CheckCallers(const CredentialOptions& credentials,
                          const TlsOptions& tls);

// Checks that the address is HOST:PORT.
absl::Status CheckAddress(const std::string& text);
absl::Status AnyText(const std::string& text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_CALLER_SETTINGS_H_
