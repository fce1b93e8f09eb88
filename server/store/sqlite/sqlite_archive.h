// An archive of a SQLite store: a connection of its own.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ARCHIVE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ARCHIVE_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/archive.h"
#include "server/store/sqlite/sqlite_reader.h"
#include "server/store/sqlite/watched_file.h"

namespace holdline {

// An error closes the connection; the next call opens another one, provided
// that the path still leads to the database that the store has opened.
class SqliteArchive : public Archive {
 public:
  // `database` watches the file that the store has opened at `path`.
  SqliteArchive(std::string path, const WatchedFile& database)
      : path_(std::move(path)), database_(database) {}

  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) override;
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id) override;
  absl::StatusOr<TaskPage> List(const TaskFilter& filter) override;
  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) override;
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) override;
  absl::StatusOr<std::optional<SharedDefinition>> ReadDefinition(
      PipelineNumber pipeline, int version) override;
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<std::vector<Instance>> InstancesAt(PipelineNumber pipeline,
                                                    absl::Time start) override;
  absl::StatusOr<std::vector<Attempt>> AttemptsOf(
      const InstanceKey& instance) override;
  absl::StatusOr<InstancePage> ListInstances(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit) override;
  absl::StatusOr<AttemptPage> ListAttempts(
      const RunFilter& filter, const std::optional<AttemptKey>& after,
      int limit) override;

 private:
  absl::Status OpenReader();

  // Calls `use` with the reader, after checking that it has the same files open
  // as the writer; closes it after an error.
  template <typename Use>
  auto Ask(Use use) -> decltype(use(std::declval<SqliteReader&>()));

  const std::string path_;
  WatchedFile database_;

  // Null before the first call and after an error.
  std::unique_ptr<SqliteReader> reader_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ARCHIVE_H_
