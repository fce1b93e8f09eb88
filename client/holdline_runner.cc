// holdline-runner: performs ShellCommandActivity tasks.

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/call_error.h"
#include "client/connection_arguments.h"
#include "client/elapsed_time.h"
#include "client/holdline_client.h"
#include "client/runner/performer.h"
#include "client/runner/readiness.h"
#include "client/runner/readiness_probe.h"
#include "client/runner/runner.h"
#include "client/runner/stop.h"
#include "client/time_and_chance.h"
#include "server/base/bounded_write.h"
#include "server/process/core_dumps.h"
#include "server/process/open_standard_streams.h"

namespace holdline::client {
namespace {

// The exit codes, as README.md lists them.
constexpr int kDone = 0;
constexpr int kNotReady = 1;
constexpr int kWrongCommandLine = 2;
constexpr int kRefused = 4;

struct Arguments {
  ConnectionArguments connection;
  RunnerOptions runner;
  PerformerOptions performer;
  double report_interval_seconds = 60;
  double grace_seconds = 10;
  std::string on_terminate = "finish";
};

std::string Hostname() {
  char name[HOST_NAME_MAX + 1] = "localhost";
  gethostname(name, sizeof(name) - 1);
  return name;
}

void DefineOptions(CLI::App& app, Arguments& arguments) {
  arguments.runner.hostname = Hostname();
  arguments.runner.taskrunner_id =
      absl::StrCat(arguments.runner.hostname, "-", getpid());
  arguments.performer.log_directory = "holdline-logs";

  DefineConnection(app, arguments.connection);
  app.add_option("--worker-group", arguments.runner.worker_group,
                 "Whose tasks to take: exact, case-sensitive")
      ->required()
      ->type_name("GROUP");
  app.add_option("--tasks", arguments.runner.slots,
                 "How many tasks to perform at once")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--log-dir", arguments.performer.log_directory,
                 "Where the tasks' output goes, as "
                 "PIPELINE/COMPONENT/INSTANCE/ATTEMPT/stdout and stderr")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--hostname", arguments.runner.hostname,
                 "What to call this host")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--taskrunner-id", arguments.runner.taskrunner_id,
                 "What to call this runner (default: hostname and process id)")
      ->type_name("ID");
  app.add_option("--report-interval", arguments.report_interval_seconds,
                 "The time between two progress reports")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--grace", arguments.grace_seconds,
                 "What a command has between SIGTERM and SIGKILL")
      ->check(CLI::Range(0.0, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--on-terminate", arguments.on_terminate,
                 "On SIGTERM or Ctrl-C: finish what is being performed, or "
                 "end it and release it to other runners")
      ->check(CLI::IsMember({"finish", "release"}))
      ->capture_default_str();
  app.add_option("--no-retry-exit-codes",
                 arguments.performer.no_retry_exit_codes,
                 "After a command with one of these exit codes, its task is "
                 "not tried again, whatever tries it has left")
      ->check(CLI::Range(1, 255))
      ->delimiter(',')
      ->type_name("N,...");
  app.add_flag("--once", arguments.runner.once,
               "Perform one task, whatever becomes of it, and exit");
}

// Leaves out what nobody reads: tasks matter more.
void WriteLog(const std::string& line) {
  const std::string text =
      absl::StrCat(absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ ", absl::Now(),
                                    absl::UTCTimeZone()),
                   line, "\n");
  WriteWithin(STDERR_FILENO, text, absl::ZeroDuration());
}

// Of these, SIGHUP is obeyed only if it was not ignored at the start, as by
// nohup.
sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  struct sigaction hangup;
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
  return signals;
}

// Some supervisors send a signal to the process and to its group: what comes so
// soon after the first is not a second wish.
constexpr absl::Duration kSameSignal = absl::Milliseconds(200);

// Tells the runner to stop, as a signal asks. `first_at` is when the first one
// came; the infinite future at first.
void HeedSignal(bool release, absl::Time& first_at, Stop& stop) {
  const absl::Time now = ElapsedNow();
  if (now - first_at >= kSameSignal) {
    WriteLog("stopping now");
    stop.performing.Cancel();
    stop.waiting.Cancel();
  }
  if (first_at != absl::InfiniteFuture()) return;
  first_at = now;
  WriteLog(release ? "stopping: ends what it performs and hands it back"
                   : "stopping: takes no further task, finishes what it has");
  stop.polling.Cancel();
  if (release) stop.performing.Cancel();
}

// Turns signals into degrees of stopping, until one comes after `done` was
// cancelled.
void HeedSignals(bool release, Stop& stop, const Cancellation& done) {
  const sigset_t signals = StopSignals();
  absl::Time first_at = absl::InfiniteFuture();
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && !done.cancelled()) {
    HeedSignal(release, first_at, stop);
  }
}

// Before any thread exists, so that all of them leave the signals to one.
void PrepareSignals() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGCHLD, SIG_DFL);
  // What cannot be written is an error of the write.
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kDone;
  return absl::IsUnavailable(status) || absl::IsResourceExhausted(status)
             ? kNotReady
             : kRefused;
}

std::string WhyGivenUp(const absl::Status& status) {
  const std::optional<v1::ErrorReason> reason = ReasonOf(status);
  return absl::StrCat(
      "gives up: ", reason.has_value() ? reason->reason() : "",
      reason.has_value() ? ": " : "", status.message(),
      absl::IsUnauthenticated(status)
          ? " (HOLDLINE_ACCESS_KEY and HOLDLINE_SECRET, --access-key-file or "
            "--tls-certificate say who calls)"
          : "");
}

// Performs tasks until it is stopped. Returns the exit code.
int Perform(const Arguments& arguments, Connection connection) {
  Client client(connection.channel, {.access_key = connection.access_key});
  Stop stop;
  const auto probe = [&arguments] {
    return ProbeReadiness(arguments.performer.log_directory,
                          arguments.performer.shell);
  };
  Readiness readiness({.random = RealTimeAndChance().random}, probe, &stop,
                      WriteLog);
  Performer performer(arguments.performer, &client, &stop, &readiness,
                      WriteLog);
  Runner runner(arguments.runner, &client, &performer, &readiness, &stop,
                WriteLog);
  Cancellation done;
  std::thread heeding(
      [&] { HeedSignals(arguments.on_terminate == "release", stop, done); });
  WriteLog(absl::StrCat("takes tasks of ", arguments.runner.worker_group,
                        " from ", arguments.connection.address, " as ",
                        arguments.runner.taskrunner_id));
  const absl::Status status = runner.Run();
  done.Cancel();
  pthread_kill(heeding.native_handle(), SIGTERM);
  heeding.join();
  WriteLog(status.ok() ? "stopped" : WhyGivenUp(status));
  return ExitCodeOf(status);
}

int Main(int argc, char** argv) {
  CLI::App app(
      "Takes tasks of one worker group from a Holdline server and runs their "
      "shell commands.");
  app.footer(
      "The first SIGTERM, SIGHUP or Ctrl-C stops as --on-terminate says, the "
      "second at "
      "once. Either way no task is left behind.\n"
      "A task that it cannot perform as it is, such as one that is no "
      "ShellCommandActivity with a `command`, fails with a message that says "
      "so, and is not tried again. While this machine cannot perform any, "
      "because a disk is full, say, tasks are handed back and none is taken.\n"
      "Exit codes: 0 stopped, 1 cannot perform tasks here, 2 wrong command "
      "line, 4 refused by the server.");
  Arguments arguments;
  DefineOptions(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongCommandLine;
  }
  PrepareSignals();
  arguments.performer.report_interval =
      absl::Seconds(arguments.report_interval_seconds);
  arguments.performer.grace = absl::Seconds(arguments.grace_seconds);

  absl::StatusOr<Connection> connection = Open(arguments.connection);
  if (!connection.ok()) {
    WriteLog(std::string(connection.status().message()));
    return kWrongCommandLine;
  }
  // Whoever runs commands as this user could read the secret in its memory.
  const bool has_secret = !connection->access_key.empty() ||
                          !arguments.connection.tls_private_key.empty();
  if (has_secret) ForbidCoreDumps();
  const absl::Status ready = ProbeReadiness(arguments.performer.log_directory,
                                            arguments.performer.shell);
  if (!ready.ok()) {
    WriteLog(absl::StrCat("cannot perform tasks: ", ready.message()));
    return kNotReady;
  }
  return Perform(arguments, *std::move(connection));
}

}  // namespace
}  // namespace holdline::client

int main(int argc, char** argv) { return holdline::client::Main(argc, argv); }
