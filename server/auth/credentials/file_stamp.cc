#include "server/auth/credentials/file_stamp.h"

#include <sys/stat.h>

namespace holdline {

FileStamp StampOf(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) return {};
  return {.device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .modified_nanoseconds = int64_t{found.st_mtim.tv_sec} * 1000000000 +
                                  found.st_mtim.tv_nsec};
}

}  // namespace holdline
