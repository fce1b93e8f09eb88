// A disk under SQLite that fails, stalls or loses its power when a test says
// so.
//
// While it lives, it stands in front of the system's files for every database
// that this process opens. Nothing is really synced: what a loss of power
// leaves is kept beside the files.

#ifndef HOLDLINE_SERVER_STORE_TESTING_FAULTY_VFS_H_
#define HOLDLINE_SERVER_STORE_TESTING_FAULTY_VFS_H_

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace holdline {

// Thread-safe.
class FaultyVfs {
 public:
  FaultyVfs();

  // REQUIRES: no database is open.
  ~FaultyVfs();

  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  // Lets `count` changes (a write, truncation, sync or deletion each) pass and
  // fails all that follow until Heal: with ENOSPC or EIO, for example.
  void FailAfter(int64_t count, int error);

  // What a failed sync was to write stays readable and never reaches the disk,
  // however often it is synced again: so Linux does it.
  void Heal();

  // How many changes were failed since the last FailAfter.
  int64_t failed();

  // Called at the beginning of each sync, on the thread that syncs.
  void OnSync(std::function<void()> on_sync);

  // Makes the files what they are after a loss of power: what was synced, and
  // of later changes those for which `survives` says so.
  // REQUIRES: no database is open.
  void CutPower(const std::function<bool()>& survives);

  // Forgets the files, which were deleted.
  void Forget();

  // For the file functions of this VFS. Begin a change and return how it fails,
  // or SQLITE_OK.
  int BeginChange(int code);
  int last_error();
  void Changed(const std::string& path, int64_t offset, std::string bytes);
  void Truncated(const std::string& path, int64_t size);
  void Synced(const std::string& path);
  void SyncFailed(const std::string& path);
  void Deleted(const std::string& path);

 private:
  // A write at `offset`, or a truncation to it.
  struct Change {
    int64_t offset;
    std::optional<std::string> bytes;
  };

  struct File {
    std::string synced;
    std::vector<Change> later;
    bool sync_failed = false;
  };

  static void Apply(const Change& change, std::string& content);

  sqlite3_vfs vfs_;

  absl::Mutex mutex_;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_sync_ ABSL_GUARDED_BY(mutex_);
  int64_t changes_left_ ABSL_GUARDED_BY(mutex_) =
      std::numeric_limits<int64_t>::max();
  int64_t failed_ ABSL_GUARDED_BY(mutex_) = 0;
  int error_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_FAULTY_VFS_H_
