#include "server/store/sqlite_store.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

absl::Status StatusOf(const absl::Status& status) { return status; }

template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Calls `use` with `connection`, which is opened if it is null, and is closed
// after an error.
template <typename Connection, typename Use>
auto With(std::unique_ptr<Connection>& connection, const std::string& path,
          Use use) -> decltype(use(*connection)) {
  if (connection == nullptr) {
    auto opened = Connection::Open(path);
    if (!opened.ok()) return opened.status();
    connection = *std::move(opened);
  }
  auto result = use(*connection);
  if (!StatusOf(result).ok()) connection = nullptr;
  return result;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteStore>> SqliteStore::Open(
    const std::string& data_directory) {
  auto directory = DataDirectory::Claim(data_directory);
  if (!directory.ok()) return directory.status();
  absl::Status status = (*directory)->CreateDatabase();
  if (!status.ok()) return status;
  auto writer = SqliteWriter::Open((*directory)->database_path());
  if (!writer.ok()) return writer.status();
  std::unique_ptr<SqliteStore> store(new SqliteStore(*std::move(directory)));
  store->writer_ = *std::move(writer);
  return store;
}

absl::StatusOr<State> SqliteStore::Load() {
  return With(writer_, directory_->database_path(),
              [](SqliteWriter& writer) { return writer.Load(); });
}

absl::Status SqliteStore::Commit(const Batch& batch) {
  return With(writer_, directory_->database_path(),
              [&](SqliteWriter& writer) { return writer.Commit(batch); });
}

absl::StatusOr<std::optional<Task>> SqliteStore::ReadTask(TaskId id) {
  return With(writer_, directory_->database_path(),
              [&](SqliteWriter& writer) { return writer.ReadTask(id); });
}

absl::StatusOr<std::string> SqliteStore::ReadPayload(TaskId id) {
  auto payload =
      With(writer_, directory_->database_path(),
           [&](SqliteWriter& writer) { return writer.ReadPayload(id); });
  if (!payload.ok()) return payload.status();
  if (payload->has_value()) return **std::move(payload);
  return absl::NotFoundError(
      absl::StrCat("there is no task ", static_cast<uint64_t>(id)));
}

absl::StatusOr<int> SqliteStore::Trim(absl::Time ended_before, int limit) {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.Trim(ended_before, limit);
  });
}

absl::StatusOr<std::string> SqliteStore::Secret() {
  return With(writer_, directory_->database_path(),
              [](SqliteWriter& writer) { return writer.Secret(); });
}

absl::StatusOr<std::optional<TaskHistory>> SqliteStore::History(
    const AccountId& account, TaskId id) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.History(account, id);
  });
}

absl::StatusOr<TaskPage> SqliteStore::List(const TaskFilter& filter) {
  return With(reader_, directory_->database_path(),
              [&](SqliteReader& reader) { return reader.List(filter); });
}

}  // namespace holdline
