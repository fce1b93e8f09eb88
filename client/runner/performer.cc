#include "client/runner/performer.h"

#include <string.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/backoff.h"
#include "client/elapsed_time.h"
#include "client/runner/attempt_directory.h"
#include "client/runner/command_process.h"
#include "client/runner/hand_back.h"
#include "client/runner/output_tail.h"
#include "client/runner/readiness_probe.h"
#include "client/runner/shell_command.h"
#include "client/services.h"
#include "client/time_and_chance.h"

namespace holdline::client {
namespace {

// Why an attempt failed, in the terms of SetTaskStatus.
struct Failure {
  std::string error_id;
  std::string message;
  bool do_not_retry = false;
};

// What the task itself says stays as it is, however often it is tried.
Failure FailureOf(const absl::Status& status) {
  const std::string message(status.message());
  switch (status.code()) {
    case absl::StatusCode::kUnimplemented:
      return {"UnsupportedTask", message, /*do_not_retry=*/true};
    case absl::StatusCode::kInvalidArgument:
      return {"InvalidTask", message, /*do_not_retry=*/true};
    default:
      return {"CannotStart", message};
  }
}

// Whether a status that was refused so will never be taken.
bool IsFinal(const absl::Status& refusal) {
  switch (refusal.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kUnimplemented:
      return true;
    default:
      return false;
  }
}

int64_t FileSize(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<int64_t>(size);
}

// A command under way and where its errors go.
struct Running {
  std::unique_ptr<CommandProcess> process = nullptr;
  std::string stderr_path;

  // Where this attempt's output begins in the file.
  int64_t stderr_start = 0;
};

// One task in a performer's hands.
class Performance {
 public:
  Performance(const PerformerOptions& options, Client* client, Stop* stop,
              Readiness* readiness, const Log& log, const v1::TaskObject& task)
      : options_(options),
        client_(client),
        stop_(stop),
        readiness_(readiness),
        log_(log),
        task_(task),
        progress_timeout_(
            ReportProgressTimeout(task).value_or(options.progress_timeout)) {}

  PerformResult Run() {
    const std::optional<PerformResult> refused = Acknowledge();
    if (refused.has_value()) return *refused;
    absl::StatusOr<Running> running = Start();
    if (!running.ok()) return NotBegun(running.status());
    return Attend(*running);
  }

 private:
  enum class Lease { kHeld, kEnded, kUnknown };

  absl::Time LeaseEnd() const { return reported_at_ + progress_timeout_; }

  void Say(const std::string& what) const {
    log_(absl::StrCat(task_.attempt_id(), ": ", what));
  }

  Lease Report(const CallOptions& call) {
    v1::ReportTaskProgressInput input;
    input.set_task_id(task_.task_id());
    const absl::Time sent_at = ElapsedNow();
    const auto output =
        client_->Call(&DataPipeline::ReportTaskProgress, input, call);
    if (output.ok()) {
      reported_at_ = sent_at;
      return output->canceled() ? Lease::kEnded : Lease::kHeld;
    }
    if (absl::IsNotFound(output.status())) return Lease::kEnded;
    if (!absl::IsCancelled(output.status())) {
      Say(absl::StrCat("progress report failed: ", output.status().message()));
    }
    return Lease::kUnknown;
  }

  // Tells the server that the task has arrived. A result if it ends here.
  std::optional<PerformResult> Acknowledge() {
    const Lease lease = Report({.cancellation = &stop_->performing,
                                .retry_for = options_.acknowledge_timeout});
    if (lease == Lease::kHeld) return std::nullopt;
    if (lease == Lease::kEnded) return Canceled();
    if (stop_->performing.cancelled()) return HandBack();
    Say("not started: the task could not be acknowledged");
    return PerformResult::kLost;
  }

  absl::StatusOr<Running> Start() const {
    const absl::StatusOr<ShellCommand> shell = ReadShellCommand(task_);
    if (!shell.ok()) return shell.status();
    const std::string directory =
        AttemptDirectory(options_.log_directory, task_);
    const absl::StatusOr<std::string> stdout_path =
        OutputPath(directory, "stdout", shell->stdout_path, "stdout");
    if (!stdout_path.ok()) return stdout_path.status();
    const absl::StatusOr<std::string> stderr_path =
        OutputPath(directory, "stderr", shell->stderr_path, "stderr");
    if (!stderr_path.ok()) return stderr_path.status();

    const absl::Status room = ProbeDirectory(directory);
    if (!room.ok()) return room;

    // The task id stays out of the environment: who knows it can end the task.
    Command command = {
        .arguments = {options_.shell, "-c", shell->command, "sh"},
        .variables = {absl::StrCat("HOLDLINE_ATTEMPT_ID=", task_.attempt_id()),
                      absl::StrCat("HOLDLINE_PIPELINE_ID=",
                                   task_.pipeline_id())},
        .stdout_path = *stdout_path,
        .stderr_path = *stderr_path};
    command.arguments.insert(command.arguments.end(), shell->arguments.begin(),
                             shell->arguments.end());
    Running running = {.stderr_path = *stderr_path,
                       .stderr_start = FileSize(*stderr_path)};
    auto process = CommandProcess::Start(command);
    if (!process.ok()) return process.status();
    running.process = *std::move(process);
    readiness_->Confirm();
    Say(absl::StrCat("started, output in ", *stdout_path));
    return running;
  }

  // What would befall any command here is this machine's fault, for which the
  // task does not pay with a try.
  PerformResult NotBegun(const absl::Status& why) const {
    const bool any_command =
        absl::IsUnavailable(why) ||
        (absl::IsFailedPrecondition(why) && !readiness_->Probe().ok());
    if (!any_command) return Fail(FailureOf(why));
    Say(absl::StrCat("cannot be started on this host: ", why.message()));
    // First, so that this runner does not poll it back.
    readiness_->Lose();
    HandBack();
    return PerformResult::kNotReady;
  }

  // Reports until the command has ended or must be ended.
  PerformResult Attend(Running& running) {
    const absl::Duration interval =
        std::min(options_.report_interval, progress_timeout_ / 3);
    Backoff backoff({}, RealTimeAndChance().random);
    absl::Time next_report = ElapsedNow() + interval;
    while (true) {
      const std::optional<CommandExit> exit = running.process->WaitUntil(
          std::min(next_report, LeaseEnd()), stop_->performing);
      if (exit.has_value()) return Settle(*exit, running);
      if (stop_->performing.cancelled()) {
        End(running);
        return HandBack();
      }
      switch (Report({.cancellation = &stop_->performing,
                      .retry_for = absl::ZeroDuration()})) {
        case Lease::kHeld:
          backoff.Reset();
          next_report = ElapsedNow() + interval;
          break;
        case Lease::kEnded:
          End(running);
          return Canceled();
        case Lease::kUnknown:
          if (ElapsedNow() >= LeaseEnd()) {
            End(running);
            Say("ended: no progress report arrived in time, so the lease has "
                "expired");
            return PerformResult::kLost;
          }
          next_report = ElapsedNow() + backoff.Next();
          break;
      }
    }
  }

  void End(Running& running) const {
    running.process->End(options_.grace, stop_->waiting);
  }

  PerformResult Settle(const CommandExit& exit, const Running& running) const {
    if (exit.signal == 0 && exit.code == 0) {
      v1::SetTaskStatusInput input;
      input.set_task_status(v1::SetTaskStatusInput::FINISHED);
      return SetStatus(std::move(input), PerformResult::kFinished);
    }
    const std::string cause =
        exit.signal != 0 ? absl::StrCat("killed by signal ", exit.signal, " (",
                                        strsignal(exit.signal), ")")
                         : absl::StrCat("exit code ", exit.code);
    const std::string tail = OutputTail(
        running.stderr_path, running.stderr_start, options_.error_tail_bytes);
    return Fail(
        {.error_id = exit.signal != 0 ? "Signal" : "ExitCode",
         .message = tail.empty() ? cause : absl::StrCat(cause, "\n", tail),
         .do_not_retry =
             exit.signal == 0 &&
             absl::c_linear_search(options_.no_retry_exit_codes, exit.code)});
  }

  PerformResult Fail(const Failure& failure) const {
    v1::SetTaskStatusInput input;
    input.set_task_status(v1::SetTaskStatusInput::FAILED);
    input.set_error_id(failure.error_id);
    input.set_error_message(failure.message);
    if (failure.do_not_retry) input.set_do_not_retry(true);
    Say(absl::StrCat("failed: ",
                     failure.message.substr(0, failure.message.find('\n'))));
    return SetStatus(std::move(input), PerformResult::kFailed);
  }

  // What a command has come to is worth more than the time of a slot: it is
  // told again until the server has taken it, or says that it takes it no more.
  // That the lease must have ended by now is no reason to stop: a server that
  // was down gives time to those who come back.
  PerformResult SetStatus(v1::SetTaskStatusInput input,
                          PerformResult result) const {
    input.set_task_id(task_.task_id());
    Backoff backoff({}, RealTimeAndChance().random);
    absl::Status last;
    while (true) {
      // Once more even when nothing is waited for any more.
      const bool last_time = stop_->waiting.cancelled();
      const auto output =
          last_time
              ? client_->Call(&DataPipeline::SetTaskStatus, input, LastCall())
              : client_->Call(&DataPipeline::SetTaskStatus, input,
                              {.cancellation = &stop_->waiting});
      if (output.ok()) return Told(*output, result);
      const absl::Status& status = output.status();
      if (absl::IsNotFound(status)) return Canceled();
      const bool over = last_time || IsFinal(status);
      if (over || status.code() != last.code()) {
        Say(absl::StrCat(over ? "its status could not be reported: "
                              : "its status is not reported yet: ",
                         status.message()));
      }
      if (over) return PerformResult::kLost;
      last = status;
      client_->Pause(backoff.Next(), &stop_->waiting);
    }
  }

  PerformResult Told(const v1::SetTaskStatusOutput& output,
                     PerformResult result) const {
    if (output.canceled()) {
      Say("cancelled before it ended, so its result does not count");
      return PerformResult::kCanceled;
    }
    if (result == PerformResult::kFinished) Say("finished");
    return result;
  }

  PerformResult Canceled() const {
    Say("ended: it was cancelled or given to another runner");
    return PerformResult::kCanceled;
  }

  PerformResult HandBack() const {
    const absl::Status status = client::HandBack(task_, *stop_, client_);
    if (!status.ok()) {
      Say(absl::StrCat("could not be released: ", status.message()));
      return PerformResult::kLost;
    }
    Say("released");
    return PerformResult::kReleased;
  }

  const PerformerOptions& options_;
  Client* const client_;
  Stop* const stop_;
  Readiness* const readiness_;
  const Log& log_;
  const v1::TaskObject& task_;
  const absl::Duration progress_timeout_;

  // When the last report that arrived was sent. The hand-out counts as one.
  absl::Time reported_at_ = ElapsedNow();
};

}  // namespace

Performer::Performer(PerformerOptions options, Client* client, Stop* stop,
                     Readiness* readiness, Log log)
    : options_(std::move(options)),
      client_(client),
      stop_(stop),
      readiness_(readiness),
      log_(std::move(log)) {}

PerformResult Performer::Perform(const v1::TaskObject& task) {
  return Performance(options_, client_, stop_, readiness_, log_, task).Run();
}

}  // namespace holdline::client
