#include "server/auth/credentials/pem_file.h"

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace holdline {

absl::Status PemFileError(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the file \"", path, "\" ", why));
}

absl::StatusOr<std::string> ReadPemFile(const std::string& path) {
  std::ifstream file(path);
  std::string content((std::istreambuf_iterator<char>(file)),
                      std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return PemFileError(path, "cannot be read");
  }
  return content;
}

}  // namespace holdline
