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

// An error closes the connection; the next call opens another one, so the store
// works again as soon as the cause is gone. A connection whose files are gone
// remains open until they are back or its data is saved
// (SqliteWriter::MayBeClosed).
class SqliteDiary : public Diary {
 public:
  // `directory` is not owned and must outlive this. All methods but Open
  // REQUIRE that it has succeeded.
  explicit SqliteDiary(DataDirectory* directory) : directory_(*directory) {}

  // Closes as Close does, if possible.
  ~SqliteDiary() override;

  // Opens the database, or creates it if there is none. The caller has checked
  // its files (store_check.h). If it is `suspect`, checks all of it, and
  // returns DATA_LOSS if it is damaged. Otherwise errors as SqliteWriter::Open.
  absl::Status Open(bool suspect);

  // Moves everything into the database file, so that it alone is the store.
  // REQUIRES, of this and writer(): no call has failed.
  absl::Status Close();

  // The open writer.
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
  // Opens a new writer after an error, if the files are still those that the
  // closed one had open.
  absl::Status OpenAgain();

  // Calls `use` with the writer; after an error closes that, if it may be
  // closed.
  template <typename Use>
  auto Tell(Use use) -> decltype(use(std::declval<SqliteWriter&>()));

  DataDirectory& directory_;

  // Null after an error.
  std::unique_ptr<SqliteWriter> writer_;

  // The files of the closed writer, while there is none.
  std::optional<DatabaseFiles> left_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIARY_H_
