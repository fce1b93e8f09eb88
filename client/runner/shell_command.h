// The shell command of a ShellCommandActivity task.

#ifndef HOLDLINE_CLIENT_RUNNER_SHELL_COMMAND_H_
#define HOLDLINE_CLIENT_RUNNER_SHELL_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// The fields of a ShellCommandActivity that this runner supports.
struct ShellCommand {
  // The argument of `/bin/sh -c`.
  std::string command;

  // $1, $2 and so on: the `scriptArgument`s in their order.
  std::vector<std::string> arguments;

  // Where the output goes, as the task says. Empty if it does not.
  std::string stdout_path;
  std::string stderr_path;
};

// The command of a task. Fields that it does not know are ignored, unless that
// would change what the command does (README.md has the table).
//
// UNIMPLEMENTED: the task is not a ShellCommandActivity with a `command`, or
// needs more: a script to be fetched, data to be staged, output to be stored
// remotely. INVALID_ARGUMENT: it is incomplete.
absl::StatusOr<ShellCommand> ReadShellCommand(const v1::TaskObject& task);

// The task's own `reportProgressTimeout`, if it has one that can be read.
std::optional<absl::Duration> ReportProgressTimeout(const v1::TaskObject& task);

// The first value of a field of the object that is performed, be it a string or
// a reference. Empty if there is none.
std::string FieldValue(const v1::TaskObject& task, const std::string& key);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_SHELL_COMMAND_H_
