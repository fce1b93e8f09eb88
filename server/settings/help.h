// The output of --help, --version and --print-config.

#ifndef HOLDLINE_SERVER_SETTINGS_HELP_H_
#define HOLDLINE_SERVER_SETTINGS_HELP_H_

#include <string>
#include <vector>

#include "server/base/setting.h"
#include "server/settings/program.h"

namespace holdline {

// Returns the help: every setting with its default, which is its present value,
// and its range. No line is longer than 80 characters.
std::string Help(const Program& program);

// Returns the program's name and version.
std::string Version(const Program& program);

// Returns the present values in the form of the settings file.
std::string ShowSettings(const std::vector<SettingGroup>& groups);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_HELP_H_
