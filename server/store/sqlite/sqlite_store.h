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
#include "server/store/sqlite/sqlite_diary.h"
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

// Threads and errors are as store.h says. At its end, when no archive is left,
// everything is moved into the database file, unless that fails.
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
  // REQUIRES, of this and Space: nothing was asked of the diary, and no archive
  // opened yet.
  absl::StatusOr<StoreSpace> Compact(const CompactionProgress& progress);

  // How much room the store takes.
  absl::StatusOr<StoreSpace> Space() { return diary_.writer().Space(); }

  Diary& diary() override { return diary_; }
  std::unique_ptr<Archive> OpenArchive() override;

 private:
  explicit SqliteStore(std::unique_ptr<DataDirectory> directory)
      : directory_(std::move(directory)), diary_(directory_.get()) {}

  // Opens the database that `Open` has found to be whole or to be accepted.
  absl::Status OpenDatabase(bool suspect);

  const std::unique_ptr<DataDirectory> directory_;
  SqliteDiary diary_;

  // The database that was opened first, for the archives.
  std::optional<WatchedFile> database_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_STORE_H_
