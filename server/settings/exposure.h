// What must be configured before anybody beyond this machine can call.

#ifndef HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_
#define HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_

#include "absl/status/status.h"
#include "server/settings/options.h"

namespace holdline {

// Checks that whatever listens beyond loopback knows who calls, and that no
// secret crosses a network in the clear: beyond loopback every service needs
// credentials, and gRPC and the metrics page need TLS as well, because access
// keys are sent over them as they are. Signatures of AWS JSON do without.
//
// INVALID_ARGUMENT, which names the option and says what to do.
absl::Status CheckExposure(const Options& options);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_EXPOSURE_H_
