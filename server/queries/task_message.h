// Conversion of tasks to protobuf messages.

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

// Fills `message`, which must be empty, from the task alone: without its
// objects, and with its present or last attempt only. `now` separates delayed
// from ready.
void FillTask(const Task& task, absl::Time now, v1::Task* message);

// Fills `message`, which must be empty, from `task`, with earlier attempts and
// objects from `history`. DATA_LOSS if the objects cannot be read.
absl::Status FillTaskWithHistory(const Task& task, const TaskHistory& history,
                                 absl::Time now, v1::Task* message);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_TASK_MESSAGE_H_
