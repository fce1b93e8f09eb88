// Tasks that stand in a file.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_TASK_FILE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_TASK_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {

// Reads the JSON of one task (`NewTask` of task_queue.proto), of a list of
// them, or of a whole `SubmitTasksRequest`. INVALID_ARGUMENT: it is none of
// these, or holds no task; the message says where.
absl::StatusOr<v1::SubmitTasksRequest> ParseTasks(const std::string& json);

// Likewise from the file, or from standard input if `path` is `-`.
absl::StatusOr<v1::SubmitTasksRequest> ReadTaskFile(const std::string& path);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_TASK_FILE_H_
