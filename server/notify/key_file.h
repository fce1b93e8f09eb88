// The key that the broker and the receiver of its notifications share.

#ifndef HOLDLINE_SERVER_NOTIFY_KEY_FILE_H_
#define HOLDLINE_SERVER_NOTIFY_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace holdline {

inline constexpr int kKeyBytesMin = 16;
inline constexpr int kKeyBytesMax = 4096;

// Returns the key in the file at `path`: all its bytes but one line break at
// the end, kKeyBytesMin to kKeyBytesMax of them. INVALID_ARGUMENT, which names
// the file and what to do and never shows of the key: it cannot be read, it is
// not a regular file, users other than its owner and its group may read or
// change it, the group may change it, or the key is too short or too long.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_KEY_FILE_H_
