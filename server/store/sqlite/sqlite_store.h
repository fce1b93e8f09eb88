// The embedded store: one SQLite database, in a directory that is locked for
// one process.

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
#include "server/store/sqlite/sqlite_diary.h"
#include "server/store/sqlite/watched_file.h"
#include "server/store/store.h"

namespace holdline {

struct SqliteOptions {
  // Opens the store even if committed data was lost: creates a new database if
  // it is missing, and ignores the part of the log that cannot be read. The log
  // is kept as `holdline.db-wal.lost`.
  bool accept_loss = false;

  // Called by Open with each finding, a sentence: a loss that was accepted, or
  // an incomplete transaction at the end of the log, which was never
  // acknowledged.
  std::function<void(const std::string& notice)> on_notice = nullptr;
};

// Threads and errors are as in store.h. The destructor, which requires that all
// archives are destroyed, moves everything from the log into the database file,
// if possible.
class SqliteStore : public Store {
 public:
  // Opens the database in `data_directory` and keeps the directory locked as
  // long as the store lives. Creates the directory if only its last component
  // is missing, and the database if there is none; migrates an older one to the
  // present schema.
  //
  // DATA_LOSS, unless `options.accept_loss`, if the directory held a store and
  // its database or log is missing, or the log is damaged; nothing is changed.
  // FAILED_PRECONDITION if another process has the directory, if the directory
  // is not safe (see DataDirectory), or if the database is another program's or
  // of a newer Holdline. Otherwise UNAVAILABLE and DATA_LOSS as in store.h.
  static absl::StatusOr<std::unique_ptr<SqliteStore>> Open(
      const std::string& data_directory, const SqliteOptions& options = {});

  // Whether no store was ever created in `data_directory`.
  static bool IsNew(const std::string& data_directory);

  // Replaces the database by a copy without unused pages. Takes long, and needs
  // as much free disk space as the used pages have. A database of an earlier
  // version can return unused pages to the file system from then on. Returns
  // the space that the copy takes; errors as CopyCompacted, after which the
  // store is unchanged. REQUIRES, of this and Space: neither the diary nor an
  // archive was used yet.
  absl::StatusOr<StoreSpace> Compact(const CompactionProgress& progress);

  // The space that the store takes on disk.
  absl::StatusOr<StoreSpace> Space() { return diary_.writer().Space(); }

  Diary& diary() override { return diary_; }
  std::unique_ptr<Archive> OpenArchive() override;

 private:
  explicit SqliteStore(std::unique_ptr<DataDirectory> directory)
      : directory_(std::move(directory)), diary_(directory_.get()) {}

  // Opens the database, after Open has checked its files; see
  // SqliteDiary::Open.
  absl::Status OpenDatabase(bool suspect);

  const std::unique_ptr<DataDirectory> directory_;
  SqliteDiary diary_;

  // The database file that was opened, which archives must find again.
  std::optional<WatchedFile> database_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_STORE_H_
