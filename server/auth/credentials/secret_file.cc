#include "server/auth/credentials/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// Closes the file at the end of its life.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  const int descriptor_;
};

// How errors name a file.
std::string Named(const std::string& path, absl::string_view what) {
  return absl::StrCat("the ", what, " \"", path, "\" ");
}

absl::Status Refused(const std::string& path, absl::string_view what,
                     absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(Named(path, what), why));
}

absl::Status Unreadable(const std::string& path, absl::string_view what,
                        int error) {
  const std::string why = absl::StrCat("cannot be read: ", strerror(error));
  return error == ENOENT
             ? absl::NotFoundError(absl::StrCat(Named(path, what), why))
             : Refused(path, what, why);
}

// Looks at the open file, so that what is checked is what is read.
absl::Status CheckAccess(const std::string& path, absl::string_view what,
                         int file) {
  struct stat found;
  if (fstat(file, &found) != 0) return Unreadable(path, what, errno);
  if (!S_ISREG(found.st_mode)) {
    return Refused(path, what, "is not a regular file");
  }
  if ((found.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
    return Refused(path, what, "is open to other users: run chmod 600 on it");
  }
  return absl::OkStatus();
}

// Reads up to `content`'s size, and cuts it to what there was. Returns the
// error, or 0.
int ReadInto(int file, std::string* content) {
  size_t size = 0;
  while (size < content->size()) {
    const ssize_t count =
        read(file, content->data() + size, content->size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  content->resize(size);
  return 0;
}

bool WriteAll(int file, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t count = write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// The file that a path means, behind all symbolic links.
std::string Resolve(const std::string& path) {
  char resolved[PATH_MAX];
  return realpath(path.c_str(), resolved) == nullptr ? path : resolved;
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Gives the file the owner and mode of the one that it is to replace, if there
// is one. An owner that this process may not give away stays as it is, and then
// the group gets no more than it is known to have.
bool TakeAccessOf(const std::string& path, int file) {
  struct stat before;
  if (stat(path.c_str(), &before) != 0) return errno == ENOENT;
  mode_t mode = before.st_mode & (S_IRUSR | S_IWUSR | S_IRGRP);
  if (fchown(file, before.st_uid, before.st_gid) != 0) mode &= ~S_IRGRP;
  return fchmod(file, mode) == 0;
}

// Puts a file with the content in the place of `path`; false, with errno, if
// that failed. `temporary` is a template for mkostemp, and left behind never.
bool Replace(const std::string& path, std::string temporary,
             absl::string_view content) {
  const OpenFile file(mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return false;
  if (TakeAccessOf(path, file.get()) && WriteAll(file.get(), content) &&
      fsync(file.get()) == 0 && rename(temporary.c_str(), path.c_str()) == 0) {
    return true;
  }
  const int error = errno;
  unlink(temporary.c_str());
  errno = error;
  return false;
}

// Makes the new name of the file last.
bool SyncFolder(const std::string& folder) {
  const OpenFile opened(
      open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return opened.is_open() && fsync(opened.get()) == 0;
}

}  // namespace

absl::StatusOr<std::string> ReadSecretFile(const std::string& path,
                                           absl::string_view what,
                                           size_t bytes_max) {
  // Does not wait for a writer if it is a pipe.
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return Unreadable(path, what, errno);
  const absl::Status status = CheckAccess(path, what, file.get());
  if (!status.ok()) return status;
  std::string content(bytes_max + 1, '\0');
  const int error = ReadInto(file.get(), &content);
  if (error != 0) return Unreadable(path, what, error);
  if (content.size() > bytes_max) {
    return Refused(path, what,
                   absl::StrCat("has more than ", bytes_max, " bytes"));
  }
  return content;
}

absl::Status WriteSecretFile(const std::string& path,
                             absl::string_view content) {
  const std::string target = Resolve(path);
  if (Replace(target, absl::StrCat(target, ".XXXXXX"), content) &&
      SyncFolder(FolderOf(target))) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      absl::StrCat("cannot write \"", path, "\": ", strerror(errno)));
}

}  // namespace holdline
