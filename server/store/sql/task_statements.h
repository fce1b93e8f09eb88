// The statements on tasks and on what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_TASK_STATEMENTS_H_
#define HOLDLINE_SERVER_STORE_SQL_TASK_STATEMENTS_H_

#include <string>

#include "server/store/sql/dialect.h"

namespace holdline {

// Statements that store a row have the columns of its table as parameters;
// statements that select rows return these columns. All other parameters and
// columns are named below.
enum class TaskStatement {
  // Statements that store one row.
  kInsertTask,
  kInsertState,
  kUpdateState,
  kInsertAttempt,
  kPutGroup,
  kPutRunner,
  kPutRequest,
  kPutAccount,
  kUpdateCounter,
  kInsertSecret,  // no effect if there is one

  // Deletions by :account and :name.
  kDeleteGroup,
  kDeleteRunner,
  kDeleteRequest,

  // Rows of the task :id.
  kDeleteTask,
  kDeleteState,
  kDeleteAttempts,
  kSelectTask,      // kTaskColumns
  kSelectPayload,   // payload
  kSelectAttempts,  // oldest first

  kSelectAccount,  // by :account

  // All rows; of tasks, those that have not ended.
  kLoadTasks,
  kLoadGroups,
  kLoadRunners,
  kLoadRequests,
  kLoadAccounts,
  kLoadCounter,
  kLoadSecret,

  // The id of at most :limit tasks that ended before :ended_before.
  kSelectEnded,

  // kTaskColumns of the tasks from :from to before :before, newest first; the
  // second, only of those that have not ended.
  kListTasks,
  kListLiveTasks,
};

inline constexpr auto kLastTaskStatement = TaskStatement::kListLiveTasks;

std::string TextOf(TaskStatement statement, const Dialect& dialect);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_TASK_STATEMENTS_H_
