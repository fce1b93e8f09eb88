// A key that is kept in a file.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_KEY_FILE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"

namespace holdline {

inline constexpr int kKeyBytesMin = 16;
inline constexpr int kKeyBytesMax = 4096;

// Returns the key in the file at `path`: all its bytes but one line break at
// the end, kKeyBytesMin to kKeyBytesMax of them. Errors are those of
// ReadSecretFile, and INVALID_ARGUMENT: the key is too short or too long. They
// name the file and what to do, and never show of the key.
absl::StatusOr<std::string> ReadKeyFile(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_KEY_FILE_H_
