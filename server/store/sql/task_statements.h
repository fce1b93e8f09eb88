// The statements on tasks and on what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_TASK_STATEMENTS_H_
#define HOLDLINE_SERVER_STORE_SQL_TASK_STATEMENTS_H_

#include <string>

#include "server/store/sql/dialect.h"

namespace holdline {

// Those that store a row have the columns of its table as their parameters;
// those that select rows return these columns. Any others are named.
enum class TaskStatement {
  // Of one row.
  kInsertTask,
  kInsertState,
  kUpdateState,
  kInsertAttempt,
  kPutGroup,
  kPutRunner,
  kPutRequest,
  kPutAccount,
  kUpdateCounter,
  kInsertSecret,  // without effect if there is one

  // By :account and :name.
  kDeleteGroup,
  kDeleteRunner,
  kDeleteRequest,

  // Of the task :id.
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
