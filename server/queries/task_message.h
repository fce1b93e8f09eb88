// Turns tasks into the messages that tell of them.

#ifndef HOLDLINE_SERVER_QUERIES_TASK_MESSAGE_H_
#define HOLDLINE_SERVER_QUERIES_TASK_MESSAGE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/broker/batch.h"
#include "server/broker/task.h"
#include "server/queries/history.h"

namespace holdline {

// Fills `message`, which must be empty, with what the task itself says: its
// objects are left out, and of its attempts only the present or last one is
// there. `now` tells the delayed from the ready.
void FillTask(const Task& task, absl::Time now, v1::Task* message);

// Fills `message`, which must be empty, with a task as it is in `task`, and
// with its earlier attempts and objects as `history` has them. DATA_LOSS if the
// objects cannot be read.
absl::Status FillTaskWithHistory(const Task& task, const TaskHistory& history,
                                 absl::Time now, v1::Task* message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_TASK_MESSAGE_H_
