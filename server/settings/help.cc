#include "server/settings/help.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/version.h"
#include "server/settings/settings_file.h"

namespace holdline {
namespace {

constexpr size_t kWidth = 80;

constexpr char kIntroduction[] =
    R"(holdline-server is a task broker for gRPC and AWS Data Pipeline clients.

Usage: holdline-server [OPTION]...

Every option can be given on the command line (--NAME VALUE or --NAME=VALUE), in
the environment (HOLDLINE_HOLD_MAX=60s for --hold-max 60s), or in a TOML file
(hold-max = "60s"), in this order of precedence. DURATION: 90s, 2m or 1h30m; inf
is unlimited. BYTES: 65536, 64KiB or 2MiB. PERIOD: "15 minutes" or "1 day".

SIGHUP reloads the file, the credentials and the certificates. Options that take
effect without a restart are marked below; the log names those that need one. A
file with an error changes nothing. SIGTERM and SIGINT stop the server.

  --config FILE
      The file to read options from.
  --print-config
      Prints the effective options in the format of that file, and exits.
  --accept-loss
      Starts although the store has lost data: the database or its write-ahead
      log is missing, or the log is damaged. Without it the server refuses to
      start and reports what is lost. What is left of the log is kept beside the
      database as holdline.db-wal.lost. Command line only, for one start.
  --compact
      Rewrites the database in --data-dir without its free pages, reports
      progress, and exits. No server may be running on it. Needs as much free
      disk space as the data takes. Databases of this version return free pages
      by themselves, so only older ones need it.
  --version
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

std::string Help(const std::vector<SettingGroup>& groups) {
  std::string help = kIntroduction;
  for (const SettingGroup& group : groups) {
    absl::StrAppend(&help, "\n", group.heading, ":\n");
    for (const Setting& setting : group.settings) help += HelpOf(setting);
  }
  return help;
}

std::string Version() {
  return absl::StrCat("holdline-server ", kVersion, "\n");
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
