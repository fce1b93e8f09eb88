// A file that is open, watched for deletion, replacement and truncation.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace holdline {

// Determines by path, device, inode and size whether an open file is still the
// one that a restart would find. Look costs one stat. Not thread-safe.
class WatchedFile {
 public:
  enum class State {
    kInPlace,
    kGone,  // deleted, moved, or another file has its name
    kCut,   // shorter than it was
  };

  // Watches the file that is now at `path`, if any. Once the file has had
  // `least` bytes, its owners never make it shorter than that, except as told
  // by Shortened.
  WatchedFile(std::string path, int64_t least);

  // The state since the last Look.
  State Look();

  // Tells that its owners have shortened it.
  void Shortened() { size_ = 0; }

 private:
  std::string path_;
  int64_t least_;
  bool found_ = false;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  int64_t size_ = 0;  // at the last Look, and at most `least_`
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_
