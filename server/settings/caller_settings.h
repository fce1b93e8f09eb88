// The settings that say who may call a program, and with what it is served.

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

// INVALID_ARGUMENT, which names the settings: they do not fit together.
absl::Status CheckCallers(const CredentialOptions& credentials,
                          const TlsOptions& tls);

// What such settings are checked by. The address must be HOST:PORT.
absl::Status CheckAddress(const std::string& text);
absl::Status AnyText(const std::string& text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_CALLER_SETTINGS_H_
