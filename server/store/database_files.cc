#include "server/store/database_files.h"

#include <unistd.h>

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The log is kept at its size up to here: see kSettings of the writer.
constexpr int64_t kLogBytesKept = int64_t{64} << 20;

// A database has a header.
constexpr int64_t kDatabaseBytesKept = 512;

}  // namespace

DatabaseFiles::DatabaseFiles(const std::string& database)
    : path_(database),
      database_(database, kDatabaseBytesKept),
      log_(absl::StrCat(database, "-wal"), kLogBytesKept) {}

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
      return absl::UnavailableError(absl::StrCat(
          "the log ", path_,
          "-wal was deleted, moved or replaced while in use: what this process "
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

}  // namespace holdline
