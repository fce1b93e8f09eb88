#include "server/store/sqlite/sqlite_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/store/sql/task_statements.h"
#include "server/store/sql/task_tables.h"
#include "server/store/sqlite/sqlite_dialect.h"
#include "server/store/sqlite/sqlite_rows.h"
#include "server/store/task_filter.h"

namespace holdline {
namespace {

std::string Sql(TaskStatement statement) {
  return TextOf(statement, kSqliteDialect);
}

// Fills a page from the rows of a bound statement.
TaskPage ReadPage(const TaskFilter& filter, SqliteStatement& rows) {
  TaskPage page;
  TaskId last{};
  for (int examined = 0; rows.Next(); ++examined) {
    if (examined == kTasksExaminedMax ||
        std::ssize(page.tasks) == filter.limit) {
      page.next_before = last;
      return page;
    }
    Task task = Read(kTaskColumns, rows);
    last = task.id;
    if (Matches(filter, task)) page.tasks.push_back(std::move(task));
  }
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteReader>> SqliteReader::Open(
    const std::string& path) {
  auto connection = SqliteConnection::Open(path, SqliteMode::kReadOnly);
  if (!connection.ok()) return connection.status();
  std::unique_ptr<SqliteReader> reader(
      new SqliteReader(*std::move(connection)));
  // The statements have read the schema.
  reader->connection_->WatchFiles();
  return reader;
}

SqliteReader::SqliteReader(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)),
      begin_(*connection_, "BEGIN"),
      end_(*connection_, "COMMIT"),
      select_account_(*connection_, Sql(TaskStatement::kSelectAccount)),
      select_task_(*connection_, Sql(TaskStatement::kSelectTask)),
      select_payload_(*connection_, Sql(TaskStatement::kSelectPayload)),
      select_attempts_(*connection_, Sql(TaskStatement::kSelectAttempts)),
      list_all_(*connection_, Sql(TaskStatement::kListTasks)),
      list_live_(*connection_, Sql(TaskStatement::kListLiveTasks)),
      pipelines_(*connection_) {}

absl::StatusOr<std::optional<AccountRecord>> SqliteReader::FindAccount(
    const AccountId& account) {
  select_account_.BindText("account", account.value);
  return ReadRow(select_account_, kAccountTable.columns);
}

absl::StatusOr<std::optional<TaskHistory>> SqliteReader::History(
    const AccountId& account, TaskId id) {
  if (id > kTaskIdMax) return std::nullopt;
  // One transaction, so that the parts are of one moment.
  absl::Status status = begin_.Run();
  if (!status.ok()) return status;
  auto history = ReadHistory(id);
  if (!history.ok()) return history.status();
  status = end_.Run();
  if (!status.ok()) return status;
  if (*history && (*history)->task.spec.group.account != account) {
    return std::nullopt;
  }
  return history;
}

absl::StatusOr<std::optional<TaskHistory>> SqliteReader::ReadHistory(
    TaskId id) {
  select_task_.Bind("id", static_cast<int64_t>(id));
  auto task = ReadRow(select_task_, kTaskColumns);
  if (!task.ok()) return task.status();
  if (!task->has_value()) return std::nullopt;
  select_payload_.Bind("id", static_cast<int64_t>(id));
  auto payload = ReadRow(select_payload_, [](SqliteStatement& row) {
    return std::string(row.Blob("payload"));
  });
  if (!payload.ok()) return payload.status();
  select_attempts_.Bind("id", static_cast<int64_t>(id));
  auto attempts = ReadRows(select_attempts_, kAttemptTable.columns);
  if (!attempts.ok()) return attempts.status();
  return TaskHistory{.task = **std::move(task),
                     .payload = (*std::move(payload)).value_or(""),
                     .ended_attempts = *std::move(attempts)};
}

absl::StatusOr<TaskPage> SqliteReader::List(const TaskFilter& filter) {
  // The live are few among many ended, and have an index.
  SqliteStatement& rows = OnlyLive(filter) ? list_live_ : list_all_;
  const auto bind = [&](const char* name, TaskId id) {
    rows.Bind(name, static_cast<int64_t>(std::min(id, kTaskIdMax)));
  };
  bind("from", filter.from);
  bind("before", filter.before);
  TaskPage page = ReadPage(filter, rows);
  if (absl::Status status = rows.Finish(); !status.ok()) return status;
  return page;
}

}  // namespace holdline
