// The filter of tasks: one rule for every store.

#ifndef HOLDLINE_SERVER_STORE_TASK_FILTER_H_
#define HOLDLINE_SERVER_STORE_TASK_FILTER_H_

#include "server/broker/task.h"
#include "server/store/archive.h"

namespace holdline {

// The most tasks that one page looks at, those that the filter rejects
// included.
inline constexpr int kTasksExaminedMax = 5000;

// Whether `filter` lets a task through. Does not look at `before`.
bool Matches(const TaskFilter& filter, const Task& task);

// Whether `filter` lets only tasks through that have not ended.
bool OnlyLive(const TaskFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TASK_FILTER_H_
