// A task with what the broker itself does not keep of it.

#ifndef HOLDLINE_SERVER_BROKER_TASK_HISTORY_H_
#define HOLDLINE_SERVER_BROKER_TASK_HISTORY_H_

#include <string>
#include <vector>

#include "server/broker/batch.h"
#include "server/broker/task.h"

namespace holdline {

// What is only told to those who ask.
struct TaskHistory {
  Task task;
  std::string payload;

  // The attempts that failed, oldest first.
  std::vector<EndedAttempt> ended_attempts;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_TASK_HISTORY_H_
