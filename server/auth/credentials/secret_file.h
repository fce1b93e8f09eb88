// Files with secrets in them.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// Returns the content of the file at `path`. `what` names the file in errors,
// such as `key file`.
//
// NOT_FOUND: there is no such file. INVALID_ARGUMENT: it cannot be read, it is
// not a regular file, users other than its owner and its group may read or
// change it, the group may change it, or it has more than `bytes_max` bytes.
// Both name the file and what to do, and show nothing of the content.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path,
                                           absl::string_view what,
                                           size_t bytes_max);

// Replaces the content of the file at `path` atomically and durably: every
// reader, also after a loss of power, finds either the old or the new content.
// An existing file keeps owner and mode, as far as this process may set them; a
// new one is readable by its owner only. A symbolic link stays; its target is
// replaced.
//
// UNAVAILABLE, which names the file: it cannot be written. Then it is as it
// was.
absl::Status WriteSecretFile(const std::string& path,
                             absl::string_view content);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_
