// Functions that run statements on whole rows.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_

#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/sql/column.h"
#include "server/store/sql/table.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Runs a statement that stores a row of `table`.
template <typename Row>
absl::Status WriteRow(const Row& row, const Table<Row>& table,
                      SqliteStatement& statement) {
  Write(row, table.columns, statement);
  return statement.Run();
}

template <typename Row>
absl::Status WriteRows(const std::vector<Row>& rows, const Table<Row>& table,
                       SqliteStatement& statement) {
  for (const Row& row : rows) {
    absl::Status status = WriteRow(row, table, statement);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Runs a statement whose parameters are bound, and reads its rows with `read`.
template <typename Read>
auto ReadRows(SqliteStatement& statement, Read read)
    -> absl::StatusOr<std::vector<decltype(read(statement))>> {
  std::vector<decltype(read(statement))> rows;
  while (statement.Next()) rows.push_back(read(statement));
  if (absl::Status status = statement.Finish(); !status.ok()) return status;
  return rows;
}

// As ReadRows, for a statement that returns at most one row.
template <typename Read>
auto ReadRow(SqliteStatement& statement, Read read)
    -> absl::StatusOr<std::optional<decltype(read(statement))>> {
  std::optional<decltype(read(statement))> row;
  if (statement.Next()) row = read(statement);
  if (absl::Status status = statement.Finish(); !status.ok()) return status;
  return row;
}

// As above, for rows with these columns.
template <typename Row>
absl::StatusOr<std::vector<Row>> ReadRows(SqliteStatement& statement,
                                          Columns<Row> columns) {
  return ReadRows(
      statement, [&](SqliteStatement& row) { return Read<Row>(columns, row); });
}

template <typename Row>
absl::StatusOr<std::optional<Row>> ReadRow(SqliteStatement& statement,
                                           Columns<Row> columns) {
  return ReadRow(statement,
                 [&](SqliteStatement& row) { return Read<Row>(columns, row); });
}

// Runs a statement that returns at most one row with one number, the column
// `name`.
inline absl::StatusOr<std::optional<int64_t>> ReadNumber(
    SqliteStatement& statement, const char* name) {
  return ReadRow(statement,
                 [name](SqliteStatement& row) { return row.Integer(name); });
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ROWS_H_
