// The filter of tasks, shared by all stores.

#ifndef HOLDLINE_SERVER_STORE_TASK_FILTER_H_
#define HOLDLINE_SERVER_STORE_TASK_FILTER_H_

#include "server/broker/task.h"
#include "server/store/archive.h"

namespace holdline {

// The most tasks that are examined for one page, those that the filter rejects
// included.
inline constexpr int kTasksExaminedMax = 5000;

// Whether a task matches `filter`, of which `before` is ignored.
bool Matches(const TaskFilter& filter, const Task& task);

// Whether `filter` can match only tasks that have not ended.
bool OnlyLive(const TaskFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TASK_FILTER_H_
