#include "server/store/sql/pipeline_statements.h"

#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/store/sql/live.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sql/statement_text.h"

namespace holdline {
namespace {

constexpr absl::string_view kOfInstance =
    "WHERE pipeline = :pipeline AND start_time = :start_time AND "
    "component = :component AND owner = :owner ";

constexpr absl::string_view kInstanceKey =
    "pipeline, start_time, component, owner";

// Where a page of instances begins and ends.
constexpr absl::string_view kInstanceRange =
    "WHERE pipeline = :pipeline AND (start_time, component, owner) > "
    "(:start_time, :component, :owner) AND start_time <= :start_to AND ";
constexpr absl::string_view kInstanceOrder =
    "ORDER BY start_time, component, owner ";

// The columns of a live attempt that its task knows better, and their names
// there.
constexpr std::array<std::pair<absl::string_view, absl::string_view>, 4>
    kKnownToTask = {{{"hostname", "lease_hostname"},
                     {"instance_arn", "lease_instance_arn"},
                     {"reported_at", "lease_reported_at"},
                     {"progress", "progress"}}};

template <typename Row>
std::string SelectFrom(const Table<Row>& table) {
  return SelectRows(TableShape(table));
}

// The saved and the active version of each pipeline, and those that live
// instances were made from.
std::string LoadDefinitions(const Dialect& dialect) {
  return absl::StrCat(
      "SELECT ", ColumnList(TableShape(kDefinitionTable), "definition."),
      " FROM (SELECT number AS pipeline, saved_version AS version FROM "
      "pipeline "
      "UNION SELECT number, active_version FROM pipeline "
      "UNION SELECT pipeline, version FROM instance WHERE ended_at = ",
      kNotEnded, ") AS wanted ", dialect.join_from_left,
      " definition USING (pipeline, version) WHERE ", kOfLivePipelines);
}

// As they are stored: those that have not ended, of instances that have not.
std::string LoadAttempts(const Dialect& dialect) {
  return absl::StrCat(
      "SELECT ", ColumnList(TableShape(kInstanceAttemptTable), "a."),
      " FROM instance AS i ", dialect.join_from_left,
      " instance_attempt AS a USING (", kInstanceKey,
      ") WHERE i.ended_at = ", kNotEnded, " AND a.ended_at = ", kNotEnded,
      " AND a.", kOfLivePipelines);
}

std::string ToldColumn(absl::string_view name) {
  for (const auto& [own, of_task] : kKnownToTask) {
    if (own != name) continue;
    return absl::StrCat("coalesce(s.", of_task, ", a.", own, ") AS ", own);
  }
  return absl::StrCat("a.", name);
}

std::string SelectAttempts(const Dialect& dialect) {
  std::vector<std::string> told;
  for (const auto& column : kInstanceAttemptTable.columns) {
    told.push_back(ToldColumn(column.name));
  }
  return absl::StrCat("SELECT ", absl::StrJoin(told, ", "),
                      ", i.end_time FROM instance_attempt AS a ",
                      dialect.join_from_left, " instance AS i USING (",
                      kInstanceKey,
                      ") LEFT JOIN task_state AS s ON s.id = a.task AND "
                      "a.ended_at = ",
                      kNotEnded, " ");
}

// Deletes :limit rows of :pipeline from a table. `key` is the rest of its
// primary key.
std::string DeleteSomeOf(absl::string_view table, absl::string_view key) {
  return absl::StrCat("DELETE FROM ", table,
                      " WHERE pipeline = :pipeline AND (", key, ") IN (SELECT ",
                      key, " FROM ", table,
                      " WHERE pipeline = :pipeline LIMIT :limit)");
}

// Those that store a row.
std::string Store(PipelineStatement statement, const Dialect& dialect) {
  switch (statement) {
    case PipelineStatement::kPutPipeline:
      return UpsertRow(TableShape(kPipelineTable), dialect, {"id", "account"});
    case PipelineStatement::kPutLeftover:
      return absl::StrCat(InsertRow(TableShape(kLeftoverTable), dialect),
                          " ON CONFLICT DO NOTHING");
    case PipelineStatement::kPutDefinition:
      return ReplaceRow(TableShape(kDefinitionTable), dialect);
    case PipelineStatement::kPutComponent:
      return ReplaceRow(TableShape(kComponentTable), dialect);
    case PipelineStatement::kPutInstance:
      return UpsertRow(TableShape(kInstanceTable), dialect);
    case PipelineStatement::kPutAttempt:
      return ReplaceRow(TableShape(kInstanceAttemptTable), dialect);
    case PipelineStatement::kPutNotification:
      return ReplaceRow(TableShape(kNotificationTable), dialect);
    case PipelineStatement::kUpdateCounter:
      return UpdateRow(TableShape(kPipelineCounterTable), dialect);
    case PipelineStatement::kChangeInstance:
      return UpdateRow(TableShape(kInstanceTable), dialect,
                       {"created_at", "ended_at"});
    default:
      return {};
  }
}

// Those for the thread that commits.
std::string ForDiary(PipelineStatement statement, const Dialect& dialect) {
  switch (statement) {
    case PipelineStatement::kDeleteNotification:
      return "DELETE FROM notification WHERE number = :number";
    case PipelineStatement::kLoadPipelines:
      return absl::StrCat(SelectFrom(kPipelineTable), "WHERE state <> 5");
    case PipelineStatement::kLoadDefinitions:
      return LoadDefinitions(dialect);
    case PipelineStatement::kLoadComponents:
      return absl::StrCat(SelectFrom(kComponentTable), "WHERE ",
                          kOfLivePipelines);
    case PipelineStatement::kLoadInstances:
      return absl::StrCat(SelectFrom(kInstanceTable),
                          "WHERE ended_at = ", kNotEnded, " AND ",
                          kOfLivePipelines);
    case PipelineStatement::kLoadAttempts:
      return LoadAttempts(dialect);
    case PipelineStatement::kLoadNotifications:
      return SelectFrom(kNotificationTable);
    case PipelineStatement::kLoadCounter:
      return SelectFrom(kPipelineCounterTable);
    case PipelineStatement::kCountDeleted:
      return "SELECT count(*) AS n FROM pipeline WHERE id = :id AND "
             "account = :account AND state = 5";
    case PipelineStatement::kHasEnded:
      return "SELECT CASE WHEN EXISTS (SELECT 1 FROM instance WHERE "
             "ended_at < :ended_before) OR EXISTS (SELECT 1 FROM leftover) "
             "THEN 1 ELSE 0 END AS n";
    case PipelineStatement::kSelectEnded:
      return absl::StrCat("SELECT ", kInstanceKey,
                          " FROM instance WHERE ended_at < :ended_before "
                          "ORDER BY ended_at LIMIT :limit");
    case PipelineStatement::kDeleteInstance:
      return absl::StrCat("DELETE FROM instance ", kOfInstance);
    case PipelineStatement::kDeleteAttempts:
      return absl::StrCat("DELETE FROM instance_attempt ", kOfInstance);
    case PipelineStatement::kSelectLeftover:
      return absl::StrCat(SelectFrom(kLeftoverTable),
                          "ORDER BY pipeline LIMIT 1");
    case PipelineStatement::kDeleteLeftover:
      return "DELETE FROM leftover WHERE pipeline = :pipeline";
    case PipelineStatement::kDeleteSomeAttempts:
      return DeleteSomeOf("instance_attempt",
                          "start_time, component, owner, number");
    case PipelineStatement::kDeleteSomeInstances:
      return DeleteSomeOf("instance", "start_time, component, owner");
    case PipelineStatement::kDeleteSomeComponents:
      return DeleteSomeOf("component", "number");
    case PipelineStatement::kDeleteSomeDefinitions:
      return DeleteSomeOf("definition", "version");
    default:
      return {};
  }
}

// Those that find single rows, and pages of pipelines.
std::string ForArchive(PipelineStatement statement, const Dialect& dialect) {
  switch (statement) {
    case PipelineStatement::kSelectPipeline:
      return absl::StrCat(SelectFrom(kPipelineTable),
                          "WHERE id = :id AND account = :account");
    case PipelineStatement::kListPipelines:
      return absl::StrCat(SelectFrom(kPipelineTable),
                          "WHERE account = :account AND state <> 5 AND "
                          "number > :after ORDER BY number LIMIT :limit");
    case PipelineStatement::kSelectDefinition:
      return absl::StrCat(
          SelectFrom(kDefinitionTable),
          "WHERE pipeline = :pipeline AND version = :version AND ",
          kPipelineLives);
    case PipelineStatement::kSelectComponents:
      return absl::StrCat(SelectFrom(kComponentTable),
                          "WHERE pipeline = :pipeline AND ", kPipelineLives,
                          "ORDER BY number");
    case PipelineStatement::kSelectInstance:
      return absl::StrCat(SelectFrom(kInstanceTable), kOfInstance, "AND ",
                          kPipelineLives);
    case PipelineStatement::kSelectInstancesAt:
      return absl::StrCat(SelectFrom(kInstanceTable),
                          "WHERE pipeline = :pipeline AND "
                          "start_time = :start_time AND ",
                          kPipelineLives, "ORDER BY component, owner");
    case PipelineStatement::kSelectAttempts:
      return absl::StrCat(SelectAttempts(dialect),
                          "WHERE a.pipeline = :pipeline AND "
                          "a.start_time = :start_time AND "
                          "a.component = :component AND a.owner = :owner AND ",
                          kPipelineLives, "ORDER BY a.number");
    default:
      return {};
  }
}

// Those that find pages of runs.
std::string ListRuns(PipelineStatement statement, const Dialect& dialect) {
  switch (statement) {
    case PipelineStatement::kCountCreated:
      return absl::StrCat(
          "SELECT count(*) AS n FROM (SELECT 1 FROM instance",
          dialect.IndexHint("instance_by_creation"),
          "WHERE pipeline = :pipeline AND created_at BETWEEN :created_from AND "
          ":created_to LIMIT :limit) AS few");
    case PipelineStatement::kListCreatedInstances:
      return absl::StrCat(
          "SELECT ", kInstanceKey, " FROM instance",
          dialect.IndexHint("instance_by_creation"), kInstanceRange,
          "created_at BETWEEN :created_from AND :created_to AND ",
          kPipelineLives, kInstanceOrder, "LIMIT :limit");
    case PipelineStatement::kListLiveInstances:
      return absl::StrCat(
          "SELECT ", ColumnList(TableShape(kInstanceTable)), " FROM instance",
          dialect.IndexHint("instance_by_end"), kInstanceRange,
          "ended_at = ", kNotEnded, " AND ", kPipelineLives, kInstanceOrder);
    case PipelineStatement::kListInstances:
      return absl::StrCat(SelectFrom(kInstanceTable), kInstanceRange,
                          kPipelineLives, kInstanceOrder);
    case PipelineStatement::kListAttempts:
      return absl::StrCat(
          SelectAttempts(dialect),
          "WHERE a.pipeline = :pipeline AND (a.start_time, a.component, "
          "a.owner, a.number) > (:start_time, :component, :owner, :number) AND "
          "a.start_time <= :start_to AND ",
          kPipelineLives,
          "ORDER BY a.start_time, a.component, a.owner, a.number");
    default:
      return {};
  }
}

}  // namespace

std::string TextOf(PipelineStatement statement, const Dialect& dialect) {
  std::string text = Store(statement, dialect);
  if (!text.empty()) return text;
  for (const auto& part : {ForDiary, ForArchive, ListRuns}) {
    text = part(statement, dialect);
    if (!text.empty()) break;
  }
  return dialect.NumberParameters(text);
}

}  // namespace holdline
