// The tables of pipelines and of what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_PIPELINE_TABLES_H_
#define HOLDLINE_SERVER_STORE_SQL_PIPELINE_TABLES_H_

#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"
#include "server/store/sql/table.h"

namespace holdline {

// A deleted pipeline that still has rows in other tables.
struct Leftover {
  PipelineNumber pipeline{};
};

extern const Table<PipelineRecord> kPipelineTable;
extern const Table<Leftover> kLeftoverTable;
extern const Table<SavedDefinition> kDefinitionTable;
extern const Table<ComponentRecord> kComponentTable;
extern const Table<Instance> kInstanceTable;
extern const Table<Attempt> kInstanceAttemptTable;
extern const Table<Notification> kNotificationTable;

// One row.
extern const Table<PipelineCounters> kPipelineCounterTable;

// The key of kInstanceTable alone: pipeline, start_time, component, owner.
extern const Columns<InstanceKey> kInstanceKeyColumns;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_PIPELINE_TABLES_H_
