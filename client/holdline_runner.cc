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
                 "The worker group to poll; case-sensitive")
      ->required()
      ->type_name("GROUP");
  app.add_option("--tasks", arguments.runner.slots,
                 "The number of tasks performed concurrently")
      ->check(CLI::Range(1, 1000))
      ->type_name("N")
      ->capture_default_str();
  app.add_option("--log-dir", arguments.performer.log_directory,
                 "The directory for task output, in "
                 "PIPELINE/COMPONENT/INSTANCE/ATTEMPT/stdout and stderr")
      ->type_name("DIR")
      ->capture_default_str();
  app.add_option("--hostname", arguments.runner.hostname,
                 "The hostname to report")
      ->type_name("NAME")
      ->capture_default_str();
  app.add_option("--taskrunner-id", arguments.runner.taskrunner_id,
                 "The runner id to report (default: hostname and process id)")
      ->type_name("ID");
  app.add_option("--report-interval", arguments.report_interval_seconds,
                 "The time between two progress reports")
      ->check(CLI::Range(0.01, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--grace", arguments.grace_seconds,
                 "The time that a command has between SIGTERM and SIGKILL")
      ->check(CLI::Range(0.0, 86400.0))
      ->type_name("SECONDS")
      ->capture_default_str();
  app.add_option("--on-terminate", arguments.on_terminate,
                 "On SIGTERM or Ctrl-C: finish current tasks, or end them and "
                 "release them to other runners")
      ->check(CLI::IsMember({"finish", "release"}))
      ->capture_default_str();
  app.add_option("--no-retry-exit-codes",
                 arguments.performer.no_retry_exit_codes,
                 "Exit codes after which a task is not retried, even if it has "
                 "attempts left")
      ->check(CLI::Range(1, 255))
      ->delimiter(',')
      ->type_name("N,...");
  app.add_flag("--once", arguments.runner.once,
               "Perform one task, whether or not it succeeds, and exit");
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
  WriteLog(release ? "stopping: ends its tasks and releases them"
                   : "stopping: takes no further tasks, finishes current ones");
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
          ? " (authenticate with HOLDLINE_ACCESS_KEY and HOLDLINE_SECRET, "
            "--access-key-file or --tls-certificate)"
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
      "Polls a Holdline server for tasks of one worker group and runs their "
      "shell commands.");
  app.footer(
      "The first SIGTERM, SIGHUP or Ctrl-C stops as set by --on-terminate, a "
      "second one at once. Either way no task is lost.\n"
      "A task that the runner does not support, such as one that is not a "
      "ShellCommandActivity with a `command`, fails and is not retried. While "
      "this host cannot run any command, for example because a disk is full, "
      "tasks are released and none is taken.\n"
      "Exit codes: 0 stopped, 1 this host cannot run commands, 2 wrong command "
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
