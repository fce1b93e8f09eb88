// The text form of tasks, for people.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_TASK_TEXT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_TASK_TEXT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {

// Whether the state is final.
bool IsFinal(v1::Task::State state);

// One line without a line feed: `task-42 FAILED 3 s ago: ExitCode, exit code
// 1`.
std::string TaskSentence(const v1::Task& task, absl::Time now);

// Returns all details of a task, in several lines.
std::string TaskText(const v1::Task& task, absl::Time now);

// A line for each task, under headings; if `wide`, with priority, fairness key
// and labels.
std::string TaskTable(const std::vector<v1::Task>& tasks, absl::Time now,
                      bool wide = false);

// The task that a poll has returned, in several lines.
std::string TaskObjectText(const v1::TaskObject& task);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_TASK_TEXT_H_
