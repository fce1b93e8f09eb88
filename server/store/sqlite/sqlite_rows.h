// How the broker's values stand in the database's columns.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_

#include "absl/strings/string_view.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/update.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// The largest id that a database can hold.
inline constexpr TaskId kTaskIdMax{INT64_MAX};

// Each Bind follows the order of the SQL beside it.

inline constexpr absl::string_view kInsertTask =
    "INSERT INTO task (id, account, worker_group, kind, type, priority, "
    "fairness_key, retry_attempts, retry_delay, retry_backoff, "
    "retry_delay_max, retry_jitter, acknowledge_timeout, progress_timeout, "
    "attempt_timeout, submitted_at, payload) VALUES (:id, :account, "
    ":worker_group, :kind, :type, :priority, :fairness_key, :retry_attempts, "
    ":retry_delay, :retry_backoff, :retry_delay_max, :retry_jitter, "
    ":acknowledge_timeout, :progress_timeout, :attempt_timeout, "
    ":submitted_at, :payload)";
void BindTask(const NewTask& task, SqliteStatement& statement);

inline constexpr absl::string_view kInsertState =
    "INSERT INTO task_state (phase, attempt, failures, ready_at, lease, "
    "lease_hostname, lease_taskrunner_id, lease_instance_arn, "
    "lease_handed_out_at, "
    "lease_acknowledged_at, "
    "lease_reported_at, lease_deadline, lease_failed, progress, ended_at, "
    "cancellation_reason, id) VALUES (:phase, :attempt, :failures, :ready_at, "
    ":lease, :lease_hostname, :lease_taskrunner_id, :lease_instance_arn, "
    ":lease_handed_out_at, "
    ":lease_acknowledged_at, "
    ":lease_reported_at, :lease_deadline, :lease_failed, :progress, "
    ":ended_at, :cancellation_reason, :id)";
inline constexpr absl::string_view kUpdateState =
    "UPDATE task_state SET phase = :phase, attempt = :attempt, "
    "failures = :failures, ready_at = :ready_at, lease = :lease, "
    "lease_hostname = :lease_hostname, "
    "lease_taskrunner_id = :lease_taskrunner_id, "
    "lease_instance_arn = :lease_instance_arn, "
    "lease_handed_out_at = :lease_handed_out_at, "
    "lease_acknowledged_at = :lease_acknowledged_at, "
    "lease_reported_at = :lease_reported_at, "
    "lease_deadline = :lease_deadline, lease_failed = :lease_failed, "
    "progress = :progress, ended_at = :ended_at, "
    "cancellation_reason = :cancellation_reason WHERE id = :id";
void BindState(const ChangedTask& task, SqliteStatement& statement);

inline constexpr absl::string_view kInsertAttempt =
    "INSERT INTO attempt (task, number, lease, lease_hostname, "
    "lease_taskrunner_id, lease_instance_arn, "
    "lease_handed_out_at, lease_acknowledged_at, lease_reported_at, "
    "lease_deadline, error_id, error_message, stack_trace, ended_at) VALUES "
    "(:task, :number, :lease, :lease_hostname, :lease_taskrunner_id, "
    ":lease_instance_arn, :lease_handed_out_at, "
    ":lease_acknowledged_at, :lease_reported_at, :lease_deadline, :error_id, "
    ":error_message, :stack_trace, :ended_at)";
void BindAttempt(const EndedAttempt& attempt, SqliteStatement& statement);

inline constexpr absl::string_view kPutGroup =
    "INSERT OR REPLACE INTO worker_group (account, name, paused, draining) "
    "VALUES (:account, :name, :paused, :draining)";
void BindGroup(const GroupSettings& group, SqliteStatement& statement);

inline constexpr absl::string_view kPutRunner =
    "INSERT OR REPLACE INTO runner (account, name, hostname, worker_group, "
    "heartbeat_at, draining) VALUES (:account, :name, :hostname, "
    ":worker_group, :heartbeat_at, :draining)";
void BindRunner(const RunnerRecord& runner, SqliteStatement& statement);

inline constexpr absl::string_view kPutAccount =
    "INSERT OR REPLACE INTO account VALUES "
    "(:account, :ordinal, :first_task, :next_task)";
void BindAccount(const AccountRecord& record, SqliteStatement& statement);

inline constexpr absl::string_view kPutRequest =
    "INSERT OR REPLACE INTO request (account, name, fingerprint, first_task, "
    "tasks, expires_at) VALUES (:account, :name, :fingerprint, :first_task, "
    ":tasks, :expires_at)";
void BindRequest(const RequestRecord& request, SqliteStatement& statement);

// Each Read follows the order of the columns beside it.

// Of task_state; a state without its task is DATA_LOSS.
inline constexpr absl::string_view kSelectTask =
    "SELECT id, account, worker_group, kind, type, priority, fairness_key, "
    "retry_attempts, retry_delay, retry_backoff, retry_delay_max, "
    "retry_jitter, acknowledge_timeout, progress_timeout, attempt_timeout, "
    "submitted_at, phase, attempt, failures, ready_at, lease, "
    "lease_hostname, lease_taskrunner_id, lease_instance_arn, "
    "lease_handed_out_at, "
    "lease_acknowledged_at, "
    "lease_reported_at, lease_deadline, lease_failed, progress, ended_at, "
    "cancellation_reason FROM task_state LEFT JOIN task USING (id) ";
Task ReadTask(SqliteStatement& statement);

inline constexpr absl::string_view kSelectAttempts =
    "SELECT task, number, lease, lease_hostname, lease_taskrunner_id, "
    "lease_instance_arn, lease_handed_out_at, "
    "lease_acknowledged_at, lease_reported_at, lease_deadline, error_id, "
    "error_message, stack_trace, ended_at FROM attempt WHERE task = :task "
    "ORDER BY rowid";
EndedAttempt ReadAttempt(SqliteStatement& statement);

inline constexpr absl::string_view kSelectGroups =
    "SELECT account, name, paused, draining FROM worker_group";
GroupSettings ReadGroup(SqliteStatement& statement);

inline constexpr absl::string_view kSelectRunners =
    "SELECT account, name, hostname, worker_group, heartbeat_at, draining "
    "FROM runner";
RunnerRecord ReadRunner(SqliteStatement& statement);

inline constexpr absl::string_view kSelectAccounts =
    "SELECT account, ordinal, first_task, next_task FROM account ";
AccountRecord ReadAccount(SqliteStatement& statement);

inline constexpr absl::string_view kSelectRequests =
    "SELECT account, name, fingerprint, first_task, tasks, expires_at FROM "
    "request";
RequestRecord ReadRequest(SqliteStatement& statement);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_
