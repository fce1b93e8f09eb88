// submit

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/command_line/task_file.h"
#include "client/command_line/verb/field_argument.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/services.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {
namespace {

// The most tasks that the protocol lets one request hold.
constexpr int kBatchMax = 1000;

struct SubmitOptions {
  std::optional<std::string> worker_group;
  std::optional<std::string> type;
  std::vector<std::string> fields;
  std::vector<std::string> references;
  std::optional<int32_t> priority;
  std::string not_before;
  std::optional<std::string> fairness_key;
  std::vector<std::string> labels;
  std::optional<int32_t> attempts;
  std::string delay;
  std::optional<double> backoff;
  std::string delay_max;
  std::optional<double> jitter;
  std::string acknowledge_timeout;
  std::string report_progress_timeout;
  std::string attempt_timeout;
  std::string request_id;
  std::string file;
  int64_t count = 1;
};

void DefineRetries(CLI::App& verb, SubmitOptions& options) {
  verb.add_option("--attempts", options.attempts,
                  "The most attempts before the task fails (3)");
  verb.add_option("--delay", options.delay,
                  "The delay after a failed attempt (10m)");
  verb.add_option("--backoff", options.backoff,
                  "The factor by which the delay grows with each retry (1)");
  verb.add_option("--delay-max", options.delay_max, "The longest delay (1d)");
  verb.add_option("--jitter", options.jitter,
                  "The random part of each delay, from 0 to 1 (0)");
  verb.add_option(
      "--acknowledge-timeout", options.acknowledge_timeout,
      "How soon a runner must acknowledge the task by a first report (2m)");
  verb.add_option("--report-progress-timeout", options.report_progress_timeout,
                  "The longest time between two progress reports (15m)");
  verb.add_option("--attempt-timeout", options.attempt_timeout,
                  "The longest time an attempt may take (no limit)");
}

void DefineSubmit(CLI::App& verb, SubmitOptions& options) {
  verb.add_option(
      "--worker-group", options.worker_group,
      "The worker group whose runners may take the task; case-sensitive");
  verb.add_option("--type", options.type,
                  "The task's type, such as ShellCommandActivity");
  AddRepeated(verb, "--field", options.fields,
              "KEY=VALUE, a field for the runner; repeat a key for a list");
  AddRepeated(verb, "--ref", options.references,
              "KEY=ID, a field that refers to another object");
  verb.add_option("--priority", options.priority,
                  "0 to 9; higher priorities run first (0)");
  verb.add_option("--not-before", options.not_before,
                  "The earliest start: 2030-01-31T08:00:00Z, or +10m");
  verb.add_option(
      "--fairness-key", options.fairness_key,
      "Tasks with different keys take turns, such as one key per customer");
  AddRepeated(verb, "--label", options.labels, "KEY=VALUE to find the task by");
  DefineRetries(verb, options);
  verb.add_option("--request-id", options.request_id,
                  "An idempotency key: a repeated submission within ten "
                  "minutes returns the same tasks");
  verb.add_option(
      "--file", options.file,
      "A JSON file with a task or a list of tasks, - for standard input; the "
      "other options are defaults for fields it leaves out");
  verb.add_option("--count", options.count, "How many times to submit it (1)")
      ->check(CLI::Range(int64_t{1}, int64_t{1000000}));
}

// Sets a Duration that was typed, if it was.
absl::Status SetDuration(const std::string& option, const std::string& text,
                         v1::NewTask& task,
                         google::protobuf::Duration* (*field)(v1::NewTask&)) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> duration = ParseDuration(option, text);
  if (duration.ok()) *field(task) = ToProto(*duration);
  return duration.status();
}

absl::Status SetTimes(const SubmitOptions& options, v1::NewTask& task) {
  if (!options.not_before.empty()) {
    const absl::StatusOr<absl::Time> time =
        ParseTime("--not-before", options.not_before, absl::Now());
    if (!time.ok()) return time.status();
    *task.mutable_not_before() = ToProto(*time);
  }
  absl::Status status;
  status.Update(SetDuration("--delay", options.delay, task, [](auto& given) {
    return given.mutable_retry_policy()->mutable_delay();
  }));
  status.Update(
      SetDuration("--delay-max", options.delay_max, task, [](auto& given) {
        return given.mutable_retry_policy()->mutable_delay_max();
      }));
  status.Update(SetDuration(
      "--acknowledge-timeout", options.acknowledge_timeout, task,
      [](auto& given) { return given.mutable_acknowledge_timeout(); }));
  status.Update(SetDuration(
      "--report-progress-timeout", options.report_progress_timeout, task,
      [](auto& given) { return given.mutable_report_progress_timeout(); }));
  status.Update(
      SetDuration("--attempt-timeout", options.attempt_timeout, task,
                  [](auto& given) { return given.mutable_attempt_timeout(); }));
  return status;
}

// What the options say of a task.
absl::StatusOr<v1::NewTask> TaskOf(const SubmitOptions& options) {
  v1::NewTask task;
  if (options.worker_group) task.set_worker_group(*options.worker_group);
  if (options.type) task.set_type(*options.type);
  if (options.priority) task.set_priority(*options.priority);
  if (options.fairness_key) task.set_fairness_key(*options.fairness_key);
  absl::Status status = AddLabels(options.labels, *task.mutable_labels());
  if (!status.ok()) return status;
  v1::RetryPolicy policy;
  if (options.attempts) policy.set_attempts(*options.attempts);
  if (options.backoff) policy.set_backoff(*options.backoff);
  if (options.jitter) policy.set_jitter(*options.jitter);
  if (policy.ByteSizeLong() > 0) *task.mutable_retry_policy() = policy;
  for (const std::string& text : options.fields) {
    const absl::StatusOr<v1::Field> field = ParseField(text);
    if (!field.ok()) return field.status();
    *task.add_fields() = *field;
  }
  for (const std::string& text : options.references) {
    const absl::StatusOr<v1::Field> field = ParseReference(text);
    if (!field.ok()) return field.status();
    *task.add_fields() = *field;
  }
  status = SetTimes(options, task);
  if (!status.ok()) return status;
  return task;
}

// All tasks that are to be submitted once.
absl::StatusOr<v1::SubmitTasksRequest> RequestOf(const SubmitOptions& options) {
  const absl::StatusOr<v1::NewTask> task = TaskOf(options);
  if (!task.ok()) return task.status();
  v1::SubmitTasksRequest request;
  if (options.file.empty()) {
    *request.add_tasks() = *task;
  } else {
    const absl::StatusOr<v1::SubmitTasksRequest> read =
        ReadTaskFile(options.file);
    if (!read.ok()) return read.status();
    request = *read;
    for (v1::NewTask& given : *request.mutable_tasks()) {
      v1::NewTask whole = *task;
      whole.MergeFrom(given);
      given = whole;
    }
  }
  for (const v1::NewTask& given : request.tasks()) {
    if (given.has_worker_group()) continue;
    return absl::InvalidArgumentError("--worker-group is required.");
  }
  if (!options.request_id.empty()) request.set_request_id(options.request_id);
  return request;
}

absl::StatusOr<ExitCode> Submit(Session& session,
                                const SubmitOptions& options) {
  const absl::StatusOr<v1::SubmitTasksRequest> all = RequestOf(options);
  if (!all.ok()) return all.status();
  const int64_t total = all->tasks_size() * options.count;
  for (int64_t next = 0; next < total;) {
    const int64_t end = std::min<int64_t>(next + kBatchMax, total);
    v1::SubmitTasksRequest request;
    if (all->has_request_id()) {
      request.set_request_id(next == 0
                                 ? all->request_id()
                                 : absl::StrCat(all->request_id(), "-", next));
    }
    for (; next < end; ++next) {
      *request.add_tasks() =
          all->tasks(static_cast<int>(next % all->tasks_size()));
    }
    const auto taken = session.client.Call(&TaskQueue::SubmitTasks, request);
    if (!taken.ok()) return taken.status();
    if (session.json) {
      WriteJson(*taken, session.out);
      continue;
    }
    for (const std::string& name : taken->names()) session.out << name << "\n";
  }
  return ExitCode::kDone;
}

}  // namespace

void AddSubmit(CLI::App& app, Action& chosen) {
  AddVerb(app, "submit", "Submit tasks; prints their names", chosen,
          DefineSubmit, Submit);
}

}  // namespace holdline::client
