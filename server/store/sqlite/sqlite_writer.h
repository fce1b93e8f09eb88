// The connection that commits, and the statements that the engine's loop runs.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_WRITER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_WRITER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/task.h"
#include "server/pipeline/model/batch.h"
#include "server/store/diary.h"
#include "server/store/sqlite/compaction.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_pipeline_trimmer.h"
#include "server/store/sqlite/sqlite_pipeline_writer.h"

namespace holdline {

// For one thread. The methods are those of Diary. After an error of any of them
// the caller must call MayBeClosed: if that returns true, the writer must be
// destroyed and another one opened; otherwise the call can be retried.
class SqliteWriter {
 public:
  // Opens the database at `path`, which must exist, migrates an older or empty
  // one to the present schema, and copies its log into the database file.
  //
  // The last step is needed for durability: after a failed sync, the log may be
  // readable from the page cache without being on disk, and nothing may depend
  // on it before it is synced.
  //
  // FAILED_PRECONDITION as in CheckSchema; otherwise errors as in store.h.
  static absl::StatusOr<std::unique_ptr<SqliteWriter>> Open(
      const std::string& path);

  absl::StatusOr<State> Load();
  absl::Status Commit(const Batch& tasks, const PipelineBatch& pipelines);
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id);

  // Nothing if there is no such task.
  absl::StatusOr<std::optional<std::string>> ReadPayload(TaskId id);

  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit);
  absl::StatusOr<StoreSpace> Shrink();
  absl::StatusOr<std::string> Secret();
  absl::Status Check();

  absl::StatusOr<StoreSpace> Space();

  // As the function CopyCompacted.
  absl::Status CopyCompacted(const std::string& path,
                             const CompactionProgress& progress) {
    return holdline::CopyCompacted(*connection_, path, progress);
  }

  // Checks the whole database, which may take long. DATA_LOSS if it is damaged.
  absl::Status CheckIntegrity();

  // Rolls back an open transaction, and returns whether the writer may be
  // destroyed: false if a file of the database was deleted or replaced, so that
  // the open file may be the only copy of committed data. If that file is the
  // log, copies it into the database; if that succeeds, creates an empty log in
  // its place and returns true.
  bool MayBeClosed();

  // The files that the writer has open.
  const DatabaseFiles& files() const { return connection_->files(); }

  // Moves everything into the database file before an orderly end, so that it
  // alone is the store. UNAVAILABLE if that fails; nothing is lost.
  absl::Status Settle();

  // As SqliteConnection::DeleteLogOnClose.
  void DeleteLogOnClose() { connection_->DeleteLogOnClose(); }

  // The reads of pipelines.
  SqlitePipelineWriter& pipelines() { return pipelines_; }

 private:
  explicit SqliteWriter(std::unique_ptr<SqliteConnection> connection);

  absl::Status CommitTransaction();
  absl::Status WriteTasks(const Batch& batch);
  absl::Status WriteChanges(const Batch& batch);
  absl::Status WriteSettings(const Batch& batch);
  absl::Status WriteRequests(const Batch& batch);
  absl::Status DeleteTask(TaskId id);
  absl::StatusOr<std::vector<TaskId>> EndedTasks(absl::Time ended_before,
                                                 int limit);

  const std::unique_ptr<SqliteConnection> connection_;

  SqliteStatement begin_;
  SqliteStatement commit_;
  SqliteStatement insert_task_;
  SqliteStatement insert_state_;
  SqliteStatement update_state_;
  SqliteStatement insert_attempt_;
  SqliteStatement put_group_;
  SqliteStatement delete_group_;
  SqliteStatement put_runner_;
  SqliteStatement delete_runner_;
  SqliteStatement put_request_;
  SqliteStatement delete_request_;
  SqliteStatement put_account_;
  SqliteStatement update_counter_;
  SqliteStatement select_task_;
  SqliteStatement select_payload_;
  SqliteStatement select_ended_;
  SqliteStatement delete_task_;
  SqliteStatement delete_state_;
  SqliteStatement delete_attempts_;

  SqlitePipelineWriter pipelines_;
  SqlitePipelineTrimmer pipeline_trimmer_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_WRITER_H_
