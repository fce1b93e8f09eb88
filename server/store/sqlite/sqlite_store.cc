#include "server/store/sqlite/sqlite_store.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/store_check.h"
#include "server/store/sqlite/store_state.h"

namespace holdline {
namespace {

absl::Status StatusOf(const absl::Status& status) { return status; }

template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

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
  if (status.ok()) status = store->OpenFirst(lost);
  if (!status.ok()) return status;
  return store;
}

bool SqliteStore::IsNew(const std::string& data_directory) {
  std::error_code error;
  return !std::filesystem::exists(data_directory + "/holdline.db", error) &&
         !std::filesystem::exists(data_directory + "/holdline.state", error);
}

absl::Status SqliteStore::OpenFirst(bool suspect) {
  absl::Status status = directory_->CreateDatabase();
  if (!status.ok()) return status;
  auto writer = SqliteWriter::Open(directory_->database_path());
  if (!writer.ok()) return writer.status();
  if (suspect) status = (*writer)->CheckIntegrity();
  // The log must be found after a loss of power, if the state is.
  if (status.ok()) status = directory_->SyncNames();
  if (status.ok()) {
    status = WriteStoreState(directory_->state_path(), StoreState::kOpen);
  }
  if (status.ok()) status = directory_->SyncNames();
  if (!status.ok()) return status;
  writer_ = *std::move(writer);
  database_.emplace(directory_->database_path(), 0);
  return absl::OkStatus();
}

SqliteStore::~SqliteStore() {
  reader_ = nullptr;
  if (writer_ != nullptr) CloseWriter().IgnoreError();
}

// The order matters: a log may be missing only where the state says so.
absl::Status SqliteStore::CloseWriter() {
  absl::Status status = writer_->Settle();
  if (status.ok()) {
    status = WriteStoreState(directory_->state_path(), StoreState::kClosed);
  }
  if (status.ok()) writer_->DeleteLogOnClose();
  writer_ = nullptr;
  return status;
}

absl::StatusOr<StoreSpace> SqliteStore::Compact(
    const CompactionProgress& progress) {
  const std::string path = directory_->database_path();
  const std::string copy = CompactedPath(path);
  absl::Status status = writer_->CopyCompacted(copy, progress);
  if (status.ok()) status = CloseWriter();
  if (!status.ok()) return status;
  std::error_code error;
  std::filesystem::rename(copy, path, error);
  if (error) {
    return absl::UnavailableError(absl::StrCat(
        "the database ", path, " cannot be replaced (", error.message(), ")"));
  }
  status = OpenFirst(/*suspect=*/false);
  if (!status.ok()) return status;
  return writer_->Space();
}

absl::Status SqliteStore::OpenAgain() {
  if (left_.has_value()) {
    if (absl::Status status = left_->Check(); !status.ok()) return status;
  }
  auto opened = SqliteWriter::Open(directory_->database_path());
  if (!opened.ok()) return opened.status();
  writer_ = *std::move(opened);
  return absl::OkStatus();
}

absl::Status SqliteStore::OpenReader() {
  reader_ = nullptr;
  if (database_->Look() != WatchedFile::State::kInPlace) {
    return absl::UnavailableError(
        absl::StrCat("the database ", directory_->database_path(),
                     " was deleted, moved or replaced while in use"));
  }
  auto opened = SqliteReader::Open(directory_->database_path());
  if (!opened.ok()) return opened.status();
  reader_ = *std::move(opened);
  return absl::OkStatus();
}

template <typename Use>
auto SqliteStore::Tell(Use use)
    -> decltype(use(std::declval<SqliteWriter&>())) {
  if (writer_ == nullptr) {
    if (absl::Status status = OpenAgain(); !status.ok()) return status;
  }
  auto result = use(*writer_);
  if (!StatusOf(result).ok() && writer_->MayBeClosed()) {
    left_ = writer_->files();
    writer_ = nullptr;
  }
  return result;
}

template <typename Use>
auto SqliteStore::Ask(Use use) -> decltype(use(std::declval<SqliteReader&>())) {
  if (reader_ == nullptr || !reader_->Check().ok()) {
    if (absl::Status status = OpenReader(); !status.ok()) return status;
  }
  auto result = use(*reader_);
  // A log that was replaced meanwhile may have led the reader astray.
  absl::Status status = StatusOf(result);
  if (status.ok()) status = reader_->Check();
  if (status.ok()) return result;
  reader_ = nullptr;
  return status;
}

absl::StatusOr<State> SqliteStore::Load() {
  return Tell([](SqliteWriter& writer) { return writer.Load(); });
}

absl::Status SqliteStore::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  return Tell(
      [&](SqliteWriter& writer) { return writer.Commit(tasks, pipelines); });
}

absl::StatusOr<std::optional<Task>> SqliteStore::ReadTask(TaskId id) {
  return Tell([&](SqliteWriter& writer) { return writer.ReadTask(id); });
}

absl::StatusOr<std::string> SqliteStore::ReadPayload(TaskId id) {
  auto payload =
      Tell([&](SqliteWriter& writer) { return writer.ReadPayload(id); });
  if (!payload.ok()) return payload.status();
  if (payload->has_value()) return **std::move(payload);
  return absl::NotFoundError(
      absl::StrCat("there is no task ", static_cast<uint64_t>(id)));
}

absl::StatusOr<int> SqliteStore::Trim(const EndedBefore& ended_before,
                                      int limit) {
  return Tell(
      [&](SqliteWriter& writer) { return writer.Trim(ended_before, limit); });
}

absl::StatusOr<StoreSpace> SqliteStore::Shrink() {
  return Tell([](SqliteWriter& writer) { return writer.Shrink(); });
}

absl::StatusOr<std::string> SqliteStore::Secret() {
  return Tell([](SqliteWriter& writer) { return writer.Secret(); });
}

absl::Status SqliteStore::Check() {
  return Tell([](SqliteWriter& writer) { return writer.Check(); });
}

absl::StatusOr<std::optional<AccountRecord>> SqliteStore::FindAccount(
    const AccountId& account) {
  return Ask([&](SqliteReader& reader) { return reader.FindAccount(account); });
}

absl::StatusOr<std::optional<TaskHistory>> SqliteStore::History(
    const AccountId& account, TaskId id) {
  return Ask([&](SqliteReader& reader) { return reader.History(account, id); });
}

absl::StatusOr<TaskPage> SqliteStore::List(const TaskFilter& filter) {
  return Ask([&](SqliteReader& reader) { return reader.List(filter); });
}

absl::StatusOr<PipelineRows> SqliteStore::LoadPipelines() {
  return Tell(
      [&](SqliteWriter& writer) { return writer.pipelines().LoadPipelines(); });
}

absl::StatusOr<std::optional<Instance>> SqliteStore::ReadInstance(
    const InstanceKey& key) {
  return Tell([&](SqliteWriter& writer) {
    return writer.pipelines().ReadInstance(key);
  });
}

absl::StatusOr<std::vector<Instance>> SqliteStore::ReadInstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return Tell([&](SqliteWriter& writer) {
    return writer.pipelines().ReadInstancesAt(pipeline, start);
  });
}

absl::StatusOr<bool> SqliteStore::ReadDeletedPipeline(const AccountId& account,
                                                      const std::string& id) {
  return Tell([&](SqliteWriter& writer) {
    return writer.pipelines().ReadDeletedPipeline(account, id);
  });
}

absl::StatusOr<std::optional<PipelineRecord>> SqliteStore::FindPipeline(
    const AccountId& account, const std::string& id) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().FindPipeline(account, id);
  });
}

absl::StatusOr<std::vector<PipelineRecord>> SqliteStore::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListPipelines(account, after, limit);
  });
}

absl::StatusOr<std::optional<Definition>> SqliteStore::ReadDefinition(
    PipelineNumber pipeline, int version) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ReadDefinition(pipeline, version);
  });
}

absl::StatusOr<std::vector<ComponentRecord>> SqliteStore::ReadComponents(
    PipelineNumber pipeline) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ReadComponents(pipeline);
  });
}

absl::StatusOr<std::optional<Instance>> SqliteStore::FindInstance(
    const InstanceKey& key) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().FindInstance(key);
  });
}

absl::StatusOr<std::vector<Instance>> SqliteStore::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().InstancesAt(pipeline, start);
  });
}

absl::StatusOr<std::vector<Attempt>> SqliteStore::AttemptsOf(
    const InstanceKey& instance) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().AttemptsOf(instance);
  });
}

absl::StatusOr<InstancePage> SqliteStore::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListInstances(filter, after, limit);
  });
}

absl::StatusOr<AttemptPage> SqliteStore::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListAttempts(filter, after, limit);
  });
}

}  // namespace holdline
