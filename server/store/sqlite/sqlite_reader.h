// The read-only connection of an archive, used concurrently with the writer.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_READER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_READER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/broker/ids.h"
#include "server/store/archive.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_pipeline_reader.h"

namespace holdline {

// For one thread. The methods are those of Archive. After an error of any of
// them the reader must be destroyed and another one opened.
class SqliteReader {
 public:
  // Opens a database that a writer has open.
  static absl::StatusOr<std::unique_ptr<SqliteReader>> Open(
      const std::string& path);

  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account);
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id);
  absl::StatusOr<TaskPage> List(const TaskFilter& filter);

  // Whether the files are still those that the writer has open.
  absl::Status Check() { return connection_->files().Check(); }

  SqlitePipelineReader& pipelines() { return pipelines_; }

 private:
  explicit SqliteReader(std::unique_ptr<SqliteConnection> connection);

  absl::StatusOr<std::optional<TaskHistory>> ReadHistory(TaskId id);

  const std::unique_ptr<SqliteConnection> connection_;

  SqliteStatement begin_;
  SqliteStatement end_;
  SqliteStatement select_account_;
  SqliteStatement select_task_;
  SqliteStatement select_payload_;
  SqliteStatement select_attempts_;
  SqliteStatement list_all_;
  SqliteStatement list_live_;

  SqlitePipelineReader pipelines_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_READER_H_
