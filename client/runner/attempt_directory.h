// The directory of an attempt's output.

#ifndef HOLDLINE_CLIENT_RUNNER_ATTEMPT_DIRECTORY_H_
#define HOLDLINE_CLIENT_RUNNER_ATTEMPT_DIRECTORY_H_

#include <string>

#include "absl/status/statusor.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// `<log_directory>/<pipelineId>/<component>/<instance>/<attempt>`. Each name is
// made safe: it is one file name, never `.` or `..`, of at most 200 bytes, and
// different names stay different.
std::string AttemptDirectory(const std::string& log_directory,
                             const v1::TaskObject& task);

// The file that a task's `stdout` or `stderr` means: an absolute path as it is,
// a relative one within `directory`, and `otherwise` there if `path` is empty.
// INVALID_ARGUMENT, naming `field`: a relative path with `..`.
absl::StatusOr<std::string> OutputPath(const std::string& directory,
                                       const std::string& field,
                                       const std::string& path,
                                       const std::string& otherwise);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_ATTEMPT_DIRECTORY_H_
