#include "server/store/sqlite/sqlite_rows.h"

#include <cstdint>
#include <string>

#include "server/store/sqlite/sqlite_columns.h"

namespace holdline {
namespace {

absl::Duration ReadDuration(const char* name, SqliteStatement& statement) {
  const int64_t value = statement.Integer(name);
  if (value == INT64_MAX) return absl::InfiniteDuration();
  if (value == INT64_MIN) return -absl::InfiniteDuration();
  return absl::Microseconds(value);
}

void BindLease(const Lease& lease, SqliteStatement& statement) {
  statement.Bind("lease", static_cast<int64_t>(lease.id));
  statement.BindText("lease_hostname", lease.hostname);
  statement.BindText("lease_taskrunner_id", lease.taskrunner_id);
  statement.BindText("lease_instance_arn", lease.instance_arn);
  statement.Bind("lease_handed_out_at", Microseconds(lease.handed_out_at));
  statement.Bind("lease_acknowledged_at", Microseconds(lease.acknowledged_at));
  statement.Bind("lease_reported_at", Microseconds(lease.reported_at));
  statement.Bind("lease_deadline", Microseconds(lease.deadline));
}

// The members are read in the order in which they are written here.
Lease ReadLease(SqliteStatement& statement) {
  return {
      .id = LeaseId{static_cast<uint64_t>(statement.Integer("lease"))},
      .hostname = ReadText("lease_hostname", statement),
      .taskrunner_id = ReadText("lease_taskrunner_id", statement),
      .instance_arn = ReadText("lease_instance_arn", statement),
      .handed_out_at = ReadTime("lease_handed_out_at", statement),
      .acknowledged_at = ReadTime("lease_acknowledged_at", statement),
      .reported_at = ReadTime("lease_reported_at", statement),
      .deadline = ReadTime("lease_deadline", statement),
  };
}

TaskSpec ReadSpec(SqliteStatement& statement) {
  return {
      .group = {.account = {ReadText("account", statement)},
                .name = ReadText("worker_group", statement)},
      .kind = ReadEnum("kind", TaskKind::kResource, statement),
      .type = ReadText("type", statement),
      .priority = ReadInt("priority", statement),
      .fairness_key = ReadText("fairness_key", statement),
      .retry = {.attempts = ReadInt("retry_attempts", statement),
                .delay = ReadDuration("retry_delay", statement),
                .backoff = statement.Real("retry_backoff"),
                .delay_max = ReadDuration("retry_delay_max", statement),
                .jitter = statement.Real("retry_jitter")},
      .timeouts = {.acknowledge =
                       ReadDuration("acknowledge_timeout", statement),
                   .progress = ReadDuration("progress_timeout", statement),
                   .attempt = ReadDuration("attempt_timeout", statement)},
      .submitted_at = ReadTime("submitted_at", statement),
  };
}

TaskState ReadState(SqliteStatement& statement) {
  return {
      .phase = static_cast<Phase>(
          statement.Integer("phase", static_cast<int>(Phase::kWaiting),
                            static_cast<int>(Phase::kCanceled))),
      .attempt = ReadInt("attempt", statement),
      .failures = ReadInt("failures", statement),
      .ready_at = ReadTime("ready_at", statement),
      .lease = ReadLease(statement),
      .lease_end = ReadEnum("lease_failed", LeaseEnd::kFalse, statement),
      .progress = std::string(statement.Blob("progress")),
      .ended_at = ReadTime("ended_at", statement),
      .cancellation_reason = ReadText("cancellation_reason", statement),
  };
}

}  // namespace

void BindTask(const NewTask& task, SqliteStatement& statement) {
  const TaskSpec& spec = task.spec;
  statement.Bind("id", Number(task.id));
  statement.BindText("account", spec.group.account.value);
  statement.BindText("worker_group", spec.group.name);
  statement.Bind("kind", static_cast<int64_t>(spec.kind));
  statement.BindText("type", spec.type);
  statement.Bind("priority", int64_t{spec.priority});
  statement.BindText("fairness_key", spec.fairness_key);
  statement.Bind("retry_attempts", int64_t{spec.retry.attempts});
  statement.Bind("retry_delay", Microseconds(spec.retry.delay));
  statement.Bind("retry_backoff", spec.retry.backoff);
  statement.Bind("retry_delay_max", Microseconds(spec.retry.delay_max));
  statement.Bind("retry_jitter", spec.retry.jitter);
  statement.Bind("acknowledge_timeout",
                 Microseconds(spec.timeouts.acknowledge));
  statement.Bind("progress_timeout", Microseconds(spec.timeouts.progress));
  statement.Bind("attempt_timeout", Microseconds(spec.timeouts.attempt));
  statement.Bind("submitted_at", Microseconds(spec.submitted_at));
  statement.BindBlob("payload", task.payload);
}

void BindState(const ChangedTask& task, SqliteStatement& statement) {
  const TaskState& state = task.state;
  statement.Bind("phase", static_cast<int64_t>(state.phase));
  statement.Bind("attempt", int64_t{state.attempt});
  statement.Bind("failures", int64_t{state.failures});
  statement.Bind("ready_at", Microseconds(state.ready_at));
  BindLease(state.lease, statement);
  statement.Bind("lease_failed", static_cast<int64_t>(state.lease_end));
  statement.BindBlob("progress", state.progress);
  statement.Bind("ended_at", Microseconds(state.ended_at));
  statement.BindText("cancellation_reason", state.cancellation_reason);
  statement.Bind("id", Number(task.id));
}

void BindAttempt(const EndedAttempt& attempt, SqliteStatement& statement) {
  statement.Bind("task", Number(attempt.task));
  statement.Bind("number", int64_t{attempt.number});
  BindLease(attempt.lease, statement);
  statement.BindText("error_id", attempt.failure.id);
  statement.BindText("error_message", attempt.failure.message);
  statement.BindText("stack_trace", attempt.failure.stack_trace);
  statement.Bind("ended_at", Microseconds(attempt.ended_at));
}

void BindGroup(const GroupSettings& group, SqliteStatement& statement) {
  statement.BindText("account", group.group.account.value);
  statement.BindText("name", group.group.name);
  statement.Bind("paused", int64_t{group.paused});
  statement.Bind("draining", int64_t{group.draining});
}

void BindRunner(const RunnerRecord& runner, SqliteStatement& statement) {
  statement.BindText("account", runner.runner.account.value);
  statement.BindText("name", runner.runner.name);
  statement.BindText("hostname", runner.hostname);
  statement.BindText("worker_group", runner.worker_group);
  statement.Bind("heartbeat_at", Microseconds(runner.heartbeat_at));
  statement.Bind("draining", int64_t{runner.draining});
}

void BindAccount(const AccountRecord& record, SqliteStatement& statement) {
  statement.BindText("account", record.account.value);
  statement.Bind("ordinal", int64_t{record.ordinal});
  statement.Bind("first_task", static_cast<int64_t>(record.first));
  statement.Bind("next_task", static_cast<int64_t>(record.next));
}

void BindRequest(const RequestRecord& request, SqliteStatement& statement) {
  statement.BindText("account", request.request.account.value);
  statement.BindText("name", request.request.name);
  statement.Bind("fingerprint", static_cast<int64_t>(request.fingerprint));
  statement.Bind("first_task", Number(request.first));
  statement.Bind("tasks", int64_t{request.count});
  statement.Bind("expires_at", Microseconds(request.expires_at));
}

Task ReadTask(SqliteStatement& statement) {
  return {
      .id = ReadTaskId("id", statement),
      .spec = ReadSpec(statement),
      .state = ReadState(statement),
  };
}

EndedAttempt ReadAttempt(SqliteStatement& statement) {
  return {
      .task = ReadTaskId("task", statement),
      .number = ReadInt("number", statement),
      .lease = ReadLease(statement),
      .failure = {.id = ReadText("error_id", statement),
                  .message = ReadText("error_message", statement),
                  .stack_trace = ReadText("stack_trace", statement)},
      .ended_at = ReadTime("ended_at", statement),
  };
}

GroupSettings ReadGroup(SqliteStatement& statement) {
  return {
      .group = {.account = {ReadText("account", statement)},
                .name = ReadText("name", statement)},
      .paused = ReadBool("paused", statement),
      .draining = ReadBool("draining", statement),
  };
}

RunnerRecord ReadRunner(SqliteStatement& statement) {
  return {
      .runner = {.account = {ReadText("account", statement)},
                 .name = ReadText("name", statement)},
      .hostname = ReadText("hostname", statement),
      .worker_group = ReadText("worker_group", statement),
      .heartbeat_at = ReadTime("heartbeat_at", statement),
      .draining = ReadBool("draining", statement),
  };
}

AccountRecord ReadAccount(SqliteStatement& statement) {
  const auto number = [&](const char* column) {
    return TaskNumber{static_cast<uint64_t>(statement.Integer(column))};
  };
  return {
      .account = {ReadText("account", statement)},
      .ordinal = static_cast<uint32_t>(statement.Integer("ordinal")),
      .first = number("first_task"),
      .next = number("next_task"),
  };
}

RequestRecord ReadRequest(SqliteStatement& statement) {
  return {
      .request = {.account = {ReadText("account", statement)},
                  .name = ReadText("name", statement)},
      .fingerprint = static_cast<uint64_t>(statement.Integer("fingerprint")),
      .first = ReadTaskId("first_task", statement),
      .count = ReadInt("tasks", statement),
      .expires_at = ReadTime("expires_at", statement),
  };
}

}  // namespace holdline
