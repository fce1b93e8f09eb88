// The rows of a store in memory, which its diary and its archives share.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ROWS_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ROWS_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/store/memory/memory_pipelines.h"
#include "server/store/memory/memory_tasks.h"

namespace holdline {

struct MemoryRows {
  absl::Mutex mutex;
  MemoryTasks tasks ABSL_GUARDED_BY(mutex);
  MemoryPipelines pipelines ABSL_GUARDED_BY(mutex);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ROWS_H_
