// The trimmer of old runs and of rows left of deleted pipelines.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_TRIMMER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_TRIMMER_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/pipeline/model/ids.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// A part of SqliteWriter.
class SqlitePipelineTrimmer {
 public:
  // The connection must outlive this.
  explicit SqlitePipelineTrimmer(SqliteConnection& connection);

  // Whether Trim would delete anything.
  absl::StatusOr<bool> HasWork(absl::Time ended_before);

  // Deletes, within the caller's transaction, instances that ended before
  // `ended_before`, with their attempts, and then rows of deleted pipelines: at
  // most `limit` in total. Returns how many.
  absl::StatusOr<int> Trim(absl::Time ended_before, int limit);

 private:
  absl::StatusOr<int> TrimInstances(absl::Time ended_before, int limit);
  absl::Status DeleteInstance(const InstanceKey& key);

  // Delete rows of one deleted pipeline.
  absl::StatusOr<int> TrimLeftover(int64_t pipeline, int limit);
  absl::StatusOr<int> DeleteSome(int64_t pipeline, int limit,
                                 SqliteStatement& statement);

  SqliteConnection& connection_;

  SqliteStatement has_work_;
  SqliteStatement select_ended_;
  SqliteStatement delete_instance_;
  SqliteStatement delete_attempts_;
  SqliteStatement select_leftover_;
  SqliteStatement delete_leftover_;

  // Statements on the rows of a deleted pipeline.
  SqliteStatement delete_some_attempts_;
  SqliteStatement delete_some_instances_;
  SqliteStatement delete_some_components_;
  SqliteStatement delete_some_definitions_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_TRIMMER_H_
