// poll, report, finish, fail, release, heartbeat: a runner's part by hand

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/command_line/task_text.h"
#include "client/command_line/verb/field_argument.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/services.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {
namespace {

struct PollOptions {
  std::string worker_group;
  std::string hostname;
  std::string taskrunner_id;
  std::string timeout = "100s";
};

struct LeaseOptions {
  std::string task_id;
  std::vector<std::string> fields;
  std::string error_id;
  std::string message;
  std::string stack_trace;
};

struct HeartbeatOptions {
  std::string taskrunner_id;
  std::string worker_group;
  std::string hostname;
};

void DefinePoll(CLI::App& verb, PollOptions& options) {
  verb.add_option("--worker-group", options.worker_group,
                  "The worker group to poll; case-sensitive")
      ->required();
  verb.add_option("--hostname", options.hostname, "The hostname to report");
  verb.add_option(
      "--taskrunner-id", options.taskrunner_id,
      "The runner id to report, by which the runner can be drained");
  verb.add_option("--timeout", options.timeout,
                  "The client's timeout; the server answers shortly before it, "
                  "and after 90 s at the latest")
      ->capture_default_str();
}

void DefineLease(CLI::App& verb, LeaseOptions& options) {
  verb.add_option("TASK_ID", options.task_id, "The taskId from the poll")
      ->required();
}

void DefineReport(CLI::App& verb, LeaseOptions& options) {
  DefineLease(verb, options);
  AddRepeated(verb, "--field", options.fields,
              "KEY=VALUE to show with the task, such as percentComplete=50");
}

void DefineFail(CLI::App& verb, LeaseOptions& options) {
  DefineLease(verb, options);
  verb.add_option("--error-id", options.error_id,
                  "An error code, such as ExitCode");
  verb.add_option("--message", options.message, "The error message");
  verb.add_option("--stack-trace", options.stack_trace, "The stack trace");
}

void DefineHeartbeat(CLI::App& verb, HeartbeatOptions& options) {
  verb.add_option("RUNNER_ID", options.taskrunner_id, "The runner's id")
      ->required();
  verb.add_option("--worker-group", options.worker_group,
                  "The worker group it polls");
  verb.add_option("--hostname", options.hostname, "Its hostname");
}

absl::StatusOr<ExitCode> Poll(Session& session, const PollOptions& options) {
  const absl::StatusOr<absl::Duration> timeout =
      ParseDuration("--timeout", options.timeout);
  if (!timeout.ok()) return timeout.status();
  v1::PollForTaskInput input;
  input.set_worker_group(options.worker_group);
  if (!options.hostname.empty()) input.set_hostname(options.hostname);
  if (!options.taskrunner_id.empty()) {
    input.set_taskrunner_id(options.taskrunner_id);
  }
  const auto output = session.client.PollForTask(input, {.timeout = *timeout});
  if (!output.ok()) return output.status();
  if (session.json) WriteJson(*output, session.out);
  if (output->terminate()) {
    if (!session.json) session.err << "Stop: the runner is draining.\n";
    return ExitCode::kNegative;
  }
  if (!output->has_task_object()) {
    if (!session.json) session.err << "No task was available.\n";
    return ExitCode::kTimeUp;
  }
  if (!session.json) session.out << TaskObjectText(output->task_object());
  return ExitCode::kDone;
}

// Prints an answer that tells a runner to go on or to stop.
absl::StatusOr<ExitCode> PrintOrder(Session& session,
                                    const google::protobuf::Message& answer,
                                    bool stop, const std::string& go_on_text,
                                    const std::string& stop_text) {
  if (session.json) {
    WriteJson(answer, session.out);
  } else {
    session.out << (stop ? stop_text : go_on_text) << "\n";
  }
  return stop ? ExitCode::kNegative : ExitCode::kDone;
}

absl::StatusOr<ExitCode> Report(Session& session, const LeaseOptions& options) {
  v1::ReportTaskProgressInput input;
  input.set_task_id(options.task_id);
  for (const std::string& text : options.fields) {
    const absl::StatusOr<v1::Field> field = ParseField(text);
    if (!field.ok()) return field.status();
    *input.add_fields() = *field;
  }
  const auto output =
      session.client.Call(&DataPipeline::ReportTaskProgress, input);
  if (!output.ok()) return output.status();
  return PrintOrder(session, *output, output->canceled(),
                    "Continue: the task is still leased to you.",
                    "Stop: the task was cancelled, or its lease has ended.");
}

absl::StatusOr<ExitCode> SetStatus(Session& session,
                                   const LeaseOptions& options,
                                   v1::SetTaskStatusInput::TaskStatus status) {
  v1::SetTaskStatusInput input;
  input.set_task_id(options.task_id);
  input.set_task_status(status);
  if (!options.error_id.empty()) input.set_error_id(options.error_id);
  if (!options.message.empty()) input.set_error_message(options.message);
  if (!options.stack_trace.empty()) {
    input.set_error_stack_trace(options.stack_trace);
  }
  const auto output = session.client.Call(&DataPipeline::SetTaskStatus, input);
  if (!output.ok()) return output.status();
  if (session.json) WriteJson(*output, session.out);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Finish(Session& session, const LeaseOptions& options) {
  return SetStatus(session, options, v1::SetTaskStatusInput::FINISHED);
}

absl::StatusOr<ExitCode> Fail(Session& session, const LeaseOptions& options) {
  return SetStatus(session, options, v1::SetTaskStatusInput::FAILED);
}

absl::StatusOr<ExitCode> Release(Session& session,
                                 const LeaseOptions& options) {
  v1::ReleaseTaskRequest request;
  request.set_task_id(options.task_id);
  const auto response = session.client.Call(&TaskQueue::ReleaseTask, request);
  if (!response.ok()) return response.status();
  if (session.json) WriteJson(*response, session.out);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Heartbeat(Session& session,
                                   const HeartbeatOptions& options) {
  v1::ReportTaskRunnerHeartbeatInput input;
  input.set_taskrunner_id(options.taskrunner_id);
  if (!options.worker_group.empty()) {
    input.set_worker_group(options.worker_group);
  }
  if (!options.hostname.empty()) input.set_hostname(options.hostname);
  const auto output =
      session.client.Call(&DataPipeline::ReportTaskRunnerHeartbeat, input);
  if (!output.ok()) return output.status();
  return PrintOrder(session, *output, output->terminate(), "Continue.",
                    "Stop: the runner is draining.");
}

}  // namespace

void AddRunnerVerbs(CLI::App& app, Action& chosen) {
  AddVerb(app, "poll", "Poll for one task, as a runner does", chosen,
          DefinePoll, Poll);
  AddVerb(app, "report", "Report progress of a task", chosen, DefineReport,
          Report);
  AddVerb(app, "finish", "Report that a task has finished", chosen, DefineLease,
          Finish);
  AddVerb(app, "fail", "Report that a task's attempt has failed", chosen,
          DefineFail, Fail);
  AddVerb(app, "release", "Return a task without using up an attempt", chosen,
          DefineLease, Release);
  AddVerb(app, "heartbeat", "Send a runner's heartbeat", chosen,
          DefineHeartbeat, Heartbeat);
}

}  // namespace holdline::client
