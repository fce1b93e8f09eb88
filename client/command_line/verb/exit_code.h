// Exit codes of the command line.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_EXIT_CODE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_EXIT_CODE_H_

namespace holdline::client {

// The numbers are part of the interface, and stand in --help and the README.
enum class ExitCode {
  kDone = 0,
  kNegative = 1,     // it failed or was cancelled; has errors; shall stop
  kUsage = 2,        // the command line itself is wrong
  kTimeUp = 3,       // it did not happen in time
  kRefused = 4,      // the server refused the request
  kUnreachable = 5,  // no server answered
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_EXIT_CODE_H_
