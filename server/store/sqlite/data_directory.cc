#include "server/store/sqlite/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace holdline {
namespace {

// For this user alone: payloads may hold what others should not read.
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

absl::Status Unavailable(const std::string& path, absl::string_view what,
                         absl::string_view advice) {
  return absl::UnavailableError(absl::StrCat("the data directory ", path, " ",
                                             what, " (", std::strerror(errno),
                                             "): ", advice));
}

absl::Status Refused(const std::string& path, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("the data directory ", path, " ", what));
}

// Makes the names in a directory survive a loss of power.
absl::Status SyncNamesIn(const std::string& path) {
  const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && fsync(directory) == 0;
  absl::Status status;
  if (!synced) status = Unavailable(path, "cannot be synced", "check the disk");
  if (directory >= 0) close(directory);
  return status;
}

std::string Parent(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status Create(const std::string& path) {
  if (mkdir(path.c_str(), kDirectoryMode) == 0)
    return SyncNamesIn(Parent(path));
  if (errno == EEXIST) return absl::OkStatus();
  return Unavailable(path, "cannot be created",
                     errno == ENOENT ? "create the directory above it first"
                                     : "create it for this user");
}

absl::Status CheckOwner(const std::string& path) {
  struct stat found;
  if (stat(path.c_str(), &found) != 0) {
    return Unavailable(path, "cannot be looked at", "check the path");
  }
  if (!S_ISDIR(found.st_mode)) {
    return Refused(path, "is not a directory: choose another path");
  }
  if (found.st_uid != geteuid()) {
    return Refused(
        path, absl::StrCat("belongs to user ", found.st_uid,
                           " and this process runs as user ", geteuid(),
                           ": run it as the owner, or use a directory in it"));
  }
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return Refused(path, absl::StrCat("can be written by other users: run "
                                      "chmod 700 ",
                                      path, ", or use a directory in it"));
  }
  return absl::OkStatus();
}

// Says who has the lock: the holder wrote its process id, unless somebody has
// deleted the file since.
absl::Status Taken(const std::string& path, const std::string& lock_file) {
  std::string holder;
  std::ifstream(lock_file) >> holder;
  return Refused(
      path, absl::StrCat("is in use by ",
                         holder.empty() ? "another process"
                                        : absl::StrCat("process ", holder),
                         ": stop that process, or choose another directory"));
}

// A full disk is no reason to refuse: the lock holds without the id.
void WriteProcessId(int file) {
  const std::string id = absl::StrCat(getpid(), "\n");
  const bool written =
      ftruncate(file, 0) == 0 && pwrite(file, id.data(), id.size(), 0) >= 0;
  static_cast<void>(written);
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Claim(
    const std::string& given) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (path.empty()) {
    return absl::FailedPreconditionError("the data directory has no name");
  }
  if (absl::Status status = Create(path); !status.ok()) return status;
  if (absl::Status status = CheckOwner(path); !status.ok()) return status;
  const int opened = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) {
    return Unavailable(path, "cannot be opened",
                       "make it readable for this process");
  }
  std::unique_ptr<DataDirectory> directory(new DataDirectory(path, opened));
  if (absl::Status status = directory->Lock(); !status.ok()) return status;
  return directory;
}

absl::Status DataDirectory::Lock() {
  const std::string file = absl::StrCat(path_, "/holdline.lock");
  if (flock(directory_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Taken(path_, file);
    return Unavailable(path_, "cannot be locked", "use a local disk");
  }
  lock_file_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode);
  if (lock_file_ < 0) {
    return Unavailable(path_, "cannot be written",
                       "make it writable for this process");
  }
  if (flock(lock_file_, LOCK_EX | LOCK_NB) != 0) return Taken(path_, file);
  WriteProcessId(lock_file_);
  return absl::OkStatus();
}

DataDirectory::~DataDirectory() {
  if (lock_file_ >= 0) close(lock_file_);
  close(directory_);
}

absl::Status DataDirectory::SyncNames() const { return SyncNamesIn(path_); }

absl::Status DataDirectory::CreateDatabase() const {
  const int file = open(database_path().c_str(),
                        O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode);
  if (file >= 0) {
    close(file);
    return SyncNames();
  }
  if (errno == EEXIST) return absl::OkStatus();
  return Unavailable(path_, "cannot be written",
                     "make it writable for this process");
}

}  // namespace holdline
