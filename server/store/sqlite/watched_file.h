// A file that is open, and what its name stands for now.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace holdline {

// Tells by name, device, inode and size whether an open file is still the one
// that a restart would find. A look costs one stat. Not thread-safe.
class WatchedFile {
 public:
  enum class State {
    kInPlace,
    kGone,  // deleted, moved, or another file has its name
    kCut,   // shorter than it was
  };

  // Watches what `path` stands for now, if anything. `least` bytes, once it has
  // had them, are never given up by those who own the file.
  WatchedFile(std::string path, int64_t least);

  // What has become of it since the last look.
  State Look();

  // Its owners have shortened it.
  void Shortened() { size_ = 0; }

 private:
  std::string path_;
  int64_t least_;
  bool found_ = false;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  int64_t size_ = 0;  // when it was looked at last, and at most `least_`
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WATCHED_FILE_H_
