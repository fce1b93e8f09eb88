#include "server/store/sqlite/sqlite_diary.h"

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/store_state.h"

namespace holdline {
namespace {

absl::Status StatusOf(const absl::Status& status) { return status; }

template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

}  // namespace

absl::Status SqliteDiary::Open(bool suspect) {
  absl::Status status = directory_.CreateDatabase();
  if (!status.ok()) return status;
  auto writer = SqliteWriter::Open(directory_.database_path());
  if (!writer.ok()) return writer.status();
  if (suspect) status = (*writer)->CheckIntegrity();
  // The log must be found after a loss of power, if the state is.
  if (status.ok()) status = directory_.SyncNames();
  if (status.ok()) {
    status = WriteStoreState(directory_.state_path(), StoreState::kOpen);
  }
  if (status.ok()) status = directory_.SyncNames();
  if (!status.ok()) return status;
  writer_ = *std::move(writer);
  return absl::OkStatus();
}

SqliteDiary::~SqliteDiary() {
  if (writer_ != nullptr) Close().IgnoreError();
}

// The order matters: a log may be missing only where the state says so.
absl::Status SqliteDiary::Close() {
  absl::Status status = writer_->Settle();
  if (status.ok()) {
    status = WriteStoreState(directory_.state_path(), StoreState::kClosed);
  }
  if (status.ok()) writer_->DeleteLogOnClose();
  writer_ = nullptr;
  return status;
}

absl::Status SqliteDiary::OpenAgain() {
  if (left_.has_value()) {
    if (absl::Status status = left_->Check(); !status.ok()) return status;
  }
  auto opened = SqliteWriter::Open(directory_.database_path());
  if (!opened.ok()) return opened.status();
  writer_ = *std::move(opened);
  return absl::OkStatus();
}

template <typename Use>
auto SqliteDiary::Tell(Use use)
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

absl::StatusOr<State> SqliteDiary::Load() {
  return Tell([](SqliteWriter& writer) { return writer.Load(); });
}

absl::StatusOr<PipelineRows> SqliteDiary::LoadPipelines() {
  return Tell(
      [&](SqliteWriter& writer) { return writer.pipelines().LoadPipelines(); });
}

absl::Status SqliteDiary::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  return Tell(
      [&](SqliteWriter& writer) { return writer.Commit(tasks, pipelines); });
}

absl::StatusOr<std::optional<Task>> SqliteDiary::ReadTask(TaskId id) {
  return Tell([&](SqliteWriter& writer) { return writer.ReadTask(id); });
}

absl::StatusOr<std::string> SqliteDiary::ReadPayload(TaskId id) {
  auto payload =
      Tell([&](SqliteWriter& writer) { return writer.ReadPayload(id); });
  if (!payload.ok()) return payload.status();
  if (payload->has_value()) return **std::move(payload);
  return absl::NotFoundError(
      absl::StrCat("there is no task ", static_cast<uint64_t>(id)));
}

absl::StatusOr<std::optional<Instance>> SqliteDiary::ReadInstance(
    const InstanceKey& key) {
  return Tell([&](SqliteWriter& writer) {
    return writer.pipelines().ReadInstance(key);
  });
}

absl::StatusOr<bool> SqliteDiary::WasDeleted(const AccountId& account,
                                             const std::string& id) {
  return Tell([&](SqliteWriter& writer) {
    return writer.pipelines().WasDeleted(account, id);
  });
}

absl::StatusOr<int> SqliteDiary::Trim(const EndedBefore& ended_before,
                                      int limit) {
  return Tell(
      [&](SqliteWriter& writer) { return writer.Trim(ended_before, limit); });
}

absl::StatusOr<StoreSpace> SqliteDiary::Shrink() {
  return Tell([](SqliteWriter& writer) { return writer.Shrink(); });
}

absl::StatusOr<std::string> SqliteDiary::Secret() {
  return Tell([](SqliteWriter& writer) { return writer.Secret(); });
}

absl::Status SqliteDiary::Check() {
  return Tell([](SqliteWriter& writer) { return writer.Check(); });
}

}  // namespace holdline
