#include "server/store/sqlite/store_state.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace holdline {
namespace {

// For this user alone, as all files of the store.
constexpr mode_t kFileMode = 0600;

// Of one length, so that one overwrites the other.
constexpr absl::string_view kOpenText = "open  \n";
constexpr absl::string_view kClosedText = "closed\n";

}  // namespace

StoreState ReadStoreState(const std::string& path) {
  std::ifstream file(path);
  if (!file) return StoreState::kUnknown;
  std::string word;
  file >> word;
  return word == "open" ? StoreState::kOpen : StoreState::kClosed;
}

absl::Status WriteStoreState(const std::string& path, StoreState state) {
  const absl::string_view text =
      state == StoreState::kOpen ? kOpenText : kClosedText;
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kFileMode);
  const bool written = file >= 0 &&
                       pwrite(file, text.data(), text.size(), 0) ==
                           static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  absl::Status status;
  if (!written) {
    status = absl::UnavailableError(
        absl::StrCat("the file ", path, " cannot be written (",
                     std::strerror(errno), "): check the disk"));
  }
  if (file >= 0) close(file);
  return status;
}

}  // namespace holdline
