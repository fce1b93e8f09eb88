#include "server/store/sqlite/sqlite_pipeline_trimmer.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/sqlite_columns.h"
#include "server/store/sqlite/sqlite_pipeline_rows.h"

namespace holdline {
namespace {

constexpr absl::string_view kOfInstance =
    "WHERE pipeline = :pipeline AND start_time = :start_time AND "
    "component = :component AND owner = :owner";

// Deletes :limit rows of :pipeline from a table. `key` is the rest of its
// primary key.
std::string DeleteSomeOf(absl::string_view table, absl::string_view key) {
  return absl::StrCat("DELETE FROM ", table,
                      " WHERE pipeline = :pipeline AND (", key, ") IN (SELECT ",
                      key, " FROM ", table,
                      " WHERE pipeline = :pipeline LIMIT :limit)");
}

}  // namespace

SqlitePipelineTrimmer::SqlitePipelineTrimmer(SqliteConnection& connection)
    : connection_(connection),
      has_work_(connection,
                "SELECT EXISTS (SELECT 1 FROM instance WHERE ended_at < "
                ":ended_before) OR EXISTS (SELECT 1 FROM leftover) AS n"),
      select_ended_(connection,
                    "SELECT pipeline, start_time, component, owner FROM "
                    "instance WHERE ended_at < :ended_before "
                    "ORDER BY ended_at LIMIT :limit"),
      delete_instance_(connection,
                       absl::StrCat("DELETE FROM instance ", kOfInstance)),
      delete_attempts_(connection, absl::StrCat("DELETE FROM instance_attempt ",
                                                kOfInstance)),
      select_leftover_(connection,
                       "SELECT pipeline FROM leftover ORDER BY pipeline "
                       "LIMIT 1"),
      delete_leftover_(connection,
                       "DELETE FROM leftover WHERE pipeline = :pipeline"),
      delete_some_attempts_(
          connection, DeleteSomeOf("instance_attempt",
                                   "start_time, component, owner, number")),
      delete_some_instances_(
          connection, DeleteSomeOf("instance", "start_time, component, owner")),
      delete_some_components_(connection, DeleteSomeOf("component", "number")),
      delete_some_definitions_(connection,
                               DeleteSomeOf("definition", "version")) {}

absl::StatusOr<bool> SqlitePipelineTrimmer::HasWork(absl::Time ended_before) {
  has_work_.Bind("ended_before", Microseconds(ended_before));
  auto found =
      ReadRow(has_work_, [](SqliteStatement& row) { return row.Integer("n"); });
  if (!found.ok()) return found.status();
  return found->value_or(0) != 0;
}

absl::StatusOr<int> SqlitePipelineTrimmer::Trim(absl::Time ended_before,
                                                int limit) {
  auto instances = TrimInstances(ended_before, limit);
  if (!instances.ok()) return instances.status();
  int trimmed = *instances;
  while (trimmed < limit) {
    auto leftover = ReadRow(select_leftover_, [](SqliteStatement& row) {
      return row.Integer("pipeline");
    });
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
  auto ended = ReadRows(select_ended_, ReadInstanceKey);
  if (!ended.ok()) return ended.status();
  for (const InstanceKey& key : *ended) {
    if (absl::Status status = DeleteInstance(key); !status.ok()) return status;
  }
  return static_cast<int>(ended->size());
}

absl::Status SqlitePipelineTrimmer::DeleteInstance(const InstanceKey& key) {
  for (SqliteStatement* statement : {&delete_instance_, &delete_attempts_}) {
    BindInstanceKey(key, *statement);
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
