// The TaskObject that a runner receives: made at submission, completed at
// delivery.
//
// A submitted task holds one object that is to be performed, and any number of
// others that accompany it unchanged. What is stored with the task, its
// payload, is a serialized TaskObject in which the performed object stands
// under the id of its instance; the hand-out turns that into the id of the
// attempt (DATAPIPELINE sections 1.4 and 4.3).
//
// A task of a pipeline is an attempt already: its payload is sent to the runner
// unchanged.

#ifndef HOLDLINE_SERVER_QUERIES_TASK_OBJECT_H_
#define HOLDLINE_SERVER_QUERIES_TASK_OBJECT_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/pipeline/definition/definition.h"

namespace holdline {

// Returns the public name of a task, such as `task-42`: unique in its account.
std::string TaskName(TaskNumber number);
std::string TaskName(TaskId id);

// Returns the task number of a name, or NOT_FOUND.
absl::StatusOr<TaskNumber> ParseTaskName(absl::string_view name);

// The type and payload that the broker stores of a task.
struct TaskContent {
  std::string type;
  std::string payload;
};

// Returns the content of a submitted task. Its fields must be within their
// limits already. `path` names the task in errors, such as `tasks[0]`. Takes
// `task` apart: what is long in it is not copied.
//
// INVALID_ARGUMENT: neither or both of `type` and `task_object` are given, a
// field does not have exactly one value that is not empty, the task object does
// not name the object to be performed or that has no type, that lacks a field
// which its type requires (required_fields.h), or the payload would have more
// than `payload_max` bytes.
absl::StatusOr<TaskContent> MakeTaskContent(v1::NewTask&& task,
                                            absl::string_view path,
                                            absl::Time scheduled_start,
                                            size_t payload_max);

// Returns the payload of a task of a pipeline. The first of `objects`, at least
// one, is the attempt; all are stored as they are.
std::string EncodeTaskObject(const std::string& pipeline_id,
                             absl::Span<const PipelineObject> objects);

// Fills `object`, which must be empty, with the present attempt of `task`. The
// task id is left to those who hold a lease. DATA_LOSS if `payload` is not one.
absl::Status FillTaskObject(absl::string_view payload, const Task& task,
                            v1::TaskObject* object);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_TASK_OBJECT_H_
