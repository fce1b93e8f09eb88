// SQLite's connection and prepared statement as objects that own their handles.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_CONNECTION_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_CONNECTION_H_

#include <sqlite3.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/store/sql/values.h"
#include "server/store/sqlite/database_files.h"

namespace holdline {

enum class SqliteMode { kReadWrite, kReadOnly };

// A connection, for one thread at a time. Errors are UNAVAILABLE or DATA_LOSS,
// as store.h says, with the database's path and what to do.
class SqliteConnection {
 public:
  // Opens a database file, which must exist and may be empty. Closing does not
  // checkpoint or delete the write-ahead log, except after DeleteLogOnClose.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(
      const std::string& path, SqliteMode mode);

  // Rolls back an open transaction. REQUIRES: all statements are destroyed.
  ~SqliteConnection();

  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Runs statements, separated by semicolons, and ignores the rows they return.
  absl::Status Run(const std::string& sql);

  // Runs a statement that returns one number.
  absl::StatusOr<int64_t> Number(absl::string_view sql);

  // Begins to watch the files. REQUIRES: something was read before, so that the
  // log is open.
  void WatchFiles() { files_.emplace(path_); }

  // The watched files. REQUIRES: WatchFiles was called.
  DatabaseFiles& files() { return *files_; }

  // Copies the log into the database file and empties it.
  absl::Status Checkpoint();

  // Makes the closing of this connection, if it is the last one, copy the log
  // into the database file and delete it, so that the one file is complete.
  void DeleteLogOnClose();

  // The number of rows that the last statement has changed.
  int64_t changes() const { return sqlite3_changes64(database_); }

  // The error for a result code of the last call with this connection.
  absl::Status Error(int code) const;

  const std::string& path() const { return path_; }
  sqlite3* database() const { return database_; }

 private:
  SqliteConnection(std::string path, sqlite3* database)
      : path_(std::move(path)), database_(database) {}

  const std::string path_;
  sqlite3* const database_;
  std::optional<DatabaseFiles> files_;
};

// A statement, prepared once and run many times.
//
//   SqliteStatement find(connection, "SELECT name FROM task WHERE id = :id");
//   find.Bind("id", 7);
//   while (find.Next()) Use(find.Text("name"));
//   return find.Finish();
//
// Parameters are bound in the order of their numbers, which for named ones is
// that of their first appearance in the SQL; columns are read in order. Each
// call passes the name too, and the first run compares it with the SQL's, if
// that has one: so a mistake is found, at no cost to later runs.
//
// The first error ends the rows and is kept until Finish, which returns it.
class SqliteStatement final : public ValueWriter, public ValueReader {
 public:
  // The connection must outlive this.
  SqliteStatement(SqliteConnection& connection, absl::string_view sql);
  ~SqliteStatement() { sqlite3_finalize(statement_); }

  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  // Bound texts and blobs must remain valid until Finish.
  void Bind(const char* name, int64_t value) override;
  void Bind(const char* name, double value) override;
  void BindText(const char* name, absl::string_view value) override;
  void BindBlob(const char* name, absl::string_view value) override;
  void BindKept(const char* name, std::string value) override;

  // Moves to the first or next row; false at the end and after an error.
  bool Next();

  // The value of the next column; DATA_LOSS if it has another type. Texts and
  // blobs are valid until Next or Finish.
  int64_t Integer(const char* name) override;
  double Real(const char* name) override;
  absl::string_view Text(const char* name) override;
  absl::string_view Blob(const char* name) override;
  void Reject(const char* name) override;

  // Resets the statement, so that it can be bound and run again, and returns
  // the first error of the run.
  absl::Status Finish();

  // Runs a statement that returns no rows.
  absl::Status Run();

 private:
  // Advance to the next parameter or column, which must have this name, and
  // return its index.
  int NextParameter(const char* name);
  int NextColumn(const char* name, int type);

  void Keep(int code);

  SqliteConnection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  absl::Status prepared_;
  absl::Status status_;

  // The values given to BindKept; a deque, because their addresses must not
  // change.
  std::deque<std::string> kept_;

  // The numbers of parameters bound and of columns read.
  int parameters_ = 0;
  int columns_ = 0;

  // Whether the names were compared with the SQL's.
  bool parameters_known_ = false;
  bool columns_known_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_CONNECTION_H_
