// The stamp of a file, by which a change of it is detected.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_

#include <cstdint>
#include <string>

namespace holdline {

// Differs between versions of a file, whether it was replaced or overwritten.
// All 0 for a missing file. A value.
struct FileStamp {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t modified_nanoseconds = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Looks at the file behind `path` and its symbolic links. Take the stamp before
// reading the file: then a change in between is detected later.
FileStamp StampOf(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_FILE_STAMP_H_
