#include "server/notify/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace holdline {
namespace {

absl::Status Refused(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the key file \"", path, "\" ", why));
}

// Looks at the open file, so that what is checked is what is read.
absl::Status Check(const std::string& path, int file) {
  struct stat found;
  if (fstat(file, &found) != 0) {
    return Refused(path, absl::StrCat("cannot be read: ", strerror(errno)));
  }
  if (!S_ISREG(found.st_mode)) return Refused(path, "is not a regular file");
  if ((found.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
    return Refused(path, "is open to other users: run chmod 600 on it");
  }
  return absl::OkStatus();
}

// Returns the content, or a few bytes more than any key has.
absl::StatusOr<std::string> ReadChecked(const std::string& path, int file) {
  if (absl::Status status = Check(path, file); !status.ok()) return status;
  std::string content(kKeyBytesMax + 2, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count =
        read(file, content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Refused(path, absl::StrCat("cannot be read: ", strerror(errno)));
    }
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  content.resize(size);
  return content;
}

}  // namespace

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  // Does not wait for a writer if it is a pipe.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return Refused(path, absl::StrCat("cannot be opened: ", strerror(errno)));
  }
  absl::StatusOr<std::string> key = ReadChecked(path, file);
  close(file);
  if (!key.ok()) return key;
  if (!key->empty() && key->back() == '\n') key->pop_back();
  if (key->size() < kKeyBytesMin || key->size() > kKeyBytesMax) {
    return Refused(path, absl::StrCat("must hold a key of ", kKeyBytesMin,
                                      " to ", kKeyBytesMax, " bytes"));
  }
  return key;
}

}  // namespace holdline
