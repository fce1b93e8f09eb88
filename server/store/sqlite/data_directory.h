// The directory that holds the database, for one process at a time.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_
#define HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace holdline {

// Holds the lock of a directory as long as it lives. A process that dies loses
// the lock, whatever the cause. The directory itself is locked: what is deleted
// or replaced in it lets nobody else in.
class DataDirectory {
 public:
  // Takes `path` for this process; creates it, for this user alone, if only its
  // last part is missing.
  //
  // FAILED_PRECONDITION if another process has it (its id is named), if it is
  // no directory, or if another user owns it or may write in it. UNAVAILABLE if
  // it cannot be created or written.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Claim(
      const std::string& path);

  ~DataDirectory();

  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  // Creates an empty database file, readable for this user alone, unless there
  // is one. UNAVAILABLE if it cannot be created.
  absl::Status CreateDatabase() const;

  // Makes the names in the directory survive a loss of power. UNAVAILABLE.
  absl::Status SyncNames() const;

  std::string database_path() const { return path_ + "/holdline.db"; }
  std::string state_path() const { return path_ + "/holdline.state"; }

 private:
  DataDirectory(std::string path, int directory)
      : path_(std::move(path)), directory_(directory) {}

  // Takes the locks and leaves this process's id.
  absl::Status Lock();

  const std::string path_;

  // File descriptors that hold the locks. That of a file is what versions know
  // that do not lock the directory; it also holds the process's id. -1 before
  // Lock.
  const int directory_;
  int lock_file_ = -1;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_DATA_DIRECTORY_H_
