// The directory that holds the database, for one process at a time.

#ifndef HOLDLINE_SERVER_STORE_DATA_DIRECTORY_H_
#define HOLDLINE_SERVER_STORE_DATA_DIRECTORY_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace holdline {

// Holds the lock of a directory as long as it lives. A process that dies loses
// the lock, whatever the cause.
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

  std::string database_path() const { return path_ + "/holdline.db"; }

 private:
  DataDirectory(std::string path, int lock)
      : path_(std::move(path)), lock_(lock) {}

  const std::string path_;
  const int lock_;  // a file descriptor
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_DATA_DIRECTORY_H_
