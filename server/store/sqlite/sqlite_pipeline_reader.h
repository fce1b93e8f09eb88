// The read-only statements on pipelines and their history.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_READER_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"
#include "server/store/archive.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// A part of SqliteReader. The methods are those of Archive.
class SqlitePipelineReader {
 public:
  // The connection must outlive this.
  explicit SqlitePipelineReader(SqliteConnection& connection);

  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id);
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit);
  absl::StatusOr<std::optional<SharedDefinition>> ReadDefinition(
      PipelineNumber pipeline, int version);
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline);
  absl::StatusOr<std::optional<Instance>> ReadInstance(const InstanceKey& key);
  absl::StatusOr<std::vector<Instance>> InstancesAt(PipelineNumber pipeline,
                                                    absl::Time start);
  absl::StatusOr<std::vector<Attempt>> AttemptsOf(const InstanceKey& instance);
  absl::StatusOr<InstancePage> ListInstances(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit);
  absl::StatusOr<AttemptPage> ListAttempts(
      const RunFilter& filter, const std::optional<AttemptKey>& after,
      int limit);

 private:
  // Whether so few instances were created in the range `created` that reading
  // these by creation time is cheaper than reading all in key order.
  absl::StatusOr<bool> FewWereCreated(const RunFilter& filter);

  // The three query plans for a page of instances: by creation time, only live
  // ones, all in key order.
  absl::StatusOr<InstancePage> ListCreated(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit);
  absl::StatusOr<InstancePage> ListLive(const RunFilter& filter,
                                        const std::optional<InstanceKey>& after,
                                        int limit);
  absl::StatusOr<InstancePage> ListAll(const RunFilter& filter,
                                       const std::optional<InstanceKey>& after,
                                       int limit);

  SqliteStatement begin_;
  SqliteStatement end_;
  SqliteStatement select_pipeline_;
  SqliteStatement list_pipelines_;
  SqliteStatement select_definition_;
  SqliteStatement select_components_;
  SqliteStatement select_instance_;
  SqliteStatement select_instances_at_;
  SqliteStatement select_attempts_;
  SqliteStatement count_created_;
  SqliteStatement list_created_;
  SqliteStatement list_live_;
  SqliteStatement list_all_;
  SqliteStatement list_attempts_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_PIPELINE_READER_H_
