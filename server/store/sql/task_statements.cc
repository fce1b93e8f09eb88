#include "server/store/sql/task_statements.h"

#include "absl/strings/str_cat.h"
#include "server/store/sql/live.h"
#include "server/store/sql/statement_text.h"
#include "server/store/sql/task_tables.h"

namespace holdline {
namespace {

template <typename Row>
std::string SelectFrom(const Table<Row>& table) {
  return SelectRows(TableShape(table));
}

// A state whose task is missing has NULL for what that says.
std::string SelectTasks(absl::string_view conditions) {
  return absl::StrCat(
      "SELECT ", ColumnList(TableShape(Table<Task>{"", kTaskColumns, 1})),
      " FROM task_state LEFT JOIN task USING (id) WHERE ", conditions);
}

// Those that store a row.
std::string Store(TaskStatement statement, const Dialect& dialect) {
  switch (statement) {
    case TaskStatement::kInsertTask:
      return InsertRow(TableShape(kTaskTable), dialect);
    case TaskStatement::kInsertState:
      return InsertRow(TableShape(kTaskStateTable), dialect);
    case TaskStatement::kUpdateState:
      return UpdateRow(TableShape(kTaskStateTable), dialect);
    case TaskStatement::kInsertAttempt:
      return InsertRow(TableShape(kAttemptTable), dialect);
    case TaskStatement::kPutGroup:
      return ReplaceRow(TableShape(kGroupTable), dialect);
    case TaskStatement::kPutRunner:
      return ReplaceRow(TableShape(kRunnerTable), dialect);
    case TaskStatement::kPutRequest:
      return ReplaceRow(TableShape(kRequestTable), dialect);
    case TaskStatement::kPutAccount:
      return ReplaceRow(TableShape(kAccountTable), dialect);
    case TaskStatement::kUpdateCounter:
      return UpdateRow(TableShape(kCounterTable), dialect);
    case TaskStatement::kInsertSecret:
      return absl::StrCat("INSERT INTO secret (secret) SELECT ",
                          dialect.Parameter(1),
                          " WHERE NOT EXISTS (SELECT 1 FROM secret)");
    default:
      return {};
  }
}

// Those that are written by hand, with named parameters.
std::string ByHand(TaskStatement statement, const Dialect& dialect) {
  switch (statement) {
    case TaskStatement::kDeleteGroup:
      return "DELETE FROM worker_group WHERE account = :account AND "
             "name = :name";
    case TaskStatement::kDeleteRunner:
      return "DELETE FROM runner WHERE account = :account AND name = :name";
    case TaskStatement::kDeleteRequest:
      return "DELETE FROM request WHERE account = :account AND name = :name";
    case TaskStatement::kDeleteTask:
      return "DELETE FROM task WHERE id = :id";
    case TaskStatement::kDeleteState:
      return "DELETE FROM task_state WHERE id = :id";
    case TaskStatement::kDeleteAttempts:
      return "DELETE FROM attempt WHERE task = :id";
    case TaskStatement::kSelectTask:
      return SelectTasks("id = :id");
    case TaskStatement::kSelectPayload:
      return "SELECT payload FROM task WHERE id = :id";
    case TaskStatement::kSelectAttempts:
      return absl::StrCat(SelectFrom(kAttemptTable),
                          "WHERE task = :id ORDER BY ", dialect.row_number);
    case TaskStatement::kSelectAccount:
      return absl::StrCat(SelectFrom(kAccountTable),
                          "WHERE account = :account");
    case TaskStatement::kLoadTasks:
      return SelectTasks(absl::StrCat("ended_at = ", kNotEnded));
    case TaskStatement::kLoadGroups:
      return SelectFrom(kGroupTable);
    case TaskStatement::kLoadRunners:
      return SelectFrom(kRunnerTable);
    case TaskStatement::kLoadRequests:
      return SelectFrom(kRequestTable);
    case TaskStatement::kLoadAccounts:
      return SelectFrom(kAccountTable);
    case TaskStatement::kLoadCounter:
      return SelectFrom(kCounterTable);
    case TaskStatement::kLoadSecret:
      return SelectFrom(kSecretTable);
    case TaskStatement::kSelectEnded:
      return "SELECT id FROM task_state WHERE ended_at < :ended_before "
             "ORDER BY ended_at LIMIT :limit";
    case TaskStatement::kListTasks:
      return SelectTasks("id >= :from AND id < :before ORDER BY id DESC");
    case TaskStatement::kListLiveTasks:
      return SelectTasks(absl::StrCat("ended_at = ", kNotEnded,
                                      " AND id >= :from AND id < :before "
                                      "ORDER BY id DESC"));
    default:
      return {};
  }
}

}  // namespace

std::string TextOf(TaskStatement statement, const Dialect& dialect) {
  const std::string text = Store(statement, dialect);
  if (!text.empty()) return text;
  return dialect.NumberParameters(ByHand(statement, dialect));
}

}  // namespace holdline
