// The tables of tasks and of what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_TASK_TABLES_H_
#define HOLDLINE_SERVER_STORE_SQL_TASK_TABLES_H_

#include <cstdint>
#include <string>

#include "server/broker/account_record.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/update.h"
#include "server/store/sql/table.h"

namespace holdline {

// The largest id that a database can hold.
inline constexpr TaskId kTaskIdMax{INT64_MAX};

// The secret of the store (Diary::Secret): one row.
struct StoredSecret {
  std::string secret;
};

extern const Table<NewTask> kTaskTable;
extern const Table<ChangedTask> kTaskStateTable;
extern const Table<EndedAttempt> kAttemptTable;
extern const Table<GroupSettings> kGroupTable;
extern const Table<RunnerRecord> kRunnerTable;
extern const Table<RequestRecord> kRequestTable;
extern const Table<AccountRecord> kAccountTable;

// One row.
extern const Table<Counters> kCounterTable;
extern const Table<StoredSecret> kSecretTable;

// The columns of kTaskTable and kTaskStateTable together, without the payload.
extern const Columns<Task> kTaskColumns;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_TASK_TABLES_H_
