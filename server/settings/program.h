// A program's settings, read from its command line, its environment and a file.

#ifndef HOLDLINE_SERVER_SETTINGS_PROGRAM_H_
#define HOLDLINE_SERVER_SETTINGS_PROGRAM_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/setting.h"

namespace holdline {

// A switch of the command line, for one start.
struct Switch {
  std::string name;  // without the dashes
  std::string help;
  bool* value;
};

// A program: its settings and switches. Refers to their values.
struct Program {
  std::string name;     // `holdline-server`
  std::string purpose;  // goes on from the name: `holds the line ...`
  std::vector<Switch> switches;
  std::vector<SettingGroup> groups;

  // Checks combinations of settings, once all are read.
  std::function<absl::Status()> check;
};

// Returns the value of an environment variable, or null if it is not set.
using Environment = std::function<const char*(const char* name)>;

// Sets the values of `program` as the arguments behind its name ask. For each
// setting the command line comes first, then the environment
// (`HOLDLINE_HOLD_MAX` for `--hold-max`), then the file that `--config` or
// `HOLDLINE_CONFIG` names, then the value that it has.
//
// Returns what to print instead of running, if anything: the help, the version
// or the settings.
//
// INVALID_ARGUMENT, which says where the fault is, the setting and the limit;
// some values may have been set.
absl::StatusOr<std::optional<std::string>> ReadSettings(
    const Program& program, const std::vector<std::string>& arguments,
    const Environment& environment);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_PROGRAM_H_
