// The diary of a SQLite store.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIARY_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIARY_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/diary.h"
#include "server/store/sqlite/data_directory.h"
#include "server/store/sqlite/database_files.h"
#include "server/store/sqlite/sqlite_writer.h"

namespace holdline {

// Each error closes the connection that met it; the next call opens another
// one. So the store serves again as soon as the cause is gone. A connection
// whose files are gone stays until they are back or what they held is safe.
class SqliteDiary : public Diary {
 public:
  // `directory` is not owned and must outlive this. REQUIRES, of all but Open:
  // it has succeeded.
  explicit SqliteDiary(DataDirectory* directory) : directory_(*directory) {}

  // Closes in order, unless that fails.
  ~SqliteDiary() override;

  // Opens the database, which was found to be whole or is to be accepted;
  // creates it if there is none. DATA_LOSS, of a `suspect` one, if there is
  // damage anywhere in it. Otherwise errors as SqliteWriter::Open.
  absl::Status Open(bool suspect);

  // Leaves everything in the database file, so that it alone is the store.
  // REQUIRES, of this and writer: no call has failed.
  absl::Status Close();

  // What has the database open.
  SqliteWriter& writer() { return *writer_; }

  absl::StatusOr<State> Load() override;
  absl::StatusOr<PipelineRows> LoadPipelines() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                  const std::string& id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override;
  absl::StatusOr<std::string> Secret() override;
  absl::Status Check() override;

 private:
  // Opens a writer that was closed after an error, if it will find the files
  // that it has left.
  absl::Status OpenAgain();

  // Tells the writer, which is closed after an error if it may be.
  template <typename Use>
  auto Tell(Use use) -> decltype(use(std::declval<SqliteWriter&>()));

  DataDirectory& directory_;

  // Null after an error.
  std::unique_ptr<SqliteWriter> writer_;

  // What the writer has left behind, while there is none.
  std::optional<DatabaseFiles> left_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIARY_H_
