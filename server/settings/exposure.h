// Checks that no service is reachable beyond loopback without authentication.

#ifndef HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_
#define HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_

#include "absl/status/status.h"
#include "server/settings/options.h"

namespace holdline {

// Beyond loopback every service needs credentials; gRPC and the metrics page
// need TLS as well, because access keys are sent over them in clear text.
// Signatures of AWS JSON do without.
//
// INVALID_ARGUMENT, which names the option and says what to do.
absl::Status CheckExposure(const Options& options);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_
