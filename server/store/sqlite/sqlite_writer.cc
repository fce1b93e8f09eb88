#include "server/store/sqlite/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/store/new_secret.h"
#include "server/store/sql/stored_time.h"
#include "server/store/sql/task_statements.h"
#include "server/store/sql/task_tables.h"
#include "server/store/sqlite/sqlite_dialect.h"
#include "server/store/sqlite/sqlite_rows.h"
#include "server/store/sqlite/sqlite_schema.h"

namespace holdline {
namespace {

// Debian's SQLite overwrites what is deleted, which doubles the work; the files
// are for this user alone. What is trimmed leaves pages that the next rows
// need; a database that was made so can also give them back. The log is moved
// into the database when it reaches 4 MiB (1000 pages), and kept at its size,
// since overwriting a file is quicker than extending it, unless a large batch
// has made it larger than 64 MiB.
constexpr char kSettings[] =
    "PRAGMA auto_vacuum = INCREMENTAL;"  // before there is a first page
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA secure_delete = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16384;"
    "PRAGMA wal_autocheckpoint = 1000;"
    "PRAGMA journal_size_limit = 67108864;";

// How many pages may be free before some are given back: 4 MiB, and an eighth
// of all. In daily use as much is freed as is soon needed again.
constexpr int64_t kFreePagesKept = 1024;
constexpr int64_t kFreePartKept = 8;

// How many are given back in one commit. Each may have to be moved, and what
// refers to it be changed.
constexpr int64_t kIncremental = 2;
constexpr char kSelectSpace[] =
    "SELECT page_size, page_count, freelist_count, auto_vacuum FROM "
    "pragma_page_size, pragma_page_count, pragma_freelist_count, "
    "pragma_auto_vacuum";
constexpr char kVacuum[] = "PRAGMA incremental_vacuum(128)";

std::string Sql(TaskStatement statement) {
  return TextOf(statement, kSqliteDialect);
}

// Gives the database its secret if it has none yet.
absl::Status EnsureSecret(SqliteConnection& connection) {
  SqliteStatement insert(connection, Sql(TaskStatement::kInsertSecret));
  return WriteRow(StoredSecret{NewSecret()}, kSecretTable, insert);
}

// Nothing is written before it is known that the database is ours.
absl::Status Prepare(SqliteConnection& connection) {
  absl::Status status = CheckSchema(connection, Migrations());
  if (status.ok()) status = connection.Run(kSettings);
  if (status.ok()) status = Migrate(connection, Migrations());
  if (status.ok()) status = EnsureSecret(connection);
  if (status.ok()) status = connection.Checkpoint();
  return status;
}

// Runs a statement for each key of an account and a name.
template <typename Key>
absl::Status Delete(const std::vector<Key>& keys, SqliteStatement& statement) {
  for (const Key& key : keys) {
    statement.BindText("account", key.account.value);
    statement.BindText("name", key.name);
    if (absl::Status status = statement.Run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// Reads all rows that a statement selects.
template <typename Row, typename Add>
absl::Status LoadAll(SqliteConnection& connection, TaskStatement which,
                     Columns<Row> columns, Add add) {
  SqliteStatement statement(connection, Sql(which));
  while (statement.Next()) add(Read<Row>(columns, statement));
  return statement.Finish();
}

absl::Status LoadSettings(SqliteConnection& connection, State& state) {
  absl::Status status = LoadAll(
      connection, TaskStatement::kLoadGroups, kGroupTable.columns,
      [&](GroupSettings group) { state.groups.emplace(group.group, group); });
  if (!status.ok()) return status;
  status = LoadAll(connection, TaskStatement::kLoadRunners,
                   kRunnerTable.columns, [&](RunnerRecord runner) {
                     state.runners.emplace(runner.runner, runner);
                   });
  if (!status.ok()) return status;
  status = LoadAll(connection, TaskStatement::kLoadRequests,
                   kRequestTable.columns, [&](RequestRecord request) {
                     state.requests.emplace(request.request, request);
                   });
  if (!status.ok()) return status;
  return LoadAll(connection, TaskStatement::kLoadAccounts,
                 kAccountTable.columns, [&](AccountRecord record) {
                   state.accounts.emplace(record.account, record);
                 });
}

absl::Status LoadCounters(SqliteConnection& connection, Counters& counters) {
  SqliteStatement statement(connection, Sql(TaskStatement::kLoadCounter));
  const auto stored = ReadRow(statement, kCounterTable.columns);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return connection.Error(SQLITE_CORRUPT);
  counters = **stored;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteWriter>> SqliteWriter::Open(
    const std::string& path) {
  auto connection = SqliteConnection::Open(path, SqliteMode::kReadWrite);
  if (!connection.ok()) return connection.status();
  if (absl::Status status = Prepare(**connection); !status.ok()) return status;
  (*connection)->WatchFiles();
  return std::unique_ptr<SqliteWriter>(
      new SqliteWriter(*std::move(connection)));
}

SqliteWriter::SqliteWriter(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)),
      begin_(*connection_, "BEGIN IMMEDIATE"),
      commit_(*connection_, "COMMIT"),
      insert_task_(*connection_, Sql(TaskStatement::kInsertTask)),
      insert_state_(*connection_, Sql(TaskStatement::kInsertState)),
      update_state_(*connection_, Sql(TaskStatement::kUpdateState)),
      insert_attempt_(*connection_, Sql(TaskStatement::kInsertAttempt)),
      put_group_(*connection_, Sql(TaskStatement::kPutGroup)),
      delete_group_(*connection_, Sql(TaskStatement::kDeleteGroup)),
      put_runner_(*connection_, Sql(TaskStatement::kPutRunner)),
      delete_runner_(*connection_, Sql(TaskStatement::kDeleteRunner)),
      put_request_(*connection_, Sql(TaskStatement::kPutRequest)),
      delete_request_(*connection_, Sql(TaskStatement::kDeleteRequest)),
      put_account_(*connection_, Sql(TaskStatement::kPutAccount)),
      update_counter_(*connection_, Sql(TaskStatement::kUpdateCounter)),
      select_task_(*connection_, Sql(TaskStatement::kSelectTask)),
      select_payload_(*connection_, Sql(TaskStatement::kSelectPayload)),
      select_ended_(*connection_, Sql(TaskStatement::kSelectEnded)),
      delete_task_(*connection_, Sql(TaskStatement::kDeleteTask)),
      delete_state_(*connection_, Sql(TaskStatement::kDeleteState)),
      delete_attempts_(*connection_, Sql(TaskStatement::kDeleteAttempts)),
      pipelines_(*connection_),
      pipeline_trimmer_(*connection_) {}

absl::StatusOr<State> SqliteWriter::Load() {
  State state;
  absl::Status status = Check();
  if (status.ok()) {
    status = LoadAll(*connection_, TaskStatement::kLoadTasks, kTaskColumns,
                     [&](Task task) {
                       const TaskId id = task.id;
                       state.tasks.emplace(id, std::move(task));
                     });
  }
  if (status.ok()) status = LoadSettings(*connection_, state);
  if (status.ok()) status = LoadCounters(*connection_, state.counters);
  if (!status.ok()) return status;
  return state;
}

absl::Status SqliteWriter::Commit(const Batch& tasks,
                                  const PipelineBatch& pipelines) {
  absl::Status status = begin_.Run();
  if (status.ok()) status = WriteTasks(tasks);
  if (status.ok()) status = WriteChanges(tasks);
  if (status.ok()) status = WriteSettings(tasks);
  if (status.ok()) status = WriteRequests(tasks);
  if (status.ok())
    status = WriteRow(tasks.counters, kCounterTable, update_counter_);
  if (status.ok()) status = pipelines_.Write(pipelines);
  if (status.ok()) status = CommitTransaction();
  return status;
}

// A file that somebody has deleted can be written and synced as before, and is
// gone after a restart.
absl::Status SqliteWriter::CommitTransaction() {
  if (absl::Status status = Check(); !status.ok()) return status;
  return commit_.Run();
}

absl::Status SqliteWriter::Check() { return connection_->files().Check(); }

absl::Status SqliteWriter::CheckIntegrity() {
  auto sound = connection_->Number(
      "SELECT quick_check = 'ok' AS n FROM pragma_quick_check(1)");
  if (!sound.ok()) return sound.status();
  return *sound == 1 ? absl::OkStatus() : connection_->Error(SQLITE_CORRUPT);
}

bool SqliteWriter::MayBeClosed() {
  connection_->Run("ROLLBACK").IgnoreError();  // none may be open
  switch (connection_->files().Look()) {
    case DatabaseFiles::State::kInPlace:
      return true;
    case DatabaseFiles::State::kLogGone:
      return Settle().ok() && connection_->files().ReplaceLog();
    case DatabaseFiles::State::kDatabaseGone:
      // Whoever saves the open file is to find everything in it.
      Settle().IgnoreError();
      return false;
    case DatabaseFiles::State::kLogCut:
    case DatabaseFiles::State::kDatabaseCut:
      return false;
  }
  return false;
}

absl::Status SqliteWriter::Settle() {
  // What is missing in a log that was cut must not get into the database.
  const DatabaseFiles::State files = connection_->files().Look();
  if (files == DatabaseFiles::State::kLogCut ||
      files == DatabaseFiles::State::kDatabaseCut) {
    return Check();
  }
  return connection_->Checkpoint();
}

absl::Status SqliteWriter::WriteTasks(const Batch& batch) {
  absl::Status status = WriteRows(batch.accounts, kAccountTable, put_account_);
  if (status.ok())
    status = WriteRows(batch.new_tasks, kTaskTable, insert_task_);
  if (!status.ok()) return status;
  return WriteRows(batch.ended_attempts, kAttemptTable, insert_attempt_);
}

absl::Status SqliteWriter::WriteChanges(const Batch& batch) {
  absl::flat_hash_set<TaskId> added;
  added.reserve(batch.new_tasks.size());
  for (const NewTask& task : batch.new_tasks) added.insert(task.id);
  for (const ChangedTask& task : batch.changed_tasks) {
    const bool is_new = added.contains(task.id);
    SqliteStatement& write = is_new ? insert_state_ : update_state_;
    absl::Status status = WriteRow(task, kTaskStateTable, write);
    if (!status.ok()) return status;
    if (connection_->changes() != 1) {
      return connection_->Error(SQLITE_CONSTRAINT);
    }
  }
  return absl::OkStatus();
}

absl::Status SqliteWriter::WriteSettings(const Batch& batch) {
  for (const GroupSettings& group : batch.groups) {
    const bool kept = group.paused || group.draining;
    absl::Status status = kept ? WriteRow(group, kGroupTable, put_group_)
                               : Delete<GroupKey>({group.group}, delete_group_);
    if (!status.ok()) return status;
  }
  absl::Status status = WriteRows(batch.runners, kRunnerTable, put_runner_);
  if (!status.ok()) return status;
  return Delete(batch.forgotten_runners, delete_runner_);
}

absl::Status SqliteWriter::WriteRequests(const Batch& batch) {
  absl::Status status = Delete(batch.forgotten_requests, delete_request_);
  if (!status.ok()) return status;
  return WriteRows(batch.requests, kRequestTable, put_request_);
}

absl::StatusOr<std::optional<Task>> SqliteWriter::ReadTask(TaskId id) {
  if (id > kTaskIdMax) return std::nullopt;
  select_task_.Bind("id", static_cast<int64_t>(id));
  return ReadRow(select_task_, kTaskColumns);
}

absl::StatusOr<std::optional<std::string>> SqliteWriter::ReadPayload(
    TaskId id) {
  if (id > kTaskIdMax) return std::nullopt;
  select_payload_.Bind("id", static_cast<int64_t>(id));
  return ReadRow(select_payload_, [](SqliteStatement& row) {
    return std::string(row.Blob("payload"));
  });
}

absl::StatusOr<std::vector<TaskId>> SqliteWriter::EndedTasks(
    absl::Time ended_before, int limit) {
  select_ended_.Bind("ended_before", Microseconds(ended_before));
  select_ended_.Bind("limit", int64_t{limit});
  return ReadRows(select_ended_, [](SqliteStatement& row) {
    return TaskId{static_cast<uint64_t>(row.Integer("id"))};
  });
}

absl::Status SqliteWriter::DeleteTask(TaskId id) {
  for (SqliteStatement* statement :
       {&delete_task_, &delete_state_, &delete_attempts_}) {
    statement->Bind("id", static_cast<int64_t>(id));
    if (absl::Status status = statement->Run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<int> SqliteWriter::Trim(const EndedBefore& ended_before,
                                       int limit) {
  auto ended = EndedTasks(ended_before.tasks, limit);
  if (!ended.ok()) return ended.status();
  auto runs = pipeline_trimmer_.HasWork(ended_before.runs);
  if (!runs.ok()) return runs.status();
  if (ended->empty() && !*runs) return 0;
  absl::Status status = begin_.Run();
  for (TaskId id : *ended) {
    if (status.ok()) status = DeleteTask(id);
  }
  if (!status.ok()) return status;
  const int tasks = static_cast<int>(ended->size());
  auto trimmed = pipeline_trimmer_.Trim(ended_before.runs, limit - tasks);
  if (!trimmed.ok()) return trimmed.status();
  status = CommitTransaction();
  if (!status.ok()) return status;
  return tasks + *trimmed;
}

absl::StatusOr<StoreSpace> SqliteWriter::Space() {
  SqliteStatement select(*connection_, kSelectSpace);
  StoreSpace space;
  if (select.Next()) {
    const int64_t page_bytes = select.Integer("page_size");
    const int64_t pages = select.Integer("page_count");
    const int64_t free = select.Integer("freelist_count");
    const bool can_shrink = select.Integer("auto_vacuum") == kIncremental;
    space = {
        pages * page_bytes, free * page_bytes,
        can_shrink && free > std::max(kFreePagesKept, pages / kFreePartKept)};
  }
  if (absl::Status status = select.Finish(); !status.ok()) return status;
  return space;
}

absl::StatusOr<StoreSpace> SqliteWriter::Shrink() {
  auto space = Space();
  if (!space.ok() || !space->shrinks) return space;
  absl::Status status = begin_.Run();
  if (status.ok()) status = connection_->Run(kVacuum);
  if (status.ok()) status = CommitTransaction();
  if (!status.ok()) return status;
  return Space();
}

absl::StatusOr<std::string> SqliteWriter::Secret() {
  SqliteStatement select(*connection_, Sql(TaskStatement::kLoadSecret));
  const auto stored = ReadRow(select, kSecretTable.columns);
  if (!stored.ok()) return stored.status();
  if (stored->has_value() && (*stored)->secret.size() == kSecretBytes) {
    return (*stored)->secret;
  }
  return connection_->Error(SQLITE_CORRUPT);
}

}  // namespace holdline
