#include "client/runner/command_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/elapsed_time.h"
#include "client/runner/command_environment.h"

namespace holdline::client {
namespace {

// How often a deadline is looked at: the machine may have been suspended.
constexpr absl::Duration kLookInterval = absl::Seconds(1);

// How often a group that was asked to end is looked at, once the command
// itself has ended.
constexpr absl::Duration kGroupInterval = absl::Milliseconds(20);

// Whether what failed would have failed for any file and any program.
bool IsShortage(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE ||
         error == ENFILE;
}

absl::Status CannotWrite(const std::string& path, int error) {
  const std::string message =
      absl::StrCat("Cannot write to ", path, ": ", strerror(error), ".");
  return IsShortage(error) ? absl::UnavailableError(message)
                           : absl::FailedPreconditionError(message);
}

// Does not wait for somebody who reads, if it is a pipe.
absl::StatusOr<int> OpenForAppending(const std::string& path) {
  const std::filesystem::path directory =
      std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error) return CannotWrite(path, error.value());
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK,
           0640);
  if (descriptor < 0) return CannotWrite(path, errno);
  fcntl(descriptor, F_SETFL, O_WRONLY | O_APPEND);
  return descriptor;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// posix_spawn and not fork: between fork and exec a child of a process with
// threads may do next to nothing. Returns an errno, or 0.
int Spawn(const Command& command, int stdout_descriptor, int stderr_descriptor,
          pid_t* pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY,
                                   0);
  posix_spawn_file_actions_adddup2(&files, stdout_descriptor, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, stderr_descriptor, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID |
                                            POSIX_SPAWN_SETSIGDEF |
                                            POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = CommandEnvironment(command.variables);
  const int error =
      posix_spawn(pid, arguments[0].c_str(), &files, &attributes,
                  Pointers(arguments).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

absl::Status CannotStart(const Command& command, int error) {
  const std::string message = absl::StrCat(
      "Cannot start ", command.arguments[0], ": ", strerror(error), ".");
  return error == E2BIG ? absl::InvalidArgumentError(message)
                        : absl::UnavailableError(message);
}

}  // namespace

absl::StatusOr<std::unique_ptr<CommandProcess>> CommandProcess::Start(
    const Command& command) {
  const absl::StatusOr<int> stdout_descriptor =
      OpenForAppending(command.stdout_path);
  if (!stdout_descriptor.ok()) return stdout_descriptor.status();
  absl::Cleanup close_stdout = [&] { close(*stdout_descriptor); };
  const absl::StatusOr<int> stderr_descriptor =
      OpenForAppending(command.stderr_path);
  if (!stderr_descriptor.ok()) return stderr_descriptor.status();
  absl::Cleanup close_stderr = [&] { close(*stderr_descriptor); };

  // Made before the command, since nothing can be undone afterwards.
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) return CannotStart(command, errno);

  pid_t pid = 0;
  const int error =
      Spawn(command, *stdout_descriptor, *stderr_descriptor, &pid);
  if (error != 0) {
    close(wake);
    return CannotStart(command, error);
  }
  // The command has its own now. Closed here, they leave room for what watches
  // it: there is no way back once it has begun.
  std::move(close_stdout).Invoke();
  std::move(close_stderr).Invoke();
  // Debian 12's <sys/pidfd.h> declares pidfd_open without C linkage.
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) {
    const int reason = errno;
    close(wake);
    kill(-pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return absl::InternalError(absl::StrCat(
        "Cannot watch ", command.arguments[0], ": ", strerror(reason), "."));
  }
  return std::unique_ptr<CommandProcess>(
      new CommandProcess(pid, descriptor, wake));
}

CommandProcess::~CommandProcess() {
  if (!exit_.has_value()) {
    SignalGroup(SIGKILL);
    Collect();
  }
  close(descriptor_);
  close(wake_);
}

void CommandProcess::SignalGroup(int signal) const { kill(-pid_, signal); }

bool CommandProcess::WaitForEnd(absl::Time deadline,
                                const Cancellation& wake) const {
  uint64_t earlier = 0;
  [[maybe_unused]] ssize_t done = read(wake_, &earlier, sizeof(earlier));
  const Cancellation::Listener waking(&wake, [this] {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
  });
  while (true) {
    pollfd waiting[2] = {{.fd = descriptor_, .events = POLLIN, .revents = 0},
                         {.fd = wake_, .events = POLLIN, .revents = 0}};
    const absl::Duration left =
        std::max(deadline - ElapsedNow(), absl::ZeroDuration());
    const timespec timeout = absl::ToTimespec(std::min(left, kLookInterval));
    ppoll(waiting, 2, &timeout, nullptr);
    if (waiting[0].revents != 0) return true;
    if (wake.cancelled() || ElapsedNow() >= deadline) return false;
  }
}

void CommandProcess::Collect() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_ = WIFSIGNALED(status) ? CommandExit{.signal = WTERMSIG(status)}
                              : CommandExit{.code = WEXITSTATUS(status)};
}

std::optional<CommandExit> CommandProcess::WaitUntil(absl::Time deadline,
                                                     const Cancellation& wake) {
  if (!exit_.has_value() && WaitForEnd(deadline, wake)) {
    // Before its remains are collected, nobody else can be given its number.
    SignalGroup(SIGKILL);
    Collect();
  }
  return exit_;
}

CommandExit CommandProcess::End(absl::Duration grace,
                                const Cancellation& hurry) {
  if (exit_.has_value()) return *exit_;
  const absl::Time deadline = ElapsedNow() + grace;
  SignalGroup(SIGTERM);
  SignalGroup(SIGCONT);
  if (WaitForEnd(deadline, hurry)) {
    // As long as the group has a member, nobody else can be given its number.
    Collect();
    while (kill(-pid_, 0) == 0 && ElapsedNow() < deadline &&
           !hurry.WaitFor(kGroupInterval)) {
    }
  }
  SignalGroup(SIGKILL);
  if (!exit_.has_value()) Collect();
  return *exit_;
}

}  // namespace holdline::client
