#include "server/store/sqlite/database_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The log is kept at its size up to here: see kSettings of the writer.
constexpr int64_t kLogBytesKept = int64_t{64} << 20;

// A database has a header.
constexpr int64_t kDatabaseBytesKept = 512;

std::string LogOf(const std::string& database) {
  return absl::StrCat(database, "-wal");
}

}  // namespace

DatabaseFiles::DatabaseFiles(const std::string& database)
    : path_(database),
      database_(database, kDatabaseBytesKept),
      log_(LogOf(database), kLogBytesKept) {}

DatabaseFiles::State DatabaseFiles::Look() {
  const WatchedFile::State database = database_.Look();
  if (database == WatchedFile::State::kGone) return State::kDatabaseGone;
  if (database == WatchedFile::State::kCut) return State::kDatabaseCut;
  const WatchedFile::State log = log_.Look();
  if (log == WatchedFile::State::kGone) return State::kLogGone;
  return log == WatchedFile::State::kCut ? State::kLogCut : State::kInPlace;
}

absl::Status DatabaseFiles::Check() {
  switch (Look()) {
    case State::kInPlace:
      return absl::OkStatus();
    case State::kLogGone:
      if (log_is_empty_ && ReplaceLog()) return absl::OkStatus();
      return absl::UnavailableError(absl::StrCat(
          "the log ", LogOf(path_),
          " was deleted, moved or replaced while in use: what this process "
          "has of it is moved into the database; if this is said again, put it "
          "back"));
    case State::kDatabaseGone:
      return absl::UnavailableError(absl::StrCat(
          "the database ", path_,
          " was deleted, moved or replaced while in use: put it back; if it "
          "was deleted, copy it from /proc/",
          getpid(), "/fd before this process ends"));
    case State::kLogCut:
    case State::kDatabaseCut:
      return absl::UnavailableError(absl::StrCat(
          "the database ", path_,
          " or its log was cut short while in use: stop this process, and "
          "restore a backup or start with --accept-loss"));
  }
  return absl::OkStatus();
}

bool DatabaseFiles::ReplaceLog() {
  const std::string log = LogOf(path_);
  std::rename(log.c_str(), absl::StrCat(log, ".lost").c_str());
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || close(file) != 0) return false;
  log_ = WatchedFile(log, kLogBytesKept);
  log_is_empty_ = true;
  return true;
}

}  // namespace holdline
