// Explanations of errors for the user of the command line.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_EXPLAIN_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_EXPLAIN_H_

#include <string>

#include "absl/status/status.h"
#include "client/command_line/verb/exit_code.h"

namespace holdline::client {

// The error and advice on it, in one or two lines without a line feed at the
// end. `address` is where the server was expected. REQUIRES: !ok.
std::string Explain(const absl::Status& error, const std::string& address);

// The exit code for an error.
ExitCode ExitCodeOf(const absl::Status& error);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_EXPLAIN_H_
