// The server's options, from its command line, its environment and a file.

#ifndef HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_
#define HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/settings/options.h"
#include "server/settings/program.h"

namespace holdline {

struct Invocation {
  Options options;

  // What to print instead of serving, if anything.
  std::optional<std::string> answer;
};

// Reads the arguments behind the program's name, as ReadSettings does.
absl::StatusOr<Invocation> ReadCommandLine(
    const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_
