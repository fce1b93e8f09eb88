#include "server/store/sqlite/sqlite_connection.h"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/sqlite_error.h"

namespace holdline {
namespace {

// How long to wait for another program that has locked the database.
constexpr int kBusyMilliseconds = 1000;

// A name that differs from the SQL's is a mistake in this program.
void CheckName(const char* expected, const char* actual) {
  if (actual == nullptr || std::strcmp(expected, actual) != 0) std::abort();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(
    const std::string& path, SqliteMode mode) {
  const int access = mode == SqliteMode::kReadOnly ? SQLITE_OPEN_READONLY
                                                   : SQLITE_OPEN_READWRITE;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &database,
                                   access | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteConnection> connection(
      new SqliteConnection(path, database));
  if (code != SQLITE_OK) return connection->Error(code);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyMilliseconds);
  sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (mode == SqliteMode::kReadWrite &&
      sqlite3_db_readonly(database, "main") != 0) {
    return connection->Error(SQLITE_READONLY);
  }
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close(database_); }

absl::Status SqliteConnection::Run(const std::string& sql) {
  const int code =
      sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Error(code);
}

absl::StatusOr<int64_t> SqliteConnection::Number(absl::string_view sql) {
  SqliteStatement statement(*this, absl::StrCat("SELECT n FROM (", sql, ")"));
  const int64_t number = statement.Next() ? statement.Integer("n") : 0;
  if (absl::Status status = statement.Finish(); !status.ok()) return status;
  return number;
}

absl::Status SqliteConnection::Checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(
      database_, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (code != SQLITE_OK) return Error(code);
  if (files_.has_value()) files_->LogEmptied();
  return absl::OkStatus();
}

void SqliteConnection::DeleteLogOnClose() {
  sqlite3_db_config(database_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

absl::Status SqliteConnection::Error(int code) const {
  return SqliteError(database_, code, path_);
}

SqliteStatement::SqliteStatement(SqliteConnection& connection,
                                 absl::string_view sql)
    : connection_(connection) {
  const int code = sqlite3_prepare_v3(
      connection.database(), sql.data(), static_cast<int>(sql.size()),
      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) prepared_ = connection.Error(code);
  status_ = prepared_;
}

void SqliteStatement::Keep(int code) {
  if (code != SQLITE_OK && status_.ok()) status_ = connection_.Error(code);
}

int SqliteStatement::NextParameter(const char* name) {
  ++parameters_;
  if (!parameters_known_ && prepared_.ok()) {
    const char* actual = sqlite3_bind_parameter_name(statement_, parameters_);
    if (actual == nullptr || *actual != '?') {
      CheckName(name, actual == nullptr ? nullptr : actual + 1);
    }
  }
  return parameters_;
}

void SqliteStatement::Bind(const char* name, int64_t value) {
  Keep(sqlite3_bind_int64(statement_, NextParameter(name), value));
}

void SqliteStatement::Bind(const char* name, double value) {
  Keep(sqlite3_bind_double(statement_, NextParameter(name), value));
}

// A null pointer would be bound as NULL.
void SqliteStatement::BindText(const char* name, absl::string_view value) {
  Keep(sqlite3_bind_text64(statement_, NextParameter(name),
                           value.empty() ? "" : value.data(), value.size(),
                           SQLITE_STATIC, SQLITE_UTF8));
}

void SqliteStatement::BindBlob(const char* name, absl::string_view value) {
  Keep(sqlite3_bind_blob64(statement_, NextParameter(name),
                           value.empty() ? "" : value.data(), value.size(),
                           SQLITE_STATIC));
}

void SqliteStatement::BindKept(const char* name, std::string value) {
  kept_.push_back(std::move(value));
  BindBlob(name, kept_.back());
}

bool SqliteStatement::Next() {
  if (!status_.ok()) return false;
  if (columns_ > 0) columns_known_ = true;
  columns_ = 0;
  parameters_known_ = true;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) Keep(code);
  return false;
}

int SqliteStatement::NextColumn(const char* name, int type) {
  const int column = columns_++;
  if (!columns_known_) {
    CheckName(name, sqlite3_column_name(statement_, column));
  }
  if (sqlite3_column_type(statement_, column) != type) Reject(name);
  return column;
}

void SqliteStatement::Reject(const char* name) {
  if (!status_.ok()) return;
  status_ = absl::DataLossError(absl::StrCat(
      "the database ", connection_.path(), " is damaged: a value of ", name,
      " is missing or impossible; restore it from a backup"));
}

int64_t SqliteStatement::Integer(const char* name) {
  return sqlite3_column_int64(statement_, NextColumn(name, SQLITE_INTEGER));
}

double SqliteStatement::Real(const char* name) {
  return sqlite3_column_double(statement_, NextColumn(name, SQLITE_FLOAT));
}

// Read as a blob, a text is not copied to be ended with a zero.
absl::string_view SqliteStatement::Text(const char* name) {
  const int column = NextColumn(name, SQLITE_TEXT);
  const void* data = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(data),
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

absl::string_view SqliteStatement::Blob(const char* name) {
  const int column = NextColumn(name, SQLITE_BLOB);
  const void* data = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(data),
          static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

absl::Status SqliteStatement::Finish() {
  sqlite3_reset(statement_);
  kept_.clear();
  parameters_ = 0;
  columns_ = 0;
  return std::exchange(status_, prepared_);
}

absl::Status SqliteStatement::Run() {
  Next();
  return Finish();
}

}  // namespace holdline
