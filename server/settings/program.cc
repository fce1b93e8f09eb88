#include "server/settings/program.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/settings/help.h"
#include "server/settings/settings_file.h"

namespace holdline {
namespace {

using SettingsByName = std::map<std::string, Setting>;

// The command line, taken apart.
struct Flags {
  bool help = false;
  bool version = false;
  bool print_config = false;
  std::optional<std::string> config;

  // The settings that were named, with their values.
  std::vector<std::pair<std::string, std::string>> settings;
};

absl::Status At(absl::string_view place, const absl::Status& status) {
  return status.ok()
             ? status
             : absl::Status(status.code(),
                            absl::StrCat(place, ": ", status.message()));
}

SettingsByName ByName(const std::vector<SettingGroup>& groups) {
  SettingsByName settings;
  for (const SettingGroup& group : groups) {
    for (const Setting& setting : group.settings) {
      settings.emplace(setting.name, setting);
    }
  }
  return settings;
}

std::string VariableOf(const std::string& name) {
  return absl::StrCat("HOLDLINE_", absl::AsciiStrToUpper(absl::StrReplaceAll(
                                       name, {{"-", "_"}})));
}

absl::Status Unknown(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("there is no option ", what, "; see --help"));
}

// CLI11 takes its arguments last first, and takes `--name=` for a name whose
// value comes next.
std::vector<std::string> ForParser(const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed;
  for (const std::string& argument : arguments) {
    const bool empty =
        absl::StartsWith(argument, "--") && absl::EndsWith(argument, "=");
    reversed.push_back(empty ? argument.substr(0, argument.size() - 1)
                             : argument);
    if (empty) reversed.emplace_back();
  }
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

absl::StatusOr<Flags> ReadFlags(const std::vector<std::string>& arguments,
                                const std::vector<Switch>& switches,
                                const SettingsByName& settings) {
  Flags flags;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  app.add_flag("-h,--help", flags.help);
  app.add_flag("--version", flags.version);
  app.add_flag("--print-config", flags.print_config);
  for (const Switch& one : switches) {
    app.add_flag(absl::StrCat("--", one.name), *one.value);
  }
  std::string config;
  const CLI::Option* const has_config = app.add_option("--config", config);
  std::map<std::string, std::string> values;
  std::vector<std::pair<std::string, const CLI::Option*>> options;
  for (const auto& [name, setting] : settings) {
    options.emplace_back(
        name,
        app.add_option(absl::StrCat("--", name), values[name])->take_last());
  }
  try {
    app.parse(ForParser(arguments));
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(error.what());
  }
  if (app.remaining_size() > 0) return Unknown(app.remaining().front());
  if (has_config->count() > 0) flags.config = config;
  for (const auto& [name, option] : options) {
    if (option->count() > 0) flags.settings.emplace_back(name, values[name]);
  }
  return flags;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || !text) {
    return absl::InvalidArgumentError(absl::StrCat(
        "cannot read the file \"", path, "\" that --config names"));
  }
  return text.str();
}

absl::Status ApplyFile(const std::string& path,
                       const SettingsByName& settings) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  const absl::StatusOr<std::vector<FileLine>> lines = ParseSettingsFile(*text);
  if (!lines.ok()) return At(path, lines.status());
  for (const FileLine& line : *lines) {
    const std::string place = absl::StrCat(path, ": line ", line.number);
    const auto setting = settings.find(line.name);
    if (setting == settings.end()) return At(place, Unknown(line.name));
    const absl::Status status = setting->second.set(line.value);
    if (!status.ok()) return At(absl::StrCat(place, ": ", line.name), status);
  }
  return absl::OkStatus();
}

absl::Status ApplyEnvironment(const Environment& environment,
                              const SettingsByName& settings) {
  for (const auto& [name, setting] : settings) {
    const std::string variable = VariableOf(name);
    const char* value = environment(variable.c_str());
    if (value == nullptr) continue;
    const absl::Status status = setting.set(value);
    if (!status.ok()) return At(variable, status);
  }
  return absl::OkStatus();
}

absl::Status ApplyFlags(const Flags& flags, const SettingsByName& settings) {
  for (const auto& [name, value] : flags.settings) {
    const absl::Status status = settings.at(name).set(value);
    if (!status.ok()) return At(absl::StrCat("--", name), status);
  }
  return absl::OkStatus();
}

// Each layer goes over the one before.
absl::Status ApplyLayers(const Flags& flags, const Environment& environment,
                         const SettingsByName& settings) {
  std::optional<std::string> config = flags.config;
  if (!config.has_value()) {
    const char* variable = environment("HOLDLINE_CONFIG");
    if (variable != nullptr) config = variable;
  }
  absl::Status status;
  if (config.has_value()) status = ApplyFile(*config, settings);
  if (status.ok()) status = ApplyEnvironment(environment, settings);
  if (status.ok()) status = ApplyFlags(flags, settings);
  return status;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> ReadSettings(
    const Program& program, const std::vector<std::string>& arguments,
    const Environment& environment) {
  const SettingsByName settings = ByName(program.groups);
  const absl::StatusOr<Flags> flags =
      ReadFlags(arguments, program.switches, settings);
  if (!flags.ok()) return flags.status();
  if (flags->help) return Help(program);
  if (flags->version) return Version(program);
  absl::Status status = ApplyLayers(*flags, environment, settings);
  if (status.ok()) status = program.check();
  if (!status.ok()) return status;
  if (flags->print_config) return ShowSettings(program.groups);
  return std::nullopt;
}

}  // namespace holdline
