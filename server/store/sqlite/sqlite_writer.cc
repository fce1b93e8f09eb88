#include "server/store/sqlite/sqlite_writer.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/store/new_secret.h"
#include "server/store/sqlite/sqlite_columns.h"
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

constexpr char kInsertSecret[] =
    "INSERT INTO secret (secret) SELECT :secret "
    "WHERE NOT EXISTS (SELECT 1 FROM secret)";

// Gives the database its secret if it has none yet.
absl::Status EnsureSecret(SqliteConnection& connection) {
  const std::string secret = NewSecret();
  SqliteStatement insert(connection, kInsertSecret);
  insert.BindBlob("secret", secret);
  return insert.Run();
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

// Writes one row for each of `values`.
template <typename Values, typename Bind>
absl::Status Write(const Values& values, Bind bind,
                   SqliteStatement& statement) {
  for (const auto& value : values) {
    bind(value, statement);
    if (absl::Status status = statement.Run(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

template <typename Key>
void BindKey(const Key& key, SqliteStatement& statement) {
  statement.BindText("account", key.account.value);
  statement.BindText("name", key.name);
}

// Reads all rows of `sql` with `read`.
template <typename Read, typename Add>
absl::Status ReadAll(SqliteConnection& connection, absl::string_view sql,
                     Read read, Add add) {
  SqliteStatement statement(connection, sql);
  while (statement.Next()) add(read(statement));
  return statement.Finish();
}

absl::Status LoadTasks(SqliteConnection& connection, State& state) {
  SqliteStatement statement(
      connection, absl::StrCat(kSelectTask, "WHERE ended_at = :live"));
  statement.Bind("live", Microseconds(absl::InfiniteFuture()));
  while (statement.Next()) {
    Task task = ReadTask(statement);
    state.tasks.emplace(task.id, std::move(task));
  }
  return statement.Finish();
}

absl::Status LoadSettings(SqliteConnection& connection, State& state) {
  absl::Status status = ReadAll(
      connection, kSelectGroups, ReadGroup,
      [&](GroupSettings group) { state.groups.emplace(group.group, group); });
  if (!status.ok()) return status;
  status =
      ReadAll(connection, kSelectRunners, ReadRunner, [&](RunnerRecord runner) {
        state.runners.emplace(runner.runner, runner);
      });
  if (!status.ok()) return status;
  status = ReadAll(connection, kSelectRequests, ReadRequest,
                   [&](RequestRecord request) {
                     state.requests.emplace(request.request, request);
                   });
  if (!status.ok()) return status;
  return ReadAll(connection, kSelectAccounts, ReadAccount,
                 [&](AccountRecord record) {
                   state.accounts.emplace(record.account, record);
                 });
}

absl::Status LoadCounters(SqliteConnection& connection, Counters& counters) {
  auto lease = connection.Number("SELECT max(next_lease) AS n FROM counter");
  if (!lease.ok()) return lease.status();
  counters.next_lease = LeaseId{static_cast<uint64_t>(*lease)};
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
      insert_task_(*connection_, kInsertTask),
      insert_state_(*connection_, kInsertState),
      update_state_(*connection_, kUpdateState),
      insert_attempt_(*connection_, kInsertAttempt),
      put_group_(*connection_, kPutGroup),
      delete_group_(*connection_,
                    "DELETE FROM worker_group "
                    "WHERE account = :account AND name = :name"),
      put_runner_(*connection_, kPutRunner),
      delete_runner_(
          *connection_,
          "DELETE FROM runner WHERE account = :account AND name = :name"),
      put_request_(*connection_, kPutRequest),
      delete_request_(
          *connection_,
          "DELETE FROM request WHERE account = :account AND name = :name"),
      put_account_(*connection_, kPutAccount),
      update_counters_(*connection_,
                       "UPDATE counter SET next_lease = :next_lease"),
      select_task_(*connection_, absl::StrCat(kSelectTask, "WHERE id = :id")),
      select_payload_(*connection_, "SELECT payload FROM task WHERE id = :id"),
      select_ended_(*connection_,
                    "SELECT id FROM task_state WHERE ended_at < :ended_before "
                    "ORDER BY ended_at LIMIT :limit"),
      delete_task_(*connection_, "DELETE FROM task WHERE id = :id"),
      delete_state_(*connection_, "DELETE FROM task_state WHERE id = :id"),
      delete_attempts_(*connection_, "DELETE FROM attempt WHERE task = :id"),
      pipelines_(*connection_),
      pipeline_trimmer_(*connection_) {}

absl::StatusOr<State> SqliteWriter::Load() {
  State state;
  absl::Status status = Check();
  if (status.ok()) status = LoadTasks(*connection_, state);
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
  if (status.ok()) status = WriteCounters(tasks.counters);
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
  absl::Status status = Write(batch.accounts, BindAccount, put_account_);
  if (status.ok()) status = Write(batch.new_tasks, BindTask, insert_task_);
  if (!status.ok()) return status;
  return Write(batch.ended_attempts, BindAttempt, insert_attempt_);
}

absl::Status SqliteWriter::WriteChanges(const Batch& batch) {
  absl::flat_hash_set<TaskId> added;
  added.reserve(batch.new_tasks.size());
  for (const NewTask& task : batch.new_tasks) added.insert(task.id);
  for (const ChangedTask& task : batch.changed_tasks) {
    const bool is_new = added.contains(task.id);
    SqliteStatement& write = is_new ? insert_state_ : update_state_;
    BindState(task, write);
    if (absl::Status status = write.Run(); !status.ok()) return status;
    if (connection_->changes() != 1) {
      return connection_->Error(SQLITE_CONSTRAINT);
    }
  }
  return absl::OkStatus();
}

absl::Status SqliteWriter::WriteSettings(const Batch& batch) {
  for (const GroupSettings& group : batch.groups) {
    const bool kept = group.paused || group.draining;
    SqliteStatement& write = kept ? put_group_ : delete_group_;
    kept ? BindGroup(group, write) : BindKey(group.group, write);
    if (absl::Status status = write.Run(); !status.ok()) return status;
  }
  absl::Status status = Write(batch.runners, BindRunner, put_runner_);
  if (!status.ok()) return status;
  return Write(batch.forgotten_runners, BindKey<RunnerKey>, delete_runner_);
}

absl::Status SqliteWriter::WriteRequests(const Batch& batch) {
  absl::Status status =
      Write(batch.forgotten_requests, BindKey<RequestKey>, delete_request_);
  if (!status.ok()) return status;
  return Write(batch.requests, BindRequest, put_request_);
}

absl::Status SqliteWriter::WriteCounters(const Counters& counters) {
  update_counters_.Bind("next_lease",
                        static_cast<int64_t>(counters.next_lease));
  return update_counters_.Run();
}

absl::StatusOr<std::optional<Task>> SqliteWriter::ReadTask(TaskId id) {
  if (id > kTaskIdMax) return std::nullopt;
  select_task_.Bind("id", Number(id));
  std::optional<Task> task;
  if (select_task_.Next()) task = holdline::ReadTask(select_task_);
  absl::Status status = select_task_.Finish();
  if (!status.ok()) return status;
  return task;
}

absl::StatusOr<std::optional<std::string>> SqliteWriter::ReadPayload(
    TaskId id) {
  if (id > kTaskIdMax) return std::nullopt;
  select_payload_.Bind("id", Number(id));
  std::optional<std::string> payload;
  if (select_payload_.Next()) payload.emplace(select_payload_.Blob("payload"));
  absl::Status status = select_payload_.Finish();
  if (!status.ok()) return status;
  return payload;
}

absl::StatusOr<std::vector<TaskId>> SqliteWriter::EndedTasks(
    absl::Time ended_before, int limit) {
  select_ended_.Bind("ended_before", Microseconds(ended_before));
  select_ended_.Bind("limit", int64_t{limit});
  std::vector<TaskId> ended;
  while (select_ended_.Next()) {
    ended.push_back(TaskId{static_cast<uint64_t>(select_ended_.Integer("id"))});
  }
  absl::Status status = select_ended_.Finish();
  if (!status.ok()) return status;
  return ended;
}

absl::Status SqliteWriter::DeleteTask(TaskId id) {
  for (SqliteStatement* statement :
       {&delete_task_, &delete_state_, &delete_attempts_}) {
    statement->Bind("id", Number(id));
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
  SqliteStatement select(*connection_, "SELECT secret FROM secret");
  std::string secret;
  if (select.Next()) secret = std::string(select.Blob("secret"));
  if (absl::Status status = select.Finish(); !status.ok()) return status;
  if (secret.size() == kSecretBytes) return secret;
  return connection_->Error(SQLITE_CORRUPT);
}

}  // namespace holdline
