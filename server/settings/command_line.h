// The server's options, from its command line, its environment and a file.

#ifndef HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_
#define HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/settings/options.h"

namespace holdline {

struct Invocation {
  Options options;

  // What to print instead of serving, if anything: the help, the version or the
  // settings.
  std::optional<std::string> answer;
};

// Returns the value of an environment variable, or null if it is not set.
using Environment = std::function<const char*(const char* name)>;

// Reads the arguments behind the program's name. For each setting the command
// line comes first, then the environment (`HOLDLINE_HOLD_MAX` for
// `--hold-max`), then the file that `--config` or `HOLDLINE_CONFIG` names, then
// the default.
//
// INVALID_ARGUMENT, which says where the fault is, the setting and the limit.
absl::StatusOr<Invocation> ReadCommandLine(
    const std::vector<std::string>& arguments, const Environment& environment);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_COMMAND_LINE_H_
