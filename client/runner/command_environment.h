// The environment of the commands that a runner starts.

#ifndef HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_
#define HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_

#include <string>
#include <vector>

namespace holdline::client {

// This process's variables as `NAME=value`, with `variables` in place of those
// of their names, and without what is Holdline's own: a variable that begins
// with `HOLDLINE_` is left out, since who the runner is, and by what secret, is
// no business of a command. Only where the server is (`HOLDLINE_ADDRESS`,
// `HOLDLINE_TLS`, `HOLDLINE_TLS_AUTHORITIES`) is passed on.
//
// No other thread may change the environment meanwhile.
std::vector<std::string> CommandEnvironment(
    const std::vector<std::string>& variables);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_COMMAND_ENVIRONMENT_H_
