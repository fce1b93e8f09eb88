// The connection that commits, and everything that the broker's thread asks.

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
// MayBeClosed is to be asked: if it says so, the writer must be destroyed, and
// another one opened; otherwise it can be asked again.
class SqliteWriter {
 public:
  // Opens the database at `path`, which must exist, brings an older or empty
  // one to the present schema, and moves what is in its log into its file.
  //
  // The last step is not for tidiness: after a failed sync, what is in the log
  // may be readable although it is not on disk. Nothing is to be built on it
  // before it is.
  //
  // FAILED_PRECONDITION as CheckSchema says; otherwise as store.h says.
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

  // As the function of that name.
  absl::Status CopyCompacted(const std::string& path,
                             const CompactionProgress& progress) {
    return holdline::CopyCompacted(*connection_, path, progress);
  }

  // Looks for damage in the whole database, which may take long. DATA_LOSS.
  absl::Status CheckIntegrity();

  // Rolls back what was not committed. Whether the writer may be destroyed:
  // true unless files of the database are not in place, so that the only copy
  // of what was committed may be the one that is open here. If that is the log,
  // moves it into the database, and if that succeeds leaves an empty log in its
  // place.
  bool MayBeClosed();

  // What the writer leaves behind when it is destroyed.
  const DatabaseFiles& files() const { return connection_->files(); }

  // Moves everything into the database file before an orderly end; it then is
  // the whole store. UNAVAILABLE if that fails: nothing is lost.
  absl::Status Settle();

  // Lets the destruction of the writer, as the last connection, delete the log.
  void DeleteLogOnClose() { connection_->DeleteLogOnClose(); }

  // What there is to read of pipelines.
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
