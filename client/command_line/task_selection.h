// The tasks that a verb is about: those that are named, or those that match.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_TASK_SELECTION_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_TASK_SELECTION_H_

#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "client/command_line/verb/verb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {

// What was typed. An empty member lets every task through.
struct TaskMatch {
  std::string worker_group;
  std::vector<std::string> states;  // each one or several, joined by commas
  std::vector<std::string> labels;  // KEY=VALUE

  bool empty() const {
    return worker_group.empty() && states.empty() && labels.empty();
  }
};

// Adds the options --worker-group, --state and --label.
void DefineMatch(CLI::App& verb, TaskMatch& match);

// Returns the request that lists what matches. INVALID_ARGUMENT, which names
// the option: something typed is no state or no label.
absl::StatusOr<v1::ListTasksRequest> ListRequest(const TaskMatch& match);

// The tasks that match, newest first.
struct TaskList {
  std::vector<v1::Task> tasks;

  // Whether there may be more than were asked for.
  bool more = false;
};

// Lists at most `limit` tasks; 0: all. Errors are the server's.
absl::StatusOr<TaskList> ListTasks(Session& session,
                                   v1::ListTasksRequest request, int limit);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_TASK_SELECTION_H_
