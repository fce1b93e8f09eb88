#include "server/settings/command_line.h"

#include <utility>

namespace holdline {

absl::StatusOr<Invocation> ReadCommandLine(
    const std::vector<std::string>& arguments, const Environment& environment) {
  Invocation invocation;
  Options* const options = &invocation.options;
  const Program server = {
      .name = "holdline-server",
      .purpose = "holds the line until there is a task for a runner",
      .switches =
          {{"accept-loss",
            "Starts although the store has lost a part of what it held: its "
            "database or its log is missing, or the log is damaged. Without it "
            "such a start ends with what is lost. What is left of the log is "
            "kept beside the database as holdline.db-wal.lost. For one start, "
            "not for a configuration.",
            &options->accept_loss},
           {"compact",
            "Rewrites the database of --data-dir without what was freed in it, "
            "says how it gets on, and exits; no server may be running on it. "
            "Needs as much room again as is in use. A database that was begun "
            "by this version or compacted once gives back room by itself, "
            "little by little, after a burst.",
            &options->compact}},
      .groups = SettingsOf(options),
      .check = [options] { return CheckOptions(*options); }};
  auto answer = ReadSettings(server, arguments, environment);
  if (!answer.ok()) return answer.status();
  invocation.answer = *std::move(answer);
  return invocation;
}

}  // namespace holdline
