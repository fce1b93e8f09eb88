// A virtual file system (VFS) of SQLite that fails, stalls or loses power when
// a test says so.
//
// While it lives, it is the default VFS of all databases that this process
// opens, on top of the operating system's files. It syncs nothing: what would
// survive a loss of power is kept in memory.

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

  // Lets `count` changes (writes, truncations, syncs, deletions) pass and fails
  // all that follow until Heal, with the errno `error`, such as ENOSPC or EIO.
  void FailAfter(int64_t count, int error);

  // Ends the failures. What a failed sync was to write remains readable but
  // never reaches the disk, even if a later sync succeeds, as on Linux.
  void Heal();

  // The number of changes failed since the last FailAfter.
  int64_t failed();

  // Called at the beginning of each sync, on the thread that syncs.
  void OnSync(std::function<void()> on_sync);

  // Gives the files the content that they have after a loss of power: what was
  // synced, and those later changes for which `survives` returns true.
  // REQUIRES: no database is open.
  void CutPower(const std::function<bool()>& survives);

  // Drops the records of all files, which the test has deleted.
  void Forget();

  // Called by the file functions of this VFS. BeginChange returns the error
  // with which a change is to fail, or SQLITE_OK.
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
