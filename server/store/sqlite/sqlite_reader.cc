#include "server/store/sqlite/sqlite_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/sqlite/sqlite_columns.h"
#include "server/store/sqlite/sqlite_rows.h"
#include "server/store/task_filter.h"

namespace holdline {
namespace {

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
    Task task = ReadTask(rows);
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
      select_account_(*connection_, absl::StrCat(kSelectAccounts,
                                                 "WHERE account = :account")),
      select_task_(*connection_, absl::StrCat(kSelectTask, "WHERE id = :id")),
      select_payload_(*connection_, "SELECT payload FROM task WHERE id = :id"),
      select_attempts_(*connection_, kSelectAttempts),
      list_all_(*connection_, absl::StrCat(kSelectTask,
                                           "WHERE id >= :from AND "
                                           "id < :before "
                                           "ORDER BY id DESC")),
      list_live_(*connection_, absl::StrCat(kSelectTask,
                                            "WHERE ended_at = :live AND "
                                            "id >= :from AND id < :before "
                                            "ORDER BY id DESC")),
      pipelines_(*connection_) {}

absl::StatusOr<std::optional<AccountRecord>> SqliteReader::FindAccount(
    const AccountId& account) {
  select_account_.BindText("account", account.value);
  std::optional<AccountRecord> record;
  if (select_account_.Next()) record = ReadAccount(select_account_);
  absl::Status status = select_account_.Finish();
  if (!status.ok()) return status;
  return record;
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
  std::optional<TaskHistory> history;
  select_task_.Bind("id", Number(id));
  if (select_task_.Next()) history.emplace().task = ReadTask(select_task_);
  absl::Status status = select_task_.Finish();
  if (!status.ok()) return status;
  if (!history) return std::nullopt;
  select_payload_.Bind("id", Number(id));
  if (select_payload_.Next()) {
    history->payload = std::string(select_payload_.Blob("payload"));
  }
  status = select_payload_.Finish();
  if (!status.ok()) return status;
  select_attempts_.Bind("task", Number(id));
  while (select_attempts_.Next()) {
    history->ended_attempts.push_back(ReadAttempt(select_attempts_));
  }
  status = select_attempts_.Finish();
  if (!status.ok()) return status;
  return history;
}

absl::StatusOr<TaskPage> SqliteReader::List(const TaskFilter& filter) {
  // The live are few among many ended, and have an index.
  const bool live = OnlyLive(filter);
  SqliteStatement& rows = live ? list_live_ : list_all_;
  if (live) rows.Bind("live", Microseconds(absl::InfiniteFuture()));
  rows.Bind("from", Number(std::min(filter.from, kTaskIdMax)));
  rows.Bind("before", Number(std::min(filter.before, kTaskIdMax)));
  TaskPage page = ReadPage(filter, rows);
  if (absl::Status status = rows.Finish(); !status.ok()) return status;
  return page;
}

}  // namespace holdline
