// Whether a file is the one that it was.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_

#include <cstdint>
#include <string>

namespace holdline {

// What tells one version of a file from the next, whether it was replaced or
// written over. Of a file that is not there, all is 0. A value.
struct FileStamp {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t modified_nanoseconds = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Looks at the file behind `path` and its symbolic links. Whoever reads the
// file takes the stamp first: then a change meanwhile shows later.
FileStamp StampOf(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_
