#include "server/store/sqlite/compaction.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// What a copy may need beyond the pages in use: its page maps, and room for
// the log of the first commits.
constexpr int64_t kSlackBytes = int64_t{8} << 20;

// How many steps of SQLite's machine lie between two words of progress.
constexpr int kStepsBetween = 1000000;

absl::StatusOr<int64_t> BytesInUse(SqliteConnection& connection) {
  return connection.Number(
      "SELECT (page_count - freelist_count) * page_size AS n FROM "
      "pragma_page_count, pragma_freelist_count, pragma_page_size");
}

absl::Status CheckRoom(const std::string& path, int64_t bytes) {
  std::error_code error;
  const auto space =
      std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  const int64_t needed = bytes + kSlackBytes;
  if (error || static_cast<int64_t>(space.available) >= needed) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "compacting needs ", needed, " bytes free beside the database, and ",
      space.available, " are: free some space"));
}

// Makes an empty file, which SQLite would make readable for others.
absl::Status MakeEmpty(const std::string& path) {
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file >= 0 && close(file) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(
      "the file ", path, " cannot be written (", std::strerror(errno), ")"));
}

absl::Status Sync(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  absl::Status status;
  if (!synced) {
    status = absl::UnavailableError(absl::StrCat(
        "the file ", path, " cannot be synced (", std::strerror(errno), ")"));
  }
  if (file >= 0) close(file);
  return status;
}

struct Telling {
  const std::string& path;
  int64_t total;
  const CompactionProgress& progress;
};

int Tell(void* argument) {
  const auto& telling = *static_cast<const Telling*>(argument);
  std::error_code error;
  const auto done = std::filesystem::file_size(telling.path, error);
  if (!error) telling.progress(static_cast<int64_t>(done), telling.total);
  return 0;
}

absl::Status Copy(SqliteConnection& connection, const std::string& path) {
  SqliteStatement copy(connection, "VACUUM INTO :path");
  copy.BindText("path", path);
  if (absl::Status status = copy.Run(); !status.ok()) return status;
  return Sync(path);
}

}  // namespace

absl::Status CopyCompacted(SqliteConnection& connection,
                           const std::string& path,
                           const CompactionProgress& progress) {
  const absl::StatusOr<int64_t> bytes = BytesInUse(connection);
  if (!bytes.ok()) return bytes.status();
  absl::Status status = MakeEmpty(path);
  if (status.ok()) status = CheckRoom(path, *bytes);
  Telling telling{path, *bytes, progress};
  if (progress) {
    sqlite3_progress_handler(connection.database(), kStepsBetween, Tell,
                             &telling);
  }
  if (status.ok()) status = Copy(connection, path);
  sqlite3_progress_handler(connection.database(), 0, nullptr, nullptr);
  std::error_code ignored;
  if (!status.ok()) std::filesystem::remove(path, ignored);
  return status;
}

}  // namespace holdline
