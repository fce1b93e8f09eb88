// The statements by which the engine's loop writes and reads rows of pipelines.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_WRITER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_WRITER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// A part of SqliteWriter. Methods with the names of Diary's are described
// there.
class SqlitePipelineWriter {
 public:
  // The connection must outlive this.
  explicit SqlitePipelineWriter(SqliteConnection& connection);

  // Writes a batch, within the caller's transaction.
  absl::Status Write(const PipelineBatch& batch);

  absl::StatusOr<PipelineRows> LoadPipelines();
  absl::StatusOr<std::optional<Instance>> ReadInstance(const InstanceKey& key);
  absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                  const std::string& id);

 private:
  absl::Status WritePipeline(const PipelineRecord& record);
  absl::Status WriteInstance(const Instance& instance);
  absl::Status WriteNotifications(const PipelineBatch& batch);

  SqliteConnection& connection_;

  SqliteStatement put_pipeline_;
  SqliteStatement put_leftover_;
  SqliteStatement put_definition_;
  SqliteStatement put_component_;
  SqliteStatement change_instance_;
  SqliteStatement put_instance_;
  SqliteStatement put_attempt_;
  SqliteStatement put_notification_;
  SqliteStatement delete_notification_;
  SqliteStatement update_counter_;
  SqliteStatement select_instance_;
  SqliteStatement count_deleted_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_WRITER_H_
