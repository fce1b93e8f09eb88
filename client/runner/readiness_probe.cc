#include "client/runner/readiness_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "absl/algorithm/container.h"
#include "absl/cleanup/cleanup.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cancellation.h"
#include "client/elapsed_time.h"
#include "client/runner/command_process.h"

namespace holdline::client {
namespace {

// A disk with less has no room for what a command says.
constexpr size_t kProbeBytes = 65536;

// How long a shell may take to do nothing on a busy machine.
constexpr absl::Duration kShellTime = absl::Minutes(1);

// What a directory's own state does not explain.
bool IsMachineWide(int error) {
  static constexpr int kErrors[] = {ENOSPC, EDQUOT, EIO,    EROFS,
                                    ENOMEM, EMFILE, ENFILE, EAGAIN};
  return absl::c_linear_search(kErrors, error);
}

absl::Status Cannot(absl::string_view what, absl::string_view path, int error) {
  const std::string message =
      absl::StrCat("Cannot ", what, " ", path, ": ", strerror(error), ".");
  return IsMachineWide(error) ? absl::UnavailableError(message)
                              : absl::FailedPreconditionError(message);
}

absl::Status CannotRun(absl::string_view shell, absl::string_view why) {
  return absl::UnavailableError(
      absl::StrCat("Cannot run ", shell, ": ", why, "."));
}

bool WriteAll(int descriptor, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

absl::Status ProbeWorkingDirectory() {
  std::error_code error;
  [[maybe_unused]] const auto path = std::filesystem::current_path(error);
  if (error) return Cannot("use", "the working directory", error.value());
  return absl::OkStatus();
}

absl::Status ProbeShell(const std::string& shell) {
  const auto process = CommandProcess::Start({.arguments = {shell, "-c", ":"},
                                              .stdout_path = "/dev/null",
                                              .stderr_path = "/dev/null"});
  if (!process.ok()) return process.status();
  const Cancellation never;
  const std::optional<CommandExit> exit =
      (*process)->WaitUntil(ElapsedNow() + kShellTime, never);
  if (!exit.has_value()) return CannotRun(shell, "it does not end");
  if (exit->signal != 0 || exit->code != 0) {
    return CannotRun(shell, absl::StrCat("it ended with exit code ", exit->code,
                                         " and signal ", exit->signal));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ProbeDirectory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return Cannot("make the directory", directory, error.value());
  std::string path = absl::StrCat(directory, "/.probe-XXXXXX");
  const int descriptor = mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return Cannot("write in", directory, errno);
  const absl::Cleanup remove = [&] {
    close(descriptor);
    unlink(path.c_str());
  };
  if (!WriteAll(descriptor, std::string(kProbeBytes, '\0'))) {
    return Cannot("write in", directory, errno);
  }
  return absl::OkStatus();
}

absl::Status ProbeReadiness(const std::string& log_directory,
                            const std::string& shell) {
  absl::Status status = ProbeWorkingDirectory();
  if (status.ok()) status = ProbeDirectory(log_directory);
  if (status.ok()) status = ProbeShell(shell);
  return status;
}

}  // namespace holdline::client
