#include "server/store/sqlite/sqlite_pipeline_writer.h"

#include <utility>

#include "server/pipeline/model/tombstone.h"
#include "server/store/sql/pipeline_statements.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sqlite/sqlite_dialect.h"
#include "server/store/sqlite/sqlite_rows.h"

namespace holdline {
namespace {

std::string Sql(PipelineStatement statement) {
  return TextOf(statement, kSqliteDialect);
}

// Reads all rows that a statement selects.
template <typename Row>
absl::Status LoadAll(SqliteConnection& connection, PipelineStatement which,
                     const Table<Row>& table, std::vector<Row>& rows) {
  SqliteStatement statement(connection, Sql(which));
  auto found = ReadRows(statement, table.columns);
  if (!found.ok()) return found.status();
  rows = *std::move(found);
  return absl::OkStatus();
}

absl::Status LoadCounters(SqliteConnection& connection,
                          PipelineCounters& counters) {
  SqliteStatement statement(connection, Sql(PipelineStatement::kLoadCounter));
  const auto stored = ReadRow(statement, kPipelineCounterTable.columns);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return connection.Error(SQLITE_CORRUPT);
  counters = **stored;
  return absl::OkStatus();
}

}  // namespace

SqlitePipelineWriter::SqlitePipelineWriter(SqliteConnection& connection)
    : connection_(connection),
      put_pipeline_(connection, Sql(PipelineStatement::kPutPipeline)),
      put_leftover_(connection, Sql(PipelineStatement::kPutLeftover)),
      put_definition_(connection, Sql(PipelineStatement::kPutDefinition)),
      put_component_(connection, Sql(PipelineStatement::kPutComponent)),
      change_instance_(connection, Sql(PipelineStatement::kChangeInstance)),
      put_instance_(connection, Sql(PipelineStatement::kPutInstance)),
      put_attempt_(connection, Sql(PipelineStatement::kPutAttempt)),
      put_notification_(connection, Sql(PipelineStatement::kPutNotification)),
      delete_notification_(connection,
                           Sql(PipelineStatement::kDeleteNotification)),
      update_counter_(connection, Sql(PipelineStatement::kUpdateCounter)),
      select_instance_(connection, Sql(PipelineStatement::kSelectInstance)),
      count_deleted_(connection, Sql(PipelineStatement::kCountDeleted)) {}

absl::Status SqlitePipelineWriter::Write(const PipelineBatch& batch) {
  if (batch.empty()) return absl::OkStatus();
  for (const PipelineRecord& record : batch.pipelines) {
    if (absl::Status status = WritePipeline(record); !status.ok()) {
      return status;
    }
  }
  absl::Status status =
      WriteRows(batch.definitions, kDefinitionTable, put_definition_);
  if (status.ok()) {
    status = WriteRows(batch.components, kComponentTable, put_component_);
  }
  for (const Instance& instance : batch.instances) {
    if (status.ok()) status = WriteInstance(instance);
  }
  if (status.ok()) {
    status = WriteRows(batch.attempts, kInstanceAttemptTable, put_attempt_);
  }
  if (status.ok()) status = WriteNotifications(batch);
  if (!status.ok()) return status;
  return WriteRow(batch.counters, kPipelineCounterTable, update_counter_);
}

absl::Status SqlitePipelineWriter::WritePipeline(const PipelineRecord& record) {
  if (record.state != PipelineState::kDeleted) {
    return WriteRow(record, kPipelineTable, put_pipeline_);
  }
  absl::Status status =
      WriteRow(Tombstone(record), kPipelineTable, put_pipeline_);
  if (!status.ok()) return status;
  return WriteRow(Leftover{record.number}, kLeftoverTable, put_leftover_);
}

absl::Status SqlitePipelineWriter::WriteInstance(const Instance& instance) {
  absl::Status status = WriteRow(instance, kInstanceTable, change_instance_);
  if (!status.ok() || connection_.changes() == 1) return status;
  return WriteRow(instance, kInstanceTable, put_instance_);
}

absl::Status SqlitePipelineWriter::WriteNotifications(
    const PipelineBatch& batch) {
  absl::Status status =
      WriteRows(batch.notifications, kNotificationTable, put_notification_);
  for (const NotificationNumber number : batch.delivered_notifications) {
    if (!status.ok()) return status;
    delete_notification_.Bind("number", static_cast<int64_t>(number));
    status = delete_notification_.Run();
  }
  return status;
}

absl::StatusOr<PipelineRows> SqlitePipelineWriter::LoadPipelines() {
  PipelineRows rows;
  const auto load = [this](PipelineStatement which, const auto& table,
                           auto& into, absl::Status& status) {
    if (status.ok()) status = LoadAll(connection_, which, table, into);
  };
  absl::Status status;
  load(PipelineStatement::kLoadPipelines, kPipelineTable, rows.pipelines,
       status);
  load(PipelineStatement::kLoadDefinitions, kDefinitionTable, rows.definitions,
       status);
  load(PipelineStatement::kLoadComponents, kComponentTable, rows.components,
       status);
  load(PipelineStatement::kLoadInstances, kInstanceTable, rows.instances,
       status);
  load(PipelineStatement::kLoadAttempts, kInstanceAttemptTable, rows.attempts,
       status);
  load(PipelineStatement::kLoadNotifications, kNotificationTable,
       rows.notifications, status);
  if (status.ok()) status = LoadCounters(connection_, rows.counters);
  if (!status.ok()) return status;
  return rows;
}

absl::StatusOr<std::optional<Instance>> SqlitePipelineWriter::ReadInstance(
    const InstanceKey& key) {
  holdline::Write(key, kInstanceKeyColumns, select_instance_);
  return ReadRow(select_instance_, kInstanceTable.columns);
}

absl::StatusOr<bool> SqlitePipelineWriter::WasDeleted(const AccountId& account,
                                                      const std::string& id) {
  count_deleted_.BindText("id", id);
  count_deleted_.BindText("account", account.value);
  const auto count = ReadNumber(count_deleted_, "n");
  if (!count.ok()) return count.status();
  return count->value_or(0) != 0;
}

}  // namespace holdline
