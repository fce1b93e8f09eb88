#include "server/store/sqlite/sqlite_pipeline_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/sqlite_columns.h"
#include "server/store/sqlite/sqlite_pipeline_rows.h"
#include "server/store/tombstone.h"

namespace holdline {
namespace {

// What a restart needs: the saved and the active version of each pipeline, and
// those that live instances were made from.
constexpr absl::string_view kWantedDefinitions =
    "SELECT number AS pipeline, saved_version AS version FROM pipeline "
    "UNION SELECT number, active_version FROM pipeline "
    "UNION SELECT pipeline, version FROM instance "
    "WHERE ended_at = 0x7fffffffffffffff";

// Reads all rows of `sql`.
template <typename Row>
absl::Status ReadAll(SqliteConnection& connection, absl::string_view sql,
                     Row (*read)(SqliteStatement&), std::vector<Row>& rows) {
  SqliteStatement statement(connection, sql);
  auto found = ReadRows(statement, read);
  if (!found.ok()) return found.status();
  rows = *std::move(found);
  return absl::OkStatus();
}

absl::Status LoadCounters(SqliteConnection& connection,
                          PipelineCounters& counters) {
  auto pipeline =
      connection.Number("SELECT max(next_pipeline) AS n FROM pipeline_counter");
  if (!pipeline.ok()) return pipeline.status();
  auto notification = connection.Number(
      "SELECT max(next_notification) AS n FROM pipeline_counter");
  if (!notification.ok()) return notification.status();
  counters.next_pipeline = PipelineNumber{static_cast<uint64_t>(*pipeline)};
  counters.next_notification =
      NotificationNumber{static_cast<uint64_t>(*notification)};
  return absl::OkStatus();
}

// Writes each of `rows` with `write`.
template <typename Row, typename Write>
absl::Status WriteAll(const std::vector<Row>& rows, Write write) {
  for (const Row& row : rows) {
    if (absl::Status status = write(row); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

SqlitePipelineWriter::SqlitePipelineWriter(SqliteConnection& connection)
    : connection_(connection),
      put_pipeline_(connection, kPutPipeline),
      add_leftover_(connection,
                    "INSERT OR IGNORE INTO leftover (pipeline) VALUES "
                    "(:pipeline)"),
      put_definition_(connection, kPutDefinition),
      put_component_(connection, kPutComponent),
      change_instance_(connection, kChangeInstance),
      put_instance_(connection, kPutInstance),
      put_attempt_(connection, kPutInstanceAttempt),
      put_notification_(connection, kPutNotification),
      delete_notification_(connection,
                           "DELETE FROM notification WHERE number = :number"),
      update_counters_(connection,
                       "UPDATE pipeline_counter SET next_pipeline = "
                       ":next_pipeline, next_notification = "
                       ":next_notification"),
      select_instance_(
          connection,
          absl::StrCat(kSelectInstance,
                       "WHERE pipeline = :pipeline AND start_time = "
                       ":start_time AND component = :component AND "
                       "owner = :owner AND ",
                       kPipelineLives)),
      select_deleted_(connection,
                      "SELECT count(*) AS n FROM pipeline WHERE id = :id AND "
                      "account = :account AND state = 5") {}

absl::Status SqlitePipelineWriter::Write(const PipelineBatch& batch) {
  if (batch.empty()) return absl::OkStatus();
  absl::Status status = WriteAll(
      batch.pipelines, [&](const auto& row) { return WritePipeline(row); });
  if (!status.ok()) return status;
  status = WriteAll(batch.definitions, [&](const SavedDefinition& row) {
    return PutDefinition(row, put_definition_);
  });
  if (!status.ok()) return status;
  status = WriteAll(batch.components, [&](const ComponentRecord& row) {
    return PutComponent(row, put_component_);
  });
  if (!status.ok()) return status;
  status = WriteAll(batch.instances,
                    [&](const auto& row) { return WriteInstance(row); });
  if (!status.ok()) return status;
  status = WriteAll(batch.attempts, [&](const Attempt& row) {
    return PutInstanceAttempt(row, put_attempt_);
  });
  if (status.ok()) status = WriteNotifications(batch);
  if (status.ok()) status = WriteCounters(batch.counters);
  return status;
}

absl::Status SqlitePipelineWriter::WritePipeline(const PipelineRecord& record) {
  if (record.state != PipelineState::kDeleted) {
    return PutPipeline(record, put_pipeline_);
  }
  absl::Status status = PutPipeline(Tombstone(record), put_pipeline_);
  if (!status.ok()) return status;
  add_leftover_.Bind("pipeline", static_cast<int64_t>(record.number));
  return add_leftover_.Run();
}

absl::Status SqlitePipelineWriter::WriteInstance(const Instance& instance) {
  absl::Status status = PutInstance(instance, change_instance_);
  if (!status.ok() || connection_.changes() == 1) return status;
  return PutInstance(instance, put_instance_);
}

absl::Status SqlitePipelineWriter::WriteNotifications(
    const PipelineBatch& batch) {
  absl::Status status =
      WriteAll(batch.notifications, [&](const Notification& row) {
        return PutNotification(row, put_notification_);
      });
  if (!status.ok()) return status;
  return WriteAll(
      batch.delivered_notifications, [&](NotificationNumber number) {
        delete_notification_.Bind("number", static_cast<int64_t>(number));
        return delete_notification_.Run();
      });
}

absl::Status SqlitePipelineWriter::WriteCounters(
    const PipelineCounters& counters) {
  update_counters_.Bind("next_pipeline",
                        static_cast<int64_t>(counters.next_pipeline));
  update_counters_.Bind("next_notification",
                        static_cast<int64_t>(counters.next_notification));
  return update_counters_.Run();
}

absl::StatusOr<PipelineRows> SqlitePipelineWriter::LoadPipelines() {
  PipelineRows rows;
  absl::Status status =
      ReadAll(connection_, absl::StrCat(kSelectPipeline, "WHERE state <> 5"),
              ReadPipeline, rows.pipelines);
  if (!status.ok()) return status;
  status = ReadAll(
      connection_,
      absl::StrCat("SELECT ", kDefinitionColumns, " FROM (", kWantedDefinitions,
                   ") CROSS JOIN definition USING (pipeline, "
                   "version) WHERE ",
                   kOfLivePipelines),
      ReadDefinition, rows.definitions);
  if (!status.ok()) return status;
  status = ReadAll(connection_,
                   absl::StrCat(kSelectComponent, "WHERE ", kOfLivePipelines),
                   ReadComponent, rows.components);
  if (!status.ok()) return status;
  status = ReadAll(
      connection_,
      absl::StrCat(kSelectInstance, "WHERE ended_at = 0x7fffffffffffffff AND ",
                   kOfLivePipelines),
      holdline::ReadInstance, rows.instances);
  if (!status.ok()) return status;
  status = ReadAll(
      connection_,
      absl::StrCat(kSelectLiveInstanceAttempt, "AND a.", kOfLivePipelines),
      ReadInstanceAttempt, rows.attempts);
  if (!status.ok()) return status;
  status = ReadAll(connection_, kSelectNotification, ReadNotification,
                   rows.notifications);
  if (status.ok()) status = LoadCounters(connection_, rows.counters);
  if (!status.ok()) return status;
  return rows;
}

absl::StatusOr<std::optional<Instance>> SqlitePipelineWriter::ReadInstance(
    const InstanceKey& key) {
  BindInstanceKey(key, select_instance_);
  return ReadRow(select_instance_, holdline::ReadInstance);
}

absl::StatusOr<bool> SqlitePipelineWriter::WasDeleted(const AccountId& account,
                                                      const std::string& id) {
  select_deleted_.BindText("id", id);
  select_deleted_.BindText("account", account.value);
  auto found = ReadRow(select_deleted_,
                       [](SqliteStatement& row) { return row.Integer("n"); });
  if (!found.ok()) return found.status();
  return found->value_or(0) != 0;
}

}  // namespace holdline
