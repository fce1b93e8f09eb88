// The command line `holdline`.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_COMMAND_LINE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_COMMAND_LINE_H_

#include <ostream>
#include <string>
#include <vector>

#include "client/command_line/verb/exit_code.h"

namespace holdline::client {

// Does what the arguments say (without the program's name). Results go to
// `out`, all else to `err`, which a person watches if `interactive`.
ExitCode RunCommandLine(const std::vector<std::string>& arguments,
                        std::ostream& out, std::ostream& err, bool interactive);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_COMMAND_LINE_H_
