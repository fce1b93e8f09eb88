#include "server/settings/help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/version.h"
#include "server/settings/settings_file.h"

namespace holdline {
namespace {

constexpr size_t kWidth = 80;

constexpr char kIntroduction[] =
    R"(Every option can be given on the command line (--NAME VALUE or --NAME=VALUE), in
the environment (HOLDLINE_HOLD_MAX=60s for --hold-max 60s), or in a TOML file
(hold-max = "60s"), in this order of precedence. DURATION: 90s, 2m or 1h30m; inf
is unlimited. BYTES: 65536, 64KiB or 2MiB. PERIOD: "15 minutes" or "1 day".

SIGHUP reloads the file, the credentials and the certificates. Options that take
effect without a restart are marked below; the log names those that need one. A
file with an error changes nothing. SIGTERM and SIGINT stop the process.

  --config FILE
      The file to read options from.
  --print-config
      Prints the effective options in the format of that file, and exits.
)";

constexpr char kQuestions[] =
    R"(  --version
      Prints the version and exits.
  --help
      Prints this help and exits.
)";

// Returns `text` as indented lines that are not too long.
std::string Wrap(const std::string& text) {
  constexpr absl::string_view kIndent = "      ";
  std::string lines;
  std::string line(kIndent);
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (line.size() > kIndent.size()) {
      if (line.size() + 1 + word.size() > kWidth) {
        absl::StrAppend(&lines, line, "\n");
        line = std::string(kIndent);
      } else {
        line += ' ';
      }
    }
    absl::StrAppend(&line, word);
  }
  return absl::StrCat(lines, line, "\n");
}

std::string HelpOf(const Setting& setting) {
  std::string text = setting.help;
  const std::string value = setting.get();
  absl::StrAppend(&text, " Default ", value.empty() ? "empty" : value);
  if (!setting.range.empty()) absl::StrAppend(&text, " (", setting.range, ")");
  if (setting.reloadable) absl::StrAppend(&text, "; reloaded on SIGHUP");
  return absl::StrCat("  --", setting.name, " ", setting.placeholder, "\n",
                      Wrap(text + "."));
}

}  // namespace

std::string Help(const Program& program) {
  std::string help = absl::StrCat(program.name, " ", program.purpose,
                                  ".\n\nUsage: ", program.name,
                                  " [OPTION]...\n\n", kIntroduction);
  for (const Switch& one : program.switches) {
    absl::StrAppend(&help, "  --", one.name, "\n", Wrap(one.help));
  }
  help += kQuestions;
  for (const SettingGroup& group : program.groups) {
    absl::StrAppend(&help, "\n", group.heading, ":\n");
    for (const Setting& setting : group.settings) help += HelpOf(setting);
  }
  return help;
}

std::string Version(const Program& program) {
  return absl::StrCat(program.name, " ", kVersion, "\n");
}

std::string ShowSettings(const std::vector<SettingGroup>& groups) {
  std::string lines;
  for (const SettingGroup& group : groups) {
    absl::StrAppend(&lines, lines.empty() ? "" : "\n", "# ", group.heading,
                    "\n");
    for (const Setting& setting : group.settings) {
      const std::string value = setting.get();
      absl::StrAppend(&lines, setting.name, " = ",
                      setting.numeric ? value : QuoteValue(value), "\n");
    }
  }
  return lines;
}

}  // namespace holdline
