// Probes of the resources that every command needs on a host.

#ifndef HOLDLINE_CLIENT_RUNNER_READINESS_PROBE_H_
#define HOLDLINE_CLIENT_RUNNER_READINESS_PROBE_H_

#include <string>

#include "absl/status/status.h"

namespace holdline::client {

// Makes the directory if it is not there, and writes a file of 64 KiB in it,
// which is removed. UNAVAILABLE if the host is the cause, such as a full disk,
// otherwise FAILED_PRECONDITION; both name the path and the reason.
absl::Status ProbeDirectory(const std::string& directory);

// Does what every command needs: has a working directory, writes in the log
// directory, and runs a command that does nothing with `shell`, a path. Takes
// milliseconds. Any error, which names what failed and why, means that any
// command would fail here.
absl::Status ProbeReadiness(const std::string& log_directory,
                            const std::string& shell);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_READINESS_PROBE_H_
