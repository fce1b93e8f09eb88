// Files with secrets in them.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// Returns the content of the file at `path`. `what` is what errors call it:
// `key file`.
//
// NOT_FOUND: there is no such file. INVALID_ARGUMENT: it cannot be read, it is
// not a regular file, users other than its owner and its group may read or
// change it, the group may change it, or it has more than `bytes_max` bytes.
// Both name the file and what to do, and show nothing of the content.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path,
                                           absl::string_view what,
                                           size_t bytes_max);

// Makes `content` that of the file at `path`: whoever reads it, at any time and
// after a loss of power too, finds either what was there before or all of the
// new content. A file that is there keeps its owner and its mode, as far as
// this process may give them; a new one is its owner's only. A symbolic link
// stays, and what it points to is replaced.
//
// UNAVAILABLE, which names the file: it cannot be written. Then it is as it
// was.
absl::Status WriteSecretFile(const std::string& path,
                             absl::string_view content);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_SECRET_FILE_H_
