// The directory that holds the database, for one process at a time.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_
#define HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace holdline {

// Holds a lock of the directory as long as it lives; the kernel releases the
// lock when the process dies. The directory itself is locked, so deleting or
// replacing files in it does not break the lock.
class DataDirectory {
 public:
  // Locks the directory `path` for this process; creates it, accessible to this
  // user only, if only its last component is missing.
  //
  // FAILED_PRECONDITION if another process has the lock (the message has its
  // id), if `path` is no directory, or if another user owns it or may write to
  // it. UNAVAILABLE if it cannot be created or written.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Claim(
      const std::string& path);

  ~DataDirectory();

  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  // Creates an empty database file, readable for this user alone, unless there
  // is one. UNAVAILABLE if it cannot be created.
  absl::Status CreateDatabase() const;

  // Syncs the directory, so that the names in it survive a loss of power.
  // UNAVAILABLE if that fails.
  absl::Status SyncNames() const;

  std::string database_path() const { return path_ + "/holdline.db"; }
  std::string state_path() const { return path_ + "/holdline.state"; }

 private:
  DataDirectory(std::string path, int directory)
      : path_(std::move(path)), directory_(directory) {}

  // Takes the locks and writes this process's id.
  absl::Status Lock();

  const std::string path_;

  // File descriptors that hold the locks. The lock file also holds the
  // process's id, and is locked for versions that do not lock the directory; -1
  // before Lock.
  const int directory_;
  int lock_file_ = -1;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_
