// How single values stand in the database's columns.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_COLUMNS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_COLUMNS_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/stored_time.h"

namespace holdline {

inline int64_t Number(TaskId id) { return static_cast<int64_t>(id); }

inline absl::Time ReadTime(const char* name, SqliteStatement& statement) {
  return FromMicroseconds(statement.Integer(name));
}

inline std::string ReadText(const char* name, SqliteStatement& statement) {
  return std::string(statement.Text(name));
}

inline int ReadInt(const char* name, SqliteStatement& statement) {
  return static_cast<int>(statement.Integer(
      name, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

inline bool ReadBool(const char* name, SqliteStatement& statement) {
  return statement.Integer(name, 0, 1) != 0;
}

// `last` is the greatest value of the enumeration, whose least is 0.
template <typename Enum>
Enum ReadEnum(const char* name, Enum last, SqliteStatement& statement) {
  return static_cast<Enum>(
      statement.Integer(name, 0, static_cast<int64_t>(last)));
}

inline TaskId ReadTaskId(const char* name, SqliteStatement& statement) {
  return TaskId{static_cast<uint64_t>(statement.Integer(name))};
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

// The same for a statement that returns one row at most.
template <typename Read>
auto ReadRow(SqliteStatement& statement, Read read)
    -> absl::StatusOr<std::optional<decltype(read(statement))>> {
  std::optional<decltype(read(statement))> row;
  if (statement.Next()) row = read(statement);
  if (absl::Status status = statement.Finish(); !status.ok()) return status;
  return row;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_COLUMNS_H_
