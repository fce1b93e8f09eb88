// The environment of the commands that a runner starts.

#ifndef HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_
#define HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_

#include <string>
#include <vector>

namespace holdline::client {

// Returns the variables of this process as `NAME=value`, with `variables` in
// place of those of the same names. Variables that begin with `HOLDLINE_` are
// left out, since commands must not see the runner's identity and secret, but
// for the address of the server (`HOLDLINE_ADDRESS`, `HOLDLINE_TLS`,
// `HOLDLINE_TLS_AUTHORITIES`).
//
// No other thread may change the environment meanwhile.
std::vector<std::string> CommandEnvironment(
    const std::vector<std::string>& variables);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_
