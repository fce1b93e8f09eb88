#include "server/store/sqlite/sqlite_pipeline_trimmer.h"

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/sql/pipeline_statements.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sql/stored_time.h"
#include "server/store/sqlite/sqlite_dialect.h"
#include "server/store/sqlite/sqlite_rows.h"

namespace holdline {
namespace {

std::string Sql(PipelineStatement statement) {
  return TextOf(statement, kSqliteDialect);
}

}  // namespace

SqlitePipelineTrimmer::SqlitePipelineTrimmer(SqliteConnection& connection)
    : connection_(connection),
      has_work_(connection, Sql(PipelineStatement::kHasEnded)),
      select_ended_(connection, Sql(PipelineStatement::kSelectEnded)),
      delete_instance_(connection, Sql(PipelineStatement::kDeleteInstance)),
      delete_attempts_(connection, Sql(PipelineStatement::kDeleteAttempts)),
      select_leftover_(connection, Sql(PipelineStatement::kSelectLeftover)),
      delete_leftover_(connection, Sql(PipelineStatement::kDeleteLeftover)),
      delete_some_attempts_(connection,
                            Sql(PipelineStatement::kDeleteSomeAttempts)),
      delete_some_instances_(connection,
                             Sql(PipelineStatement::kDeleteSomeInstances)),
      delete_some_components_(connection,
                              Sql(PipelineStatement::kDeleteSomeComponents)),
      delete_some_definitions_(
          connection, Sql(PipelineStatement::kDeleteSomeDefinitions)) {}

absl::StatusOr<bool> SqlitePipelineTrimmer::HasWork(absl::Time ended_before) {
  has_work_.Bind("ended_before", Microseconds(ended_before));
  const auto found = ReadNumber(has_work_, "n");
  if (!found.ok()) return found.status();
  return found->value_or(0) != 0;
}

absl::StatusOr<int> SqlitePipelineTrimmer::Trim(absl::Time ended_before,
                                                int limit) {
  auto instances = TrimInstances(ended_before, limit);
  if (!instances.ok()) return instances.status();
  int trimmed = *instances;
  while (trimmed < limit) {
    const auto leftover = ReadNumber(select_leftover_, "pipeline");
    if (!leftover.ok()) return leftover.status();
    if (!leftover->has_value()) break;
    auto rows = TrimLeftover(**leftover, limit - trimmed);
    if (!rows.ok()) return rows.status();
    trimmed += *rows;
  }
  return trimmed;
}

absl::StatusOr<int> SqlitePipelineTrimmer::TrimInstances(
    absl::Time ended_before, int limit) {
  select_ended_.Bind("ended_before", Microseconds(ended_before));
  select_ended_.Bind("limit", int64_t{limit});
  auto ended = ReadRows(select_ended_, kInstanceKeyColumns);
  if (!ended.ok()) return ended.status();
  for (const InstanceKey& key : *ended) {
    if (absl::Status status = DeleteInstance(key); !status.ok()) return status;
  }
  return static_cast<int>(ended->size());
}

absl::Status SqlitePipelineTrimmer::DeleteInstance(const InstanceKey& key) {
  for (SqliteStatement* statement : {&delete_instance_, &delete_attempts_}) {
    Write(key, kInstanceKeyColumns, *statement);
    if (absl::Status status = statement->Run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> SqlitePipelineTrimmer::TrimLeftover(int64_t pipeline,
                                                        int limit) {
  int trimmed = 0;
  for (SqliteStatement* statement :
       {&delete_some_attempts_, &delete_some_instances_,
        &delete_some_components_, &delete_some_definitions_}) {
    auto deleted = DeleteSome(pipeline, limit - trimmed, *statement);
    if (!deleted.ok()) return deleted.status();
    trimmed += *deleted;
    if (trimmed == limit) return trimmed;
  }
  delete_leftover_.Bind("pipeline", pipeline);
  if (absl::Status status = delete_leftover_.Run(); !status.ok()) return status;
  return trimmed;
}

absl::StatusOr<int> SqlitePipelineTrimmer::DeleteSome(
    int64_t pipeline, int limit, SqliteStatement& statement) {
  statement.Bind("pipeline", pipeline);
  statement.Bind("limit", int64_t{limit});
  if (absl::Status status = statement.Run(); !status.ok()) return status;
  return static_cast<int>(connection_.changes());
}

}  // namespace holdline
