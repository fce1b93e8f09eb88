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

absl::Status SqliteStore::Commit(const Batch& tasks,
                                 const PipelineBatch& pipelines) {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.Commit(tasks, pipelines);
  });
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

absl::StatusOr<int> SqliteStore::Trim(const EndedBefore& ended_before,
                                      int limit) {
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

absl::StatusOr<PipelineRows> SqliteStore::LoadPipelines() {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.pipelines().LoadPipelines();
  });
}

absl::StatusOr<std::optional<Instance>> SqliteStore::ReadInstance(
    const InstanceKey& key) {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.pipelines().ReadInstance(key);
  });
}

absl::StatusOr<std::vector<Instance>> SqliteStore::ReadInstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.pipelines().ReadInstancesAt(pipeline, start);
  });
}

absl::StatusOr<bool> SqliteStore::ReadDeletedPipeline(const AccountId& account,
                                                      const std::string& id) {
  return With(writer_, directory_->database_path(), [&](SqliteWriter& writer) {
    return writer.pipelines().ReadDeletedPipeline(account, id);
  });
}

absl::StatusOr<std::optional<PipelineRecord>> SqliteStore::FindPipeline(
    const AccountId& account, const std::string& id) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().FindPipeline(account, id);
  });
}

absl::StatusOr<std::vector<PipelineRecord>> SqliteStore::ListPipelines(
    const AccountId& account, PipelineNumber after, int limit) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().ListPipelines(account, after, limit);
  });
}

absl::StatusOr<std::optional<Definition>> SqliteStore::ReadDefinition(
    PipelineNumber pipeline, int version) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().ReadDefinition(pipeline, version);
  });
}

absl::StatusOr<std::vector<ComponentRecord>> SqliteStore::ReadComponents(
    PipelineNumber pipeline) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().ReadComponents(pipeline);
  });
}

absl::StatusOr<std::optional<Instance>> SqliteStore::FindInstance(
    const InstanceKey& key) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().FindInstance(key);
  });
}

absl::StatusOr<std::vector<Instance>> SqliteStore::InstancesAt(
    PipelineNumber pipeline, absl::Time start) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().InstancesAt(pipeline, start);
  });
}

absl::StatusOr<std::vector<Attempt>> SqliteStore::AttemptsOf(
    const InstanceKey& instance) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().AttemptsOf(instance);
  });
}

absl::StatusOr<InstancePage> SqliteStore::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().ListInstances(filter, after, limit);
  });
}

absl::StatusOr<AttemptPage> SqliteStore::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) {
  return With(reader_, directory_->database_path(), [&](SqliteReader& reader) {
    return reader.pipelines().ListAttempts(filter, after, limit);
  });
}

}  // namespace holdline
