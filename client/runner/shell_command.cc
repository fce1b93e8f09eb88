#include "client/runner/shell_command.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/runner/period.h"

namespace holdline::client {
namespace {

std::vector<std::string> FieldValues(const v1::TaskObject& task,
                                     const std::string& key) {
  std::vector<std::string> values;
  const auto object = task.objects().find(task.attempt_id());
  if (object == task.objects().end()) return values;
  for (const v1::Field& field : object->second.fields()) {
    if (field.key() != key) continue;
    values.push_back(field.has_ref_value() ? field.ref_value()
                                           : field.string_value());
  }
  return values;
}

// What the task asks for beyond a command, and what would make another command
// of it if it were ignored. UNIMPLEMENTED.
absl::Status CheckSupported(const v1::TaskObject& task) {
  if (!FieldValue(task, "scriptUri").empty()) {
    return absl::UnimplementedError(
        "This runner does not fetch scripts: give the task a `command` instead "
        "of a `scriptUri`.");
  }
  for (const std::string& stage : FieldValues(task, "stage")) {
    if (absl::EqualsIgnoreCase(stage, "false")) continue;
    return absl::UnimplementedError(
        "This runner does not stage data, and without it the command would "
        "find ${INPUT1_STAGING_DIR} and the like empty: `stage` must be absent "
        "or false.");
  }
  for (const char* key : {"stdout", "stderr"}) {
    const std::string path = FieldValue(task, key);
    if (!absl::StrContains(path, "://")) continue;
    return absl::UnimplementedError(
        absl::StrCat("This runner writes to local paths only, and `", key,
                     "` is ", path, "."));
  }
  return absl::OkStatus();
}

}  // namespace

std::string FieldValue(const v1::TaskObject& task, const std::string& key) {
  const std::vector<std::string> values = FieldValues(task, key);
  return values.empty() ? "" : values.front();
}

absl::StatusOr<ShellCommand> ReadShellCommand(const v1::TaskObject& task) {
  if (!task.objects().contains(task.attempt_id())) {
    return absl::InvalidArgumentError(
        absl::StrCat("The task's objects lack the attempt itself, ",
                     task.attempt_id(), "."));
  }
  const std::string type = FieldValue(task, "type");
  if (type != "ShellCommandActivity") {
    return absl::UnimplementedError(absl::StrCat(
        "This runner performs ShellCommandActivity only, and the task is of "
        "type ",
        type.empty() ? "(none)" : type,
        ". Give such tasks a worker group of their own, with a runner that "
        "knows them."));
  }
  const absl::Status supported = CheckSupported(task);
  if (!supported.ok()) return supported;
  std::vector<std::string> commands = FieldValues(task, "command");
  if (commands.empty() || commands.front().empty()) {
    return absl::InvalidArgumentError("The task has no `command`.");
  }
  if (commands.size() > 1) {
    return absl::InvalidArgumentError("The task has more than one `command`.");
  }
  return ShellCommand{.command = std::move(commands.front()),
                      .arguments = FieldValues(task, "scriptArgument"),
                      .stdout_path = FieldValue(task, "stdout"),
                      .stderr_path = FieldValue(task, "stderr")};
}

std::optional<absl::Duration> ReportProgressTimeout(
    const v1::TaskObject& task) {
  return ParsePeriod(FieldValue(task, "reportProgressTimeout"));
}

}  // namespace holdline::client
