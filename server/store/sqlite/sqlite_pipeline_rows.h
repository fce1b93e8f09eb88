// How what is kept of pipelines stands in the database's columns.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_ROWS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_ROWS_H_

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Each Bind follows the order of the SQL beside it.

inline constexpr absl::string_view kPutPipeline =
    "INSERT INTO pipeline (number, id, account, creator, name, unique_id, "
    "description, tags, state, saved_version, active_version, errored, "
    "created_at, first_activated_at, last_activated_at, deactivated_at, "
    "finished_at, health, health_at) VALUES (:number, :id, :account, "
    ":creator, :name, :unique_id, :description, :tags, :state, "
    ":saved_version, :active_version, :errored, :created_at, "
    ":first_activated_at, :last_activated_at, :deactivated_at, :finished_at, "
    ":health, :health_at) ON CONFLICT (number) DO UPDATE SET "
    "creator = excluded.creator, name = excluded.name, "
    "unique_id = excluded.unique_id, description = excluded.description, "
    "tags = excluded.tags, state = excluded.state, "
    "saved_version = excluded.saved_version, "
    "active_version = excluded.active_version, errored = excluded.errored, "
    "created_at = excluded.created_at, "
    "first_activated_at = excluded.first_activated_at, "
    "last_activated_at = excluded.last_activated_at, "
    "deactivated_at = excluded.deactivated_at, "
    "finished_at = excluded.finished_at, health = excluded.health, "
    "health_at = excluded.health_at";

inline constexpr absl::string_view kPutDefinition =
    "INSERT OR REPLACE INTO definition (pipeline, version, definition) VALUES "
    "(:pipeline, :version, :definition)";

inline constexpr absl::string_view kPutComponent =
    "INSERT OR REPLACE INTO component (pipeline, number, id, status, "
    "next_interval, skip_before, latest_run, latest_completed_run, "
    "deactivated_at, health, health_at, health_from) VALUES (:pipeline, "
    ":number, :id, :status, :next_interval, :skip_before, :latest_run, "
    ":latest_completed_run, :deactivated_at, :health, :health_at, "
    ":health_from)";

// What most changes of an instance are, and cost the least: those that touch no
// index. Without effect if there is no such instance, or if it ended, or was
// made, at another time.
inline constexpr absl::string_view kChangeInstance =
    "UPDATE instance SET end_time = :end_time, version = :version, "
    "status = :status, started_at = :started_at, attempts = :attempts, "
    "retries_left = :retries_left, task = :task, rerun = :rerun, "
    "late = :late, waiting_on = :waiting_on, "
    "cascade_failed_on = :cascade_failed_on, error_id = :error_id, "
    "error_message = :error_message, stack_trace = :stack_trace, "
    "cancellation_reason = :cancellation_reason, rechecks = :rechecks, "
    "rechecked_at = :rechecked_at WHERE ended_at = :ended_at AND "
    "pipeline = :pipeline AND start_time = :start_time AND "
    "component = :component AND owner = :owner AND created_at = :created_at";
inline constexpr absl::string_view kPutInstance =
    "INSERT INTO instance (end_time, version, status, started_at, attempts, "
    "retries_left, task, rerun, late, waiting_on, cascade_failed_on, "
    "error_id, error_message, stack_trace, cancellation_reason, rechecks, "
    "rechecked_at, ended_at, pipeline, start_time, component, owner, "
    "created_at) VALUES (:end_time, :version, :status, :started_at, "
    ":attempts, :retries_left, :task, :rerun, :late, :waiting_on, "
    ":cascade_failed_on, :error_id, :error_message, :stack_trace, "
    ":cancellation_reason, :rechecks, :rechecked_at, :ended_at, :pipeline, "
    ":start_time, :component, :owner, :created_at) "
    "ON CONFLICT (pipeline, start_time, component, owner) DO UPDATE SET "
    "end_time = excluded.end_time, version = excluded.version, "
    "status = excluded.status, started_at = excluded.started_at, "
    "attempts = excluded.attempts, retries_left = excluded.retries_left, "
    "task = excluded.task, rerun = excluded.rerun, late = excluded.late, "
    "waiting_on = excluded.waiting_on, "
    "cascade_failed_on = excluded.cascade_failed_on, "
    "error_id = excluded.error_id, error_message = excluded.error_message, "
    "stack_trace = excluded.stack_trace, "
    "cancellation_reason = excluded.cancellation_reason, "
    "rechecks = excluded.rechecks, rechecked_at = excluded.rechecked_at, "
    "ended_at = excluded.ended_at, created_at = excluded.created_at";

inline constexpr absl::string_view kPutInstanceAttempt =
    "INSERT OR REPLACE INTO instance_attempt (pipeline, start_time, "
    "component, owner, number, task, status, ready_at, ended_at, hostname, "
    "instance_arn, reported_at, progress, error_id, error_message, "
    "stack_trace, "
    "cancellation_reason) VALUES (:pipeline, :start_time, :component, "
    ":owner, :number, :task, :status, :ready_at, :ended_at, :hostname, "
    ":instance_arn, :reported_at, :progress, :error_id, :error_message, "
    ":stack_trace, "
    ":cancellation_reason)";

inline constexpr absl::string_view kPutNotification =
    "INSERT OR REPLACE INTO notification (number, account, pipeline_id, "
    "object_id, action_id, topic, subject, message, created_at, failures, "
    "due_at) VALUES (:number, :account, :pipeline_id, :object_id, :action_id, "
    ":topic, :subject, :message, :created_at, :failures, :due_at)";

// Bind a whole row and run the statement: packed columns live no longer.
absl::Status PutPipeline(const PipelineRecord& record,
                         SqliteStatement& statement);
absl::Status PutDefinition(const SavedDefinition& saved,
                           SqliteStatement& statement);
absl::Status PutComponent(const ComponentRecord& record,
                          SqliteStatement& statement);
absl::Status PutInstanceAttempt(const Attempt& attempt,
                                SqliteStatement& statement);
absl::Status PutNotification(const Notification& notification,
                             SqliteStatement& statement);

// For both statements for instances.
absl::Status PutInstance(const Instance& instance, SqliteStatement& statement);

// :pipeline, :start_time, :component, :owner
void BindInstanceKey(const InstanceKey& key, SqliteStatement& statement);

// Each Read follows the order of the columns beside it.

inline constexpr absl::string_view kSelectPipeline =
    "SELECT number, id, account, creator, name, unique_id, description, tags, "
    "state, saved_version, active_version, errored, created_at, "
    "first_activated_at, last_activated_at, deactivated_at, finished_at, "
    "health, health_at FROM pipeline ";
PipelineRecord ReadPipeline(SqliteStatement& statement);

inline constexpr absl::string_view kDefinitionColumns =
    "definition.pipeline, definition.version, definition.definition";
SavedDefinition ReadDefinition(SqliteStatement& statement);

inline constexpr absl::string_view kSelectComponent =
    "SELECT pipeline, number, id, status, next_interval, skip_before, "
    "latest_run, latest_completed_run, deactivated_at, health, health_at, "
    "health_from FROM component ";
ComponentRecord ReadComponent(SqliteStatement& statement);

inline constexpr absl::string_view kSelectInstance =
    "SELECT pipeline, start_time, component, owner, end_time, version, "
    "status, created_at, started_at, ended_at, attempts, retries_left, task, "
    "rerun, late, waiting_on, cascade_failed_on, error_id, error_message, "
    "stack_trace, cancellation_reason, rechecks, rechecked_at FROM instance ";
Instance ReadInstance(SqliteStatement& statement);

// Reads pipeline, start_time, component, owner.
InstanceKey ReadInstanceKey(SqliteStatement& statement);

// As it is stored. Its instance, `i`, has not ended.
inline constexpr absl::string_view kSelectLiveInstanceAttempt =
    "SELECT a.pipeline, a.start_time, a.component, a.owner, a.number, a.task, "
    "a.status, a.ready_at, a.ended_at, a.hostname, a.instance_arn, "
    "a.reported_at, a.progress, "
    "a.error_id, a.error_message, a.stack_trace, a.cancellation_reason "
    "FROM instance AS i CROSS JOIN instance_attempt AS a "
    "USING (pipeline, start_time, component, owner) "
    "WHERE i.ended_at = 0x7fffffffffffffff AND "
    "a.ended_at = 0x7fffffffffffffff ";

// With what the task of a live one knows, and then the end of the instance.
inline constexpr absl::string_view kSelectInstanceAttempt =
    "SELECT a.pipeline, a.start_time, a.component, a.owner, a.number, a.task, "
    "a.status, a.ready_at, a.ended_at, "
    "coalesce(s.lease_hostname, a.hostname) AS hostname, "
    "coalesce(s.lease_instance_arn, a.instance_arn) AS instance_arn, "
    "coalesce(s.lease_reported_at, a.reported_at) AS reported_at, "
    "coalesce(s.progress, a.progress) AS progress, a.error_id, "
    "a.error_message, a.stack_trace, a.cancellation_reason, i.end_time "
    "FROM instance_attempt AS a CROSS JOIN instance AS i "
    "USING (pipeline, start_time, component, owner) "
    "LEFT JOIN task_state AS s ON s.id = a.task AND "
    "a.ended_at = 0x7fffffffffffffff ";
Attempt ReadInstanceAttempt(SqliteStatement& statement);

inline constexpr absl::string_view kSelectNotification =
    "SELECT number, account, pipeline_id, object_id, action_id, topic, "
    "subject, message, created_at, failures, due_at FROM notification ";
Notification ReadNotification(SqliteStatement& statement);

// Of rows with the column `pipeline`: those whose pipeline is not deleted.
inline constexpr absl::string_view kOfLivePipelines =
    "pipeline IN (SELECT number FROM pipeline WHERE state <> 5) ";

// The same for the rows of :pipeline.
inline constexpr absl::string_view kPipelineLives =
    "EXISTS (SELECT 1 FROM pipeline WHERE number = :pipeline AND state <> 5) ";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_ROWS_H_
