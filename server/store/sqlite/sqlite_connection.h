// SQLite's connection and prepared statement as values that clean up.

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
  // Opens a database file, which must exist; it may be empty. Closing leaves
  // the log alone unless DeleteLogOnClose says otherwise.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(
      const std::string& path, SqliteMode mode);

  // REQUIRES: no statement is left. Rolls back what was not committed.
  ~SqliteConnection();

  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  // Runs statements, separated by semicolons, and drops the rows they return.
  absl::Status Run(const std::string& sql);

  // Runs a statement that returns one number.
  absl::StatusOr<int64_t> Number(absl::string_view sql);

  // Watches the files from now on. REQUIRES: something was read, so that the
  // log is open.
  void WatchFiles() { files_.emplace(path_); }

  // What has become of the files. REQUIRES: they are watched.
  DatabaseFiles& files() { return *files_; }

  // Moves the log into the database file and empties it.
  absl::Status Checkpoint();

  // The last connection that closes moves the log into the database and deletes
  // it, so that the database file alone is the store.
  void DeleteLogOnClose();

  // How many rows the last statement has changed.
  int64_t changes() const { return sqlite3_changes64(database_); }

  // What is wrong, for a result code of a call with this connection.
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
// Parameters are bound by their numbers, which for named ones is the order in
// which they stand in the SQL, and columns are read in that order. Each is
// named nevertheless, and the first use holds the names, where the SQL has any,
// against it: so a mistake cannot go unseen, and costs nothing later.
//
// Errors stick until Finish: the first one ends the rows and is returned.
class SqliteStatement final : public ValueWriter, public ValueReader {
 public:
  // The connection must outlive this.
  SqliteStatement(SqliteConnection& connection, absl::string_view sql);
  ~SqliteStatement() { sqlite3_finalize(statement_); }

  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  // Bound texts and blobs must stay until Finish.
  void Bind(const char* name, int64_t value) override;
  void Bind(const char* name, double value) override;
  void BindText(const char* name, absl::string_view value) override;
  void BindBlob(const char* name, absl::string_view value) override;
  void BindKept(const char* name, std::string value) override;

  // Goes to the first or next row; false at the end and after an error.
  bool Next();

  // The value of the next column. A value of another type than asked for is
  // DATA_LOSS. Texts and blobs stay until Next or Finish.
  int64_t Integer(const char* name) override;
  double Real(const char* name) override;
  absl::string_view Text(const char* name) override;
  absl::string_view Blob(const char* name) override;
  void Reject(const char* name) override;

  // Ends the run, so that the statement can be bound and run again, and returns
  // its first error.
  absl::Status Finish();

  // Runs a statement that returns no rows.
  absl::Status Run();

 private:
  // Take the next parameter or column, which must have this name.
  int NextParameter(const char* name);
  int NextColumn(const char* name, int type);

  void Keep(int code);

  SqliteConnection& connection_;
  sqlite3_stmt* statement_ = nullptr;
  absl::Status prepared_;
  absl::Status status_;

  // What BindKept was given; each stays in its place.
  std::deque<std::string> kept_;

  // Already taken.
  int parameters_ = 0;
  int columns_ = 0;

  // Whether the names were held against the SQL.
  bool parameters_known_ = false;
  bool columns_known_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_CONNECTION_H_
