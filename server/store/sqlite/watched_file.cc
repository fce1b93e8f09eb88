#include "server/store/sqlite/watched_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace holdline {

WatchedFile::WatchedFile(std::string path, int64_t least)
    : path_(std::move(path)), least_(least) {
  struct stat now;
  found_ = stat(path_.c_str(), &now) == 0;
  if (!found_) return;
  device_ = now.st_dev;
  inode_ = now.st_ino;
  size_ = std::min(now.st_size, least_);
}

WatchedFile::State WatchedFile::Look() {
  struct stat now;
  if (!found_ || stat(path_.c_str(), &now) != 0 || now.st_dev != device_ ||
      now.st_ino != inode_) {
    return State::kGone;
  }
  if (now.st_size < size_) return State::kCut;
  size_ = std::min(now.st_size, least_);
  return State::kInPlace;
}

}  // namespace holdline
