#include "server/store/sqlite/sqlite_archive.h"

#include "absl/strings/str_cat.h"

namespace holdline {

absl::Status SqliteArchive::OpenReader() {
  reader_ = nullptr;
  if (database_.Look() != WatchedFile::State::kInPlace) {
    return absl::UnavailableError(
        absl::StrCat("the database ", path_,
                     " was deleted, moved or replaced while in use"));
  }
  auto opened = SqliteReader::Open(path_);
  if (!opened.ok()) return opened.status();
  reader_ = *std::move(opened);
  return absl::OkStatus();
}

template <typename Use>
auto SqliteArchive::Ask(Use use)
    -> decltype(use(std::declval<SqliteReader&>())) {
  if (reader_ == nullptr || !reader_->Check().ok()) {
    if (absl::Status status = OpenReader(); !status.ok()) return status;
  }
  auto result = use(*reader_);
  // A log that was replaced meanwhile may have led the reader astray.
  absl::Status status = result.status();
  if (status.ok()) status = reader_->Check();
  if (status.ok()) return result;
  reader_ = nullptr;
  return status;
}

absl::StatusOr<std::optional<AccountRecord>> SqliteArchive::FindAccount(
    const AccountId& account) {
  return Ask([&](SqliteReader& reader) { return reader.FindAccount(account); });
}

absl::StatusOr<std::optional<TaskHistory>> SqliteArchive::History(
    const AccountId& account, TaskId id) {
  return Ask([&](SqliteReader& reader) { return reader.History(account, id); });
}

absl::StatusOr<TaskPage> SqliteArchive::List(const TaskFilter& filter) {
  return Ask([&](SqliteReader& reader) { return reader.List(filter); });
}

absl::StatusOr<std::optional<PipelineRecord>> SqliteArchive::FindPipeline(
    const AccountId& account, const std::string& id) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().FindPipeline(account, id);
  });
}

absl::StatusOr<std::vector<PipelineRecord>> SqliteArchive::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListPipelines(account, after, limit);
  });
}

absl::StatusOr<std::optional<SharedDefinition>> SqliteArchive::ReadDefinition(
    PipelineNumber pipeline, int version) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ReadDefinition(pipeline, version);
  });
}

absl::StatusOr<std::vector<ComponentRecord>> SqliteArchive::ReadComponents(
    PipelineNumber pipeline) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ReadComponents(pipeline);
  });
}

absl::StatusOr<std::optional<Instance>> SqliteArchive::ReadInstance(
    const InstanceKey& key) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ReadInstance(key);
  });
}

absl::StatusOr<std::vector<Instance>> SqliteArchive::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().InstancesAt(pipeline, start);
  });
}

absl::StatusOr<std::vector<Attempt>> SqliteArchive::AttemptsOf(
    const InstanceKey& instance) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().AttemptsOf(instance);
  });
}

absl::StatusOr<InstancePage> SqliteArchive::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListInstances(filter, after, limit);
  });
}

absl::StatusOr<AttemptPage> SqliteArchive::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  return Ask([&](SqliteReader& reader) {
    return reader.pipelines().ListAttempts(filter, after, limit);
  });
}

}  // namespace holdline
