// The embedded store: one SQLite database in a directory of its own.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_STORE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/sqlite/compaction.h"
#include "server/store/sqlite/data_directory.h"
#include "server/store/sqlite/database_files.h"
#include "server/store/sqlite/sqlite_reader.h"
#include "server/store/sqlite/sqlite_writer.h"
#include "server/store/sqlite/watched_file.h"
#include "server/store/store.h"

namespace holdline {

struct SqliteOptions {
  // Goes on although the store has lost a part of what it held: begins a new
  // database if there is none, and drops what cannot be read. What is left of
  // the log is kept as `holdline.db-wal.lost`.
  bool accept_loss = false;

  // Is told what the opening found, a sentence each: a loss that was accepted,
  // or a transaction that was cut off and never acknowledged.
  std::function<void(const std::string& notice)> on_notice = nullptr;
};

// Threads and errors are as store.h says. Each error closes the connection that
// met it; the next call opens it again. So the store serves again as soon as
// the cause is gone. A connection whose files are gone stays until they are
// back or what they held is safe.
class SqliteStore : public Store {
 public:
  // Opens the database in `data_directory` and keeps the directory locked as
  // long as the store lives. Creates the directory if only its last part is
  // missing, and the database if there is none; brings an older one to the
  // present schema.
  //
  // DATA_LOSS, unless `options` accept it, if a store was kept there and its
  // database or log is missing, or the log is damaged; nothing is changed.
  // FAILED_PRECONDITION, for what an operator has to change: another process
  // has the directory, it is not safe (see DataDirectory), or the database is
  // another program's or of a newer Holdline. Otherwise UNAVAILABLE and
  // DATA_LOSS as store.h says.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(
      const std::string& data_directory, const SqliteOptions& options = {});

  // Whether no store was ever begun in `data_directory`.
  static bool IsNew(const std::string& data_directory);

  // Replaces the database by a copy without its unused pages, which takes long
  // and as much room again as is in use. Also makes one that was begun by an
  // earlier version give room back later on. Returns the room that is taken
  // now; errors as CopyCompacted, after which the store is as it was.
  // REQUIRES, of this and Space: nothing was asked of the store yet.
  absl::StatusOr<StoreSpace> Compact(const CompactionProgress& progress);

  // How much room the store takes.
  absl::StatusOr<StoreSpace> Space() { return writer_->Space(); }

  // Leaves everything in the database file, unless that fails.
  ~SqliteStore() override;

  absl::StatusOr<State> Load() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override;
  absl::StatusOr<std::string> Secret() override;
  absl::Status Check() override;
  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) override;
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id) override;
  absl::StatusOr<TaskPage> List(const TaskFilter& filter) override;

  absl::StatusOr<PipelineRows> LoadPipelines() override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<std::vector<Instance>> ReadInstancesAt(
      PipelineNumber pipeline, absl::Time start) override;
  absl::StatusOr<bool> ReadDeletedPipeline(const AccountId& account,
                                           const std::string& id) override;
  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) override;
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) override;
  absl::StatusOr<std::optional<Definition>> ReadDefinition(
      PipelineNumber pipeline, int version) override;
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) override;
  absl::StatusOr<std::optional<Instance>> FindInstance(
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
  explicit SqliteStore(std::unique_ptr<DataDirectory> directory)
      : directory_(std::move(directory)) {}

  // Opens the database that `Open` has found to be whole or to be accepted.
  absl::Status OpenFirst(bool suspect);

  // Closes the writer so that the database file alone is the store.
  absl::Status CloseWriter();

  // Opens a writer that was closed after an error, if it will find the files
  // that it has left.
  absl::Status OpenAgain();

  // Opens a reader, if it will find the database that was opened first.
  absl::Status OpenReader();

  // Tells the writer, which is closed after an error if it may be.
  template <typename Use>
  auto Tell(Use use) -> decltype(use(std::declval<SqliteWriter&>()));

  // Asks the reader, which must have the files that the writer has, and is
  // closed after an error.
  template <typename Use>
  auto Ask(Use use) -> decltype(use(std::declval<SqliteReader&>()));

  const std::unique_ptr<DataDirectory> directory_;

  // Null after an error. Each is for one of the two threads.
  std::unique_ptr<SqliteWriter> writer_;
  std::unique_ptr<SqliteReader> reader_;

  // What the writer has left behind, while there is none.
  std::optional<DatabaseFiles> left_;

  // The database that was opened first, for the thread of the reader.
  std::optional<WatchedFile> database_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_STORE_H_
