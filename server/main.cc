// The server's process: reads the options, serves until a signal, and stops.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/base/bounded_write.h"
#include "server/base/large_blocks.h"
#include "server/log/grpc_log.h"
#include "server/log/log.h"
#include "server/process/core_dumps.h"
#include "server/process/open_files.h"
#include "server/process/open_standard_streams.h"
#include "server/process/stop_signals.h"
#include "server/server.h"
#include "server/settings/command_line.h"

namespace holdline {
namespace {

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;

// How long is waited for a reader of what is printed.
constexpr absl::Duration kReaderPatience = absl::Seconds(1);

int Fail(const absl::Status& status, int exit_code) {
  WriteWithin(
      STDERR_FILENO,
      absl::StrCat("holdline-server: ", std::string(status.message()), "\n"),
      kReaderPatience);
  return exit_code;
}

absl::StatusOr<Options> ReadAgain(const std::vector<std::string>& arguments) {
  absl::StatusOr<Invocation> invocation =
      ReadCommandLine(arguments, std::getenv);
  if (!invocation.ok()) return invocation.status();
  return std::move(invocation->options);
}

int Serve(const std::vector<std::string>& arguments, const Options& options,
          StopSignals* signals) {
  signals->EndWithin(options.drain_timeout + kStopMargin);
  if (!options.credentials.file.empty() || options.tls.enabled()) {
    ForbidCoreDumps();
  }
  AllowAllOpenFiles();
  GiveBackLargeBlocks();
  Log log(options.log);
  const GrpcLog grpc_log(&log);
  if (options.compact) {
    const absl::Status status = CompactStore(options, &log);
    return status.ok() ? EXIT_SUCCESS : Fail(status, kExitFailure);
  }
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(options, &log);
  if (!store.ok()) return Fail(store.status(), kExitFailure);
  const absl::StatusOr<std::unique_ptr<Server>> server =
      Server::Start(options, *std::move(store), &log);
  if (!server.ok()) return Fail(server.status(), kExitFailure);
  WriteWithin(STDOUT_FILENO,
              absl::StrCat("ready ", (*server)->addresses(), "\n"),
              kReaderPatience);
  while (signals->Wait() == StopSignals::Wish::kReload) {
    (*server)->Reload(ReadAgain(arguments));
  }
  (*server)->Stop();
  return EXIT_SUCCESS;
}

int Main(const std::vector<std::string>& arguments) {
  // Debian's Abseil looks for deadlocks at each lock, which costs a seventh of
  // the throughput.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Whoever reads our output may go away.
  signal(SIGPIPE, SIG_IGN);
  StopSignals signals;
  const absl::StatusOr<Invocation> invocation =
      ReadCommandLine(arguments, std::getenv);
  if (!invocation.ok()) return Fail(invocation.status(), kExitUsage);
  if (invocation->answer.has_value()) {
    std::fputs(invocation->answer->c_str(), stdout);
    return EXIT_SUCCESS;
  }
  return Serve(arguments, invocation->options, &signals);
}

}  // namespace
}  // namespace holdline

int main(int argc, char** argv) {
  return holdline::Main({argv + 1, argv + argc});
}
