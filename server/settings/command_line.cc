#include "server/settings/command_line.h"

#include <utility>

namespace holdline {

absl::StatusOr<Invocation> ReadCommandLine(
    const std::vector<std::string>& arguments, const Environment& environment) {
  Invocation invocation;
  Options* const options = &invocation.options;
  const Program server = {
      .name = "holdline-server",
      .purpose = "is a task broker for gRPC and AWS Data Pipeline clients",
      .switches =
          {{"accept-loss",
            "Starts although the store has lost data: the database or its "
            "write-ahead log is missing, or the log is damaged. Without it the "
            "server refuses to start and reports what is lost. What is left of "
            "the log is kept beside the database as holdline.db-wal.lost. "
            "Command line only, for one start.",
            &options->accept_loss},
           {"compact",
            "Rewrites the database in --data-dir without its free pages, "
            "reports progress, and exits. No server may be running on it. "
            "Needs as much free disk space as the data takes. Databases of "
            "this version return free pages by themselves, so only older ones "
            "need it.",
            &options->compact}},
      .groups = SettingsOf(options),
      .check = [options] { return CheckOptions(*options); }};
  auto answer = ReadSettings(server, arguments, environment);
  if (!answer.ok()) return answer.status();
  invocation.answer = *std::move(answer);
  return invocation;
}

}  // namespace holdline
