// A command that runs as a child of this process.

#ifndef HOLDLINE_CLIENT_RUNNER_COMMAND_PROCESS_H_
#define HOLDLINE_CLIENT_RUNNER_COMMAND_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cancellation.h"

namespace holdline::client {

struct Command {
  // The program's path and its arguments. At least the path.
  std::vector<std::string> arguments;

  // Environment variables, `NAME=value`, beyond and instead of those that
  // CommandEnvironment (command_environment.h) passes on.
  std::vector<std::string> variables = {};

  // The files to which the output is appended; they and their directories are
  // made if needed. They may be one and the same.
  std::string stdout_path;
  std::string stderr_path;
};

// How a command ended: with an exit code, or by a signal.
struct CommandExit {
  int code = 0;

  // 0 if it ended by itself.
  int signal = 0;
};

// A command in its own session and process group, with an empty standard input
// and no descriptors of this process but its three. When the command has ended,
// the rest of its group is killed, so that a later attempt does not meet it; a
// child that is to stay must start its own session.
//
// Not thread-safe. Several may run at once.
class CommandProcess {
 public:
  // What fails is named, and why. But for INTERNAL, nothing was started.
  //  - INVALID_ARGUMENT: the arguments are longer than the system allows.
  //  - FAILED_PRECONDITION: an output file cannot be opened or made. A pipe
  //  that
  //    nobody reads cannot be.
  //  - UNAVAILABLE: this process has no memory, process or descriptor left, or
  //    the program cannot be executed.
  //  - INTERNAL: the command was started, cannot be watched, and was killed.
  static absl::StatusOr<std::unique_ptr<CommandProcess>> Start(
      const Command& command);

  // Kills the group if the command is still running.
  ~CommandProcess();

  CommandProcess(const CommandProcess&) = delete;
  CommandProcess& operator=(const CommandProcess&) = delete;

  // Waits until the command has ended, `deadline` of ElapsedNow has come or
  // `wake` is cancelled. Returns how the command ended, if it has.
  std::optional<CommandExit> WaitUntil(absl::Time deadline,
                                       const Cancellation& wake);

  // Ends the command and its group: SIGTERM, and to those that are left after
  // `grace`, or as soon as `hurry` is cancelled, SIGKILL.
  CommandExit End(absl::Duration grace, const Cancellation& hurry);

 private:
  CommandProcess(pid_t pid, int descriptor, int wake)
      : pid_(pid), descriptor_(descriptor), wake_(wake) {}

  // Whether the command has ended, whose remains are not yet collected.
  bool WaitForEnd(absl::Time deadline, const Cancellation& wake) const;

  // REQUIRES: the command has ended or is about to.
  void Collect();

  void SignalGroup(int signal) const;

  const pid_t pid_;

  // Readable as soon as the command has ended.
  const int descriptor_;

  // An event descriptor, with which a cancellation ends a wait.
  const int wake_;

  // Set once the remains are collected.
  std::optional<CommandExit> exit_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_COMMAND_PROCESS_H_
