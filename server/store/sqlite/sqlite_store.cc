#include "server/store/sqlite/sqlite_store.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/sqlite_archive.h"
#include "server/store/sqlite/store_check.h"
#include "server/store/sqlite/store_state.h"

namespace holdline {
namespace {

// Where a compacted copy is made.
std::string CompactedPath(const std::string& database) {
  return absl::StrCat(database, ".compact");
}

absl::Status Refuse(const std::string& loss) {
  return absl::DataLossError(
      absl::StrCat(loss,
                   ". Put the file back or restore a backup, or start once "
                   "with --accept-loss to go on without what is lost"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(
    const std::string& data_directory, const SqliteOptions& options) {
  auto directory = DataDirectory::Claim(data_directory);
  if (!directory.ok()) return directory.status();
  std::unique_ptr<SqliteStore> store(new SqliteStore(*std::move(directory)));
  const std::string path = store->directory_->database_path();
  std::error_code ignored;
  std::filesystem::remove(CompactedPath(path), ignored);  // was cut off
  const StoreFindings found =
      CheckStore(path, ReadStoreState(store->directory_->state_path()));
  const bool lost = !found.loss.empty();
  if (lost && !options.accept_loss) return Refuse(found.loss);
  if (options.on_notice && lost) {
    options.on_notice(absl::StrCat("loss accepted: ", found.loss));
  } else if (options.on_notice && !found.notice.empty()) {
    options.on_notice(found.notice);
  }
  absl::Status status;
  if (lost || found.log_is_useless) {
    status = SetLogAside(path, found.log_is_useless);
  }
  if (status.ok()) status = store->OpenDatabase(lost);
  if (!status.ok()) return status;
  return store;
}

bool SqliteStore::IsNew(const std::string& data_directory) {
  std::error_code error;
  return !std::filesystem::exists(data_directory + "/holdline.db", error) &&
         !std::filesystem::exists(data_directory + "/holdline.state", error);
}

absl::Status SqliteStore::OpenDatabase(bool suspect) {
  absl::Status status = diary_.Open(suspect);
  if (status.ok()) database_.emplace(directory_->database_path(), 0);
  return status;
}

std::unique_ptr<Archive> SqliteStore::OpenArchive() {
  return std::make_unique<SqliteArchive>(directory_->database_path(),
                                         *database_);
}

absl::StatusOr<StoreSpace> SqliteStore::Compact(
    const CompactionProgress& progress) {
  const std::string path = directory_->database_path();
  const std::string copy = CompactedPath(path);
  absl::Status status = diary_.writer().CopyCompacted(copy, progress);
  if (status.ok()) status = diary_.Close();
  if (!status.ok()) return status;
  std::error_code error;
  std::filesystem::rename(copy, path, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "the database ", path, " cannot be replaced (", error.message(), ")"));
  }
  status = OpenDatabase(/*suspect=*/false);
  if (!status.ok()) return status;
  return Space();
}

}  // namespace holdline
