// Files of certificates and keys in PEM.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_PEM_FILE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_PEM_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// INVALID_ARGUMENT, which names the file.
absl::Status PemFileError(const std::string& path, absl::string_view why);

// Returns the content of the file at `path`, whatever it is. PemFileError: it
// cannot be read.
absl::StatusOr<std::string> ReadPemFile(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_PEM_FILE_H_
